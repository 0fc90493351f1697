import type { MdsState } from '../icm/mds/mds-state.ts';
import type { PgAgentState } from '../icm/peripheral-gateway/pg-agent.ts';
import { pathBetween, type WorldState } from '../kernel/world.ts';
import type { Checker } from './checker.ts';
import { liveState, mdsPairs, type Pair } from './pairs.ts';

/** A path that has just come back needs a new connection and a hello before it can be used. */
const GRACE_US = 40_000_000;
/** A side that has been enabled for so long is found by a test over any device. */
const KNOWN_US = 5_000_000;

/**
 * Never two enabled synchronizers while a path between them exists: for long, while the private
 * network is whole; at all, when a Test-Other-Side could have seen the other side.
 */
export function oneEnabledSynchronizer(): Checker {
  const bothSinceUs = new Map<string, number>();
  const enabledSinceUs = new Map<string, number>();
  let pairs: Pair[] | undefined;
  return {
    name: 'one enabled synchronizer',
    onBatch(world) {
      pairs ??= mdsPairs(world);
      for (const pair of pairs) {
        const sentence =
          overPrivate(world, pair, bothSinceUs) ?? overDevices(world, pair, enabledSinceUs);
        if (sentence) return sentence;
      }
      return undefined;
    },
  };
}

const isEnabled = (state: MdsState | undefined) => state?.state.endsWith('-Enabled') === true;

function overPrivate(
  world: WorldState,
  [a, b]: Pair,
  since: Map<string, number>,
): string | undefined {
  const both = isEnabled(liveState<MdsState>(a)) && isEnabled(liveState<MdsState>(b));
  if (!both || !privateIsGood(world, a.host, b.host)) {
    since.delete(a.name);
    return undefined;
  }
  const first = since.get(a.name) ?? world.nowUs;
  since.set(a.name, first);
  if (world.nowUs - first <= GRACE_US) return undefined;
  return `${a.name} and ${b.name} are both enabled, the private path is whole.`;
}

/** Whole, and not so slow or lossy that a hello may take longer than its time. */
function privateIsGood(world: WorldState, from: string, to: string): boolean {
  return [pathBetween(world, 'private', from, to), pathBetween(world, 'private', to, from)].every(
    ({ cut, lossRate, delayUs, bandwidthBitsPerSecond }) =>
      !cut && lossRate < 0.05 && delayUs < 100_000 && bandwidthBitsPerSecond > 1e6,
  );
}

function overDevices(
  world: WorldState,
  [a, b]: Pair,
  since: Map<string, number>,
): string | undefined {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ]) {
    const state = liveState<MdsState>(one);
    if (state?.state !== 'Isolated-Enabled') {
      since.delete(one.name);
      continue;
    }
    if (since.has(one.name)) continue;
    since.set(one.name, world.nowUs);
    const rival = liveState<MdsState>(other);
    const rivalSince = since.get(other.name);
    const known = rivalSince !== undefined && world.nowUs - rivalSince > KNOWN_US;
    if (rival?.state !== 'Isolated-Enabled' || !known) continue;
    const witness = witnessOf(world, state);
    if (witness) {
      return `${one.name} became enabled although ${witness} could tell that ${other.name} is.`;
    }
  }
  return undefined;
}

/** A Peripheral Gateway whose agent has been connected with both sides for long enough. */
function witnessOf(world: WorldState, { config }: MdsState): string | undefined {
  if (config.role !== 'central controller') return undefined;
  const agents = [...world.processes.values()].filter(({ kind }) => kind === 'ccag');
  if (agents.some((agent) => !liveState(agent))) return undefined;
  for (const process of world.processes.values()) {
    if (process.kind !== 'pgag') continue;
    const agent = liveState<PgAgentState>(process);
    if (!agent) continue;
    const settled = (['A', 'B'] as const).every((side) => {
      const session = world.sessions.get(agent.paths[side].session);
      const old = session !== undefined && world.nowUs - session.openedUs > 2 * KNOWN_US;
      return agent.paths[side].open && old && publicIsGood(world, session.ends);
    });
    if (settled && config.devices.length > 0) return process.name;
  }
  return undefined;
}

function publicIsGood(
  world: WorldState,
  [client, server]: readonly [{ host: string }, { host: string }],
): boolean {
  const paths = [
    pathBetween(world, 'public', client.host, server.host),
    pathBetween(world, 'public', server.host, client.host),
  ];
  return paths.every(
    ({ cut, lastCutUs, lossRate, delayUs }) =>
      !cut && lossRate === 0 && delayUs < 50_000 && world.nowUs - lastCutUs > 2 * KNOWN_US,
  );
}
