import { createDisk, type DiskState } from './disk.ts';
import type { LabEvent } from './events.ts';
import { createPath, LOOPBACK, type NetworkState, type PathState } from './network.ts';
import type { PlainData } from './plain-data.ts';
import type { ProcessState, RegistryValue } from './process.ts';
import type { SessionState } from './session-state.ts';

export interface HostState {
  readonly name: string;
  up: boolean;
  readonly disk: DiskState;
  /** Port to the name of the process that listens on it. */
  readonly listeners: Map<number, string>;
  /** Full path, value name last, to the value. */
  readonly registry: Map<string, RegistryValue>;
}

/** Everything a lab is at one moment. A checkpoint is this value and nothing else. */
export interface WorldState {
  readonly seed: number;
  /** UTC second at which lab time is zero. */
  readonly epochSeconds: number;
  nowUs: number;
  nextSeq: number;
  eventCount: number;
  nextSessionId: number;
  readonly randomStreams: Map<string, Uint32Array>;
  readonly hosts: Map<string, HostState>;
  readonly networks: Map<string, NetworkState>;
  readonly paths: Map<string, PathState>;
  readonly processes: Map<string, ProcessState>;
  readonly sessions: Map<number, SessionState>;
  /** Running hash over every executed event. */
  readonly journalHash: Uint32Array;
  /** Pending events in order; filled only in a checkpoint. */
  pending: LabEvent[];
}

export interface Topology {
  readonly seed: number;
  readonly epochSeconds: number;
  readonly hosts: readonly {
    readonly name: string;
    readonly diskSyncUs: number;
    readonly registry?: readonly (readonly [string, RegistryValue])[];
  }[];
  readonly networks: readonly NetworkState[];
  readonly processes: readonly {
    readonly name: string;
    readonly kind: string;
    readonly host: string;
    readonly config: PlainData;
    readonly supervisor?: string;
  }[];
}

export function createWorld(topology: Topology): WorldState {
  const world: WorldState = {
    seed: topology.seed,
    epochSeconds: topology.epochSeconds,
    nowUs: 0,
    nextSeq: 1,
    eventCount: 0,
    nextSessionId: 1,
    randomStreams: new Map(),
    hosts: new Map(),
    networks: new Map([[LOOPBACK.name, LOOPBACK]]),
    paths: new Map(),
    processes: new Map(),
    sessions: new Map(),
    journalHash: new Uint32Array(4),
    pending: [],
  };
  for (const { name, diskSyncUs, registry = [] } of topology.hosts) {
    const disk = createDisk(diskSyncUs);
    world.hosts.set(name, {
      name,
      up: true,
      disk,
      listeners: new Map(),
      registry: new Map(registry),
    });
  }
  for (const network of topology.networks) world.networks.set(network.name, network);
  for (const { name, kind, host, config, supervisor = '' } of topology.processes) {
    if (!world.hosts.has(host)) throw new Error(`process ${name} is on the unknown host ${host}`);
    world.processes.set(name, {
      name,
      kind,
      host,
      config,
      supervisor,
      running: false,
      hung: false,
      held: [],
      incarnation: 0,
      startedUs: 0,
      endedUs: 0,
      pendingStart: 0,
      timers: new Map(),
      traceMask: 0,
      logFile: '',
      state: undefined,
    });
  }
  return world;
}

/** The process that has a file open, its log or its data: nobody else can write or delete it. */
export function openFileOwner(
  world: WorldState,
  host: string,
  path: string,
): ProcessState | undefined {
  for (const process of world.processes.values()) {
    if (process.host === host && process.running && process.logFile === path) return process;
  }
  const writer = world.processes.get(world.hosts.get(host)?.disk.files.get(path)?.writer ?? '');
  return writer?.running ? writer : undefined;
}

const pathKey = (network: string, from: string, to: string) => `${network}|${from}|${to}`;

/** One direction of a network between two hosts, if anything has used it. */
export function findPath(
  { paths }: WorldState,
  network: string,
  from: string,
  to: string,
): PathState | undefined {
  return paths.get(pathKey(network, from, to));
}

/** One direction of a network between two hosts, created on first use. */
export function pathBetween(
  world: WorldState,
  network: string,
  from: string,
  to: string,
): PathState {
  let path = findPath(world, network, from, to);
  if (!path) {
    const state = world.networks.get(network);
    if (!state) throw new Error(`unknown network ${network}`);
    path = createPath(state, from, to);
    world.paths.set(pathKey(network, from, to), path);
  }
  return path;
}

/** UTC seconds of now, fraction included. */
export function utcSecondsOf({ epochSeconds, nowUs }: WorldState): number {
  return epochSeconds + nowUs / 1e6;
}

export function hostOf({ hosts }: WorldState, name: string): HostState {
  const host = hosts.get(name);
  if (!host) throw new Error(`unknown host ${name}`);
  return host;
}
