import type {
  HostGroup,
  LinkDirection,
  TopologyHost,
  TopologyLink,
  TopologyReport,
} from '../contract/topology.ts';
import { LOOPBACK } from '../engine/kernel/network.ts';
import type { ProcessState } from '../engine/kernel/process.ts';
import { findPath, type WorldState } from '../engine/kernel/world.ts';
import type { Lab } from '../engine/lab/lab.ts';
import { CENTRAL_CONTROLLER_HOST, gatewayNode, SIDES } from '../engine/lab/nodes.ts';
import { stateOfProcess } from './node-report.ts';

const GROUP_OF_KIND: Readonly<Record<string, HostGroup>> = {
  switch: 'site',
  't-server': 'site',
  icon: 'icon',
  rdbms: 'icon',
};

export function reportTopology(lab: Lab): TopologyReport {
  const { world } = lab.simulation;
  const networks = [...world.networks.values()].filter(({ name }) => name !== LOOPBACK.name);
  return {
    hosts: [...world.hosts.values()].map(({ name, up }) => hostOf(lab, name, up)),
    links: linksOf(lab),
    networks: networks.map(({ name, delayUs, jitterUs, bandwidthBitsPerSecond, lossRate }) => {
      return { name, delayUs, jitterUs, bandwidthBitsPerSecond, lossRate };
    }),
  };
}

function hostOf(lab: Lab, name: string, isUp: boolean): TopologyHost {
  const all = [...lab.simulation.world.processes.values()];
  const processes = all.filter(({ host }) => host === name);
  const { definition } = lab;
  const side = SIDES.find((one) => {
    const gateways = definition.sites.map((site) => gatewayNode(site, one));
    return [CENTRAL_CONTROLLER_HOST[one], ...gateways].includes(name);
  });
  return {
    name,
    isUp,
    group: groupOf(processes, name, side !== undefined),
    side: side ?? null,
    processes: processes.map((process) => ({
      name: process.name,
      kind: process.kind,
      state: stateOfProcess(process),
      isSupervised: process.supervisor !== '',
    })),
  };
}

function groupOf(processes: readonly ProcessState[], host: string, isOfSide: boolean): HostGroup {
  if (Object.values(CENTRAL_CONTROLLER_HOST).includes(host)) return 'controller';
  if (isOfSide) return 'gateway';
  const [group] = processes.flatMap(({ kind }) => GROUP_OF_KIND[kind] ?? []);
  return group ?? 'server';
}

/** Between whom there are sessions, private links, and paths that are not as they should be. */
function linksOf(lab: Lab): TopologyLink[] {
  const { world } = lab.simulation;
  const found = new Map<string, { sessions: number; sentBytes: number }>();
  const at = (network: string, one: string, other: string) => {
    const key = [network, ...[one, other].toSorted()].join(' ');
    const known = found.get(key) ?? { sessions: 0, sentBytes: 0 };
    found.set(key, known);
    return known;
  };
  const pairs = [
    CENTRAL_CONTROLLER_HOST,
    ...lab.definition.sites.map((site) => ({
      A: gatewayNode(site, 'A'),
      B: gatewayNode(site, 'B'),
    })),
  ];
  for (const { A, B } of pairs) at('private', A, B);
  for (const { network, ends, sentBytes } of world.sessions.values()) {
    const [one, other] = ends;
    if (one.host === other.host || !(one.open && other.open)) continue;
    const link = at(network, one.host, other.host);
    link.sessions++;
    link.sentBytes += sentBytes;
  }
  for (const { cut, from, network, to } of world.paths.values()) {
    if (cut || isChanged(world, network, from, to)) at(network, from, to);
  }
  return [...found].map(([key, counted]): TopologyLink => {
    const [network, one, other] = key.split(' ');
    const directions = [
      directionOf(world, network, one, other),
      directionOf(world, network, other, one),
    ] as const;
    return { network, ends: [one, other], directions, ...counted };
  });
}

/** A path that nothing has gone over yet is as its network. */
function directionOf(world: WorldState, network: string, from: string, to: string): LinkDirection {
  const normal = world.networks.get(network)!;
  const path = findPath(world, network, from, to);
  const { bandwidthBitsPerSecond, delayUs, jitterUs, lossRate } = path ?? normal;
  return {
    isCut: path?.cut ?? false,
    isChanged: isChanged(world, network, from, to),
    delayUs,
    jitterUs,
    bandwidthBitsPerSecond,
    lossRate,
  };
}

function isChanged(world: WorldState, network: string, from: string, to: string): boolean {
  const normal = world.networks.get(network)!;
  const path = findPath(world, network, from, to);
  return (
    path !== undefined &&
    (path.delayUs !== normal.delayUs ||
      path.jitterUs !== normal.jitterUs ||
      path.lossRate !== normal.lossRate ||
      path.bandwidthBitsPerSecond !== normal.bandwidthBitsPerSecond)
  );
}
