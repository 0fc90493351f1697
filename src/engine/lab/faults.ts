import type { MdsState } from '../icm/mds/mds-state.ts';
import { ROUTER_CLIENTS, type RouterClientName } from '../icm/messages.ts';
import type { NodeManagerConfig } from '../icm/node-manager/node-manager.ts';
import { shortName } from '../icm/registry/catalogue.ts';
import { nodeManagerKey } from '../icm/registry/keys.ts';
import type { PathState } from '../kernel/network.ts';
import type { ProcessState } from '../kernel/process.ts';
import { readRegistry } from '../kernel/registry.ts';
import type { WorldState } from '../kernel/world.ts';
import type { TServerState } from '../telephony/t-server/t-server-state.ts';
import { managerManagerOf, managerOf } from './nodes.ts';

/** A fault that someone switched on, read from the world itself. */
export type Fault = {
  readonly kind:
    | 'cut'
    | 'changed link'
    | 'stopped process'
    | 'stopped service'
    | 'hung process'
    | 'distorted events'
    | 'damaged record'
    | 'host down';
  readonly where: string;
  readonly text: string;
  /** Of a synchronizer, whose record is damaged. */
  readonly client?: RouterClientName;
};

export function findFaults(world: WorldState, customer: string): Fault[] {
  const faults: Fault[] = [];
  for (const host of world.hosts.values()) {
    if (!host.up) faults.push({ kind: 'host down', where: host.name, text: 'host has no power' });
  }
  for (const process of world.processes.values()) {
    const fault = processFault(world, customer, process);
    if (fault) faults.push(fault);
    faults.push(...eventFaults(process), ...recordFaults(process));
  }
  for (const path of world.paths.values()) {
    const where = `${path.network} ${path.from} > ${path.to}`;
    if (path.cut) faults.push({ kind: 'cut', where, text: 'link is cut' });
    const text = qualityFault(world, path);
    if (text !== '') faults.push({ kind: 'changed link', where, text });
  }
  return faults;
}

function processFault(
  world: WorldState,
  customer: string,
  { name, kind, host, running, hung, incarnation, supervisor }: ProcessState,
): Fault | undefined {
  if (hung) return { kind: 'hung process', where: name, text: 'process hangs' };
  if (running || incarnation === 0 || !world.hosts.get(host)!.up) return undefined;
  const node = name.slice(0, name.lastIndexOf('-'));
  const isDown = (process: string) => world.processes.get(process)?.running === false;
  // A stopped service is one fault, however many processes it has.
  if (isDown(managerManagerOf(node)) && isDown(managerOf(node))) {
    if (kind !== 'nmm') return undefined;
    return { kind: 'stopped service', where: node, text: 'service is stopped' };
  }
  const manager = world.processes.get(supervisor);
  const { component } = (manager?.config ?? {}) as Partial<NodeManagerConfig>;
  const key = nodeManagerKey(customer, component ?? '');
  const disabled = `${key}\\${shortName(node, name)}\\ProcDisabled`;
  const isLeft = !manager?.running || readRegistry(world.hosts.get(host)!.registry, disabled) === 1;
  const text = isLeft ? 'process is stopped' : 'process has ended, its manager starts it again';
  return { kind: 'stopped process', where: name, text };
}

/** TEvents that are lost, or lack an attribute, until so many have been. */
function eventFaults({ kind, name, state }: ProcessState): Fault[] {
  if (kind !== 't-server' || !state) return [];
  return (state as TServerState).distortions.map(({ event, omit, left }) => {
    const what = omit === '' ? 'is not distributed' : `lacks ${omit}`;
    const text = `the next ${left} ${event}: it ${what}`;
    return { kind: 'distorted events', where: name, text } as const;
  });
}

/** State records that will be damaged on their way. */
function recordFaults({ kind, name, state }: ProcessState): Fault[] {
  if (kind !== 'mds' || !state) return [];
  return ROUTER_CLIENTS.filter((client) => (state as MdsState).corruptNext.has(client)).map(
    (client) => {
      const text = `damages the next state record of ${client} that it passes on`;
      return { kind: 'damaged record', where: name, text, client };
    },
  );
}

function qualityFault(world: WorldState, path: PathState): string {
  const normal = world.networks.get(path.network)!;
  const parts: string[] = [];
  if (path.delayUs !== normal.delayUs) parts.push(`delay ${path.delayUs / 1000} ms`);
  if (path.jitterUs !== normal.jitterUs) parts.push(`jitter ${path.jitterUs / 1000} ms`);
  if (path.lossRate !== normal.lossRate) parts.push(`loss ${path.lossRate * 100} %`);
  if (path.bandwidthBitsPerSecond !== normal.bandwidthBitsPerSecond) {
    parts.push(`bandwidth ${path.bandwidthBitsPerSecond / 1e6} Mbit/s`);
  }
  return parts.join(', ');
}
