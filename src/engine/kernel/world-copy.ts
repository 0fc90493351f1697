import type { Fifo } from './fifo.ts';
import type { ProcessState } from './process.ts';
import type { SessionEnd, SessionState } from './session-state.ts';
import type { HostState, WorldState } from './world.ts';

/**
 * The world as it is now, in a small part of the time that its bytes take: what changes in place is
 * copied; what nobody changes once it is made is shared: events, messages and configuration. The
 * states of the processes and the files on the disks are those of the world itself.
 */
export function copyWorld(world: WorldState): WorldState {
  return {
    ...world,
    randomStreams: mapOf(world.randomStreams, (stream) => stream.slice()),
    hosts: mapOf(world.hosts, copyHost),
    networks: new Map(world.networks),
    paths: mapOf(world.paths, (path) => ({ ...path })),
    processes: mapOf(world.processes, copyProcess),
    sessions: mapOf(world.sessions, copySession),
    journalHash: world.journalHash.slice(),
    pending: [...world.pending],
  };
}

function copyHost(host: HostState): HostState {
  return {
    ...host,
    disk: { ...host.disk },
    listeners: new Map(host.listeners),
    registry: new Map(host.registry),
  };
}

function copyProcess(process: ProcessState): ProcessState {
  return { ...process, held: [...process.held], timers: new Map(process.timers) };
}

function copySession(session: SessionState): SessionState {
  const [client, server] = session.ends;
  return { ...session, ends: [copyEnd(client), copyEnd(server)] };
}

function copyEnd(end: SessionEnd): SessionEnd {
  return {
    ...end,
    unsent: copyFifo(end.unsent),
    inFlight: copyFifo(end.inFlight),
    held: new Map(end.held),
  };
}

function copyFifo<T>({ items, head }: Fifo<T>): Fifo<T> {
  return { items: [...items], head };
}

function mapOf<K, V>(map: ReadonlyMap<K, V>, copy: (value: V) => V): Map<K, V> {
  const copies = new Map<K, V>();
  for (const [key, value] of map) copies.set(key, copy(value));
  return copies;
}
