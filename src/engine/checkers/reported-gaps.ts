import type { IconState } from '../icon/icon-state.ts';
import { type Gap, gapsOf } from '../idb/availability/gaps.ts';
import {
  groupBySource,
  type ProviderSession,
  readSession,
} from '../idb/availability/provider-sessions.ts';
import { SECOND_US } from '../kernel/lab-time.ts';
import type { WorldState } from '../kernel/world.ts';
import type { TServerState } from '../telephony/t-server/t-server-state.ts';
import type { Checker } from './checker.ts';
import { isDrained, type WatchedIcon } from './icon-moments.ts';
import { RowImage } from './row-image.ts';

const EVERY_US = 20 * SECOND_US;
const TABLE = 'G_DSS_GCC_PROVIDER';
/** Documented imprecision: until heartbeats that stay away end a session. */
const DETECTION_SECONDS = 45;
/** Moments of IDB are whole seconds. */
const ROUNDING_SECONDS = 2;

/** UTC seconds in which nothing of a T-Server could reach ICON; Infinity: it goes on. */
type Outage = {
  readonly from: number;
  to: number;
  /** Somebody on the way hung meanwhile, and did not know of it, or of its end, up to then. */
  hungUntil: number;
  isHidden: boolean;
};

/**
 * The gaps that the analysis finds in IDB are those that there were: each outage between a switch
 * and ICON is reported once data has come again, and nothing is reported that was none.
 */
export function reportedGaps(watched: WatchedIcon): Checker {
  const image = new RowImage([TABLE], watched.database);
  /** By name of the T-Server, in their order; the first begins with the lab. */
  const outages = new Map<string, Outage[]>();
  let nextUs = 0;
  return {
    name: 'reported gaps',
    onOutput: (output, process) => image.onOutput(output, process),
    onBatch(world) {
      const icon = world.processes.get(watched.process);
      if (!icon) return undefined;
      const { tServers } = icon.config as unknown as IconState['config'];
      const state = icon.running ? (icon.state as IconState) : undefined;
      const now = Math.floor(world.epochSeconds + world.nowUs / SECOND_US);
      for (const { hosts, name } of tServers) {
        const isHung = icon.hung || hosts.some((host) => hangs(world, host));
        follow(outages, name, now, { isConnected: isConnected(world, state, name), isHung });
      }
      if (world.nowUs < nextUs || !state || icon.hung || !isDrained(state)) return undefined;
      nextUs = world.nowUs + EVERY_US;
      if (!state.options.useDssMonitor || !state.options.roles.includes('gcc')) return undefined;
      const sessions = [...image.rows(TABLE).values()].map((row) => readSession('GCC', row));
      for (const { dbid, name } of tServers) {
        const sentence = compare(name, dbid, sessions, outages.get(name)!, {
          from: world.epochSeconds,
          to: now,
          noDataSeconds: state.options.dssNoDataSeconds,
        });
        if (sentence) return sentence;
      }
      return undefined;
    },
  };
}

/** From the switch to ICON everything is there. */
function isConnected(world: WorldState, icon: IconState | undefined, name: string): boolean {
  const link = icon?.links.get(name);
  const tServer = world.processes.get(link?.host ?? '');
  const isLinked = tServer?.running === true && (tServer.state as TServerState).linkUp;
  return isLinked && link?.open === true;
}

/** The T-Server or its switch: what hangs tells nothing, not even that it has lost the other. */
function hangs(world: WorldState, host: string): boolean {
  const tServer = world.processes.get(host);
  if (!tServer) return false;
  const { switchHost } = tServer.config as { readonly switchHost: string };
  return tServer.hung || world.processes.get(switchHost)?.hung === true;
}

function follow(
  outages: Map<string, Outage[]>,
  name: string,
  now: number,
  { isConnected, isHung }: { readonly isConnected: boolean; readonly isHung: boolean },
): void {
  const known = outages.get(name) ?? [];
  outages.set(name, known);
  const last = known.at(-1);
  const isOut = last?.to === Number.POSITIVE_INFINITY;
  const add = (to: number) => known.push({ from: now, to, hungUntil: 0, isHidden: false });
  if (!last) add(isConnected ? now : Infinity);
  else if (isConnected && isOut) last.to = now;
  else if (!isConnected && !isOut) add(Infinity);
  const newest = known.at(-1)!;
  newest.isHidden = isHung && (newest.isHidden || newest.to === Number.POSITIVE_INFINITY);
  if (newest.isHidden) newest.hungUntil = now;
}

function compare(
  name: string,
  dbid: number,
  sessions: readonly ProviderSession[],
  outages: readonly Outage[],
  range: Parameters<typeof gapsOf>[1],
): string | undefined {
  const history = groupBySource(sessions).find(({ source }) => source === dbid);
  if (!history) return undefined;
  const gaps = gapsOf(history, range);
  const newest = Math.max(...history.sessions.map(({ connected }) => connected));
  for (const outage of outages) {
    // Without data after it nobody can know yet.
    if (outage.to > newest + ROUNDING_SECONDS) continue;
    if (isReported(outage, gaps)) continue;
    return `${name}: no data from ${outage.from} to ${outage.to}, and no gap says so.`;
  }
  const wrong = gaps.find((gap) => !isTrue(gap, outages));
  if (!wrong) return undefined;
  const { begin, end } = wrong;
  return `${name}: a gap from ${begin} to ${end} is reported, and there was none.`;
}

function isReported({ from, hungUntil, to }: Outage, gaps: readonly Gap[]): boolean {
  const first = from + DETECTION_SECONDS;
  const last = to - ROUNDING_SECONDS;
  if (first >= last) return true;
  // Who hangs learns of it late: then only the last event before it is certain.
  return gaps.some(({ begin, certainUntil, end }) => {
    const from = hungUntil > 0 ? certainUntil : begin;
    return from <= first && (end === null || end >= last);
  });
}

/**
 * It begins and ends as outages do: a connection without any event leaves no session, so that one
 * gap may hold several. After an end that nobody has told it may begin before the outage.
 */
function isTrue({ begin, beginReason, end }: Gap, outages: readonly Outage[]): boolean {
  const isTold = beginReason !== 'unplannedShutdown' && beginReason !== 'silent';
  const begins = outages.some(({ from, hungUntil, to }) => {
    const isBefore = begin < from - ROUNDING_SECONDS;
    const known = Math.max(hungUntil, Math.min(to, from + DETECTION_SECONDS));
    const isBehind = begin > known + ROUNDING_SECONDS;
    return !isBehind && (!isBefore || !isTold);
  });
  const ends = outages.some(({ hungUntil, to }) => {
    const isBehind = end !== null && end > Math.max(to, hungUntil) + ROUNDING_SECONDS;
    return end !== null && end >= to - ROUNDING_SECONDS && !isBehind;
  });
  return begins && (end === null || ends);
}
