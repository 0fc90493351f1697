import type { GatewayStatus, LogEntry, NodeInfo, ProcessInfo } from '../contract/rpc.ts';
import type { MdsState } from '../engine/icm/mds/mds-state.ts';
import type { Side } from '../engine/icm/messages.ts';
import type { NodeManagerConfig } from '../engine/icm/node-manager/node-manager.ts';
import type { PgAgentState } from '../engine/icm/peripheral-gateway/pg-agent.ts';
import { STATE_SIZE_THRESHOLD, stateTransferKey } from '../engine/icm/registry/keys.ts';
import type { ProcessState } from '../engine/kernel/process.ts';
import { readRegistry } from '../engine/kernel/registry.ts';
import type { Lab } from '../engine/lab/lab.ts';
import { CENTRAL_CONTROLLER_HOST, gatewayNode, managerManagerOf } from '../engine/lab/nodes.ts';
import type { JournalStore } from './journal/journal-store.ts';

function describeProcess(process: ProcessState): ProcessInfo {
  const { name, incarnation: starts, startedUs } = process;
  return { name, state: stateOfProcess(process), startedUs, starts };
}

export function stateOfProcess({ hung, incarnation, running }: ProcessState): ProcessInfo['state'] {
  if (hung) return 'hung';
  if (running) return 'running';
  return incarnation > 0 ? 'stopped' : 'not started';
}

/** Every ICM node with its processes, its Node Manager's own two first. */
export function reportNodes(lab: Lab): NodeInfo[] {
  const { world } = lab.simulation;
  const managers = [...world.processes.values()].filter(({ kind }) => kind === 'nm');
  return managers.map((manager) => {
    const { node, title, processes } = manager.config as NodeManagerConfig;
    const names = [managerManagerOf(node), manager.name, ...processes.map(({ name }) => name)];
    const states = names.map((name) => describeProcess(world.processes.get(name)!));
    return { node, title, host: manager.host, processes: states };
  });
}

export function reportGateways(lab: Lab): GatewayStatus[] {
  return lab.definition.sites.map((site) => {
    const node = (side: Side) => gatewayNode(site, side);
    const state = (side: Side): GatewayStatus['sides'][Side] =>
      lab.stateOf<MdsState>(`${node(side)}-mds`)?.state ?? 'down';
    const paths = (['A', 'B'] as const).flatMap((side) => {
      const active = lab.stateOf<PgAgentState>(`${node(side)}-pgag`)?.active;
      return active ? [`${site.peripheralGateway}${side} > side ${active}`] : [];
    });
    const sides = { A: state('A'), B: state('B') };
    return { name: site.peripheralGateway, sides, activePath: paths.join(', ') };
  });
}

/** The alarm limit of the state size as side A's registry has it. */
export function reportThreshold({ definition, simulation }: Lab): number {
  const { customer, stateSizeThresholdMb } = definition.centralController;
  const { registry } = simulation.world.hosts.get(CENTRAL_CONTROLLER_HOST.A)!;
  const path = `${stateTransferKey(customer, 'A')}\\${STATE_SIZE_THRESHOLD}`;
  const value = Number(readRegistry(registry, path));
  return Number.isFinite(value) ? value : stateSizeThresholdMb;
}

/** The newest log lines, oldest first. */
export function reportLog(
  { logLines }: JournalStore,
  { process, eventsOnly, limit }: { process: string; eventsOnly: boolean; limit: number },
): LogEntry[] {
  const found: LogEntry[] = [];
  for (let at = logLines.length - 1; at >= 0 && found.length < limit; at--) {
    const { cause: seq, ...line } = logLines[at];
    if (process !== '' && line.process !== process) continue;
    if (eventsOnly && line.event === '') continue;
    found.push({ seq, ...line });
  }
  return found.reverse();
}
