import type { MdsState } from '../icm/mds/mds-state.ts';
import type { ClientName, Side } from '../icm/messages.ts';
import type { ClientState } from '../icm/synchronized-client.ts';
import type { ProcessState } from '../kernel/process.ts';
import type { WorldState } from '../kernel/world.ts';

/** Two processes that are one another's other side, side A first. */
export type Pair = readonly [ProcessState, ProcessState];

/** Pairs of MDS processes of a world: the Central Controller's and the Peripheral Gateways'. */
export function mdsPairs(world: WorldState): Pair[] {
  const pairs: Pair[] = [];
  for (const process of world.processes.values()) {
    const config = process.config as { side?: Side; peerProcess?: string };
    if (process.kind !== 'mds' || config.side !== 'A') continue;
    const peer = world.processes.get(config.peerProcess ?? '');
    if (peer) pairs.push([process, peer]);
  }
  return pairs;
}

/** State of a process that runs and is not hung. */
export function liveState<S>(process: ProcessState): S | undefined {
  return process.running && !process.hung ? (process.state as S) : undefined;
}

/** `la-clgr` and `lb-clgr`, `pg1a-opc` and `pg1b-opc`. */
export function clientPair(world: WorldState, [a, b]: Pair, client: ClientName): Pair | undefined {
  const find = ({ host }: ProcessState) =>
    [...world.processes.values()].find((one) => one.host === host && one.kind === client);
  const [first, second] = [find(a), find(b)];
  return first && second ? [first, second] : undefined;
}

export function pairedStates([a, b]: Pair): [MdsState, MdsState] | undefined {
  const [first, second] = [liveState<MdsState>(a), liveState<MdsState>(b)];
  const paired = (mds: MdsState | undefined) => mds?.state.startsWith('Paired') === true;
  return first && second && paired(first) && paired(second) ? [first, second] : undefined;
}

/** Both clients are in service: their states, which then must agree. */
export function activeClients<S extends { client: ClientState }>([a, b]: Pair): [S, S] | undefined {
  const [first, second] = [liveState<S>(a), liveState<S>(b)];
  const active = (state: S | undefined) =>
    state?.client.phase === 'active' || state?.client.phase === 'sending';
  return first && second && active(first) && active(second) ? [first, second] : undefined;
}
