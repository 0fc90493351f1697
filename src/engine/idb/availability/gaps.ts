import type { ProviderSession, SourceHistory } from './provider-sessions.ts';

/**
 * Gap analysis (source, Connection Analysis): from the history of connections to one data source,
 * the intervals in which its data did not reliably get into IDB, with the reason for each edge.
 */

/** Why data stopped. */
export const GAP_BEGIN = {
  notConnected: 'before the first session that IDB knows',
  disconnected: 'connection lost, of ICON to the data source or of that to its switch',
  connectionLost: 'connection to the data source lost',
  sourceStopped: 'data source stopped',
  switchLost: 'data source lost its switch',
  plannedShutdown: 'ICON shut down gracefully',
  unplannedShutdown: 'ICON ended unexpectedly; approximated by its last sign of life',
  behind: 'the other IDB has later data of this source; approximated by the last sign of life here',
  silent: 'neither data nor "no data" has come since: IDB or ICON is not available',
} as const;

/** Why it came again. */
export const GAP_END = {
  firstConnection: 'ICON started and connected',
  reconnected: 'connection made again',
  sourceRestarted: 'data source started again',
  switchBack: 'data source has its switch again',
  switchover: 'backup of the data source took over',
} as const;

export type GapBegin = keyof typeof GAP_BEGIN;
export type GapEnd = keyof typeof GAP_END;

/** Moments are UTC seconds. */
export type Gap = {
  readonly begin: number;
  readonly beginReason: GapBegin;
  /** The row that says when it begins; 0 before the first one. */
  readonly beginRow: number;
  /** All up to here is stored: between here and `begin` something may be missing. */
  readonly certainUntil: number;
  /** Null: it goes on. */
  readonly end: number | null;
  readonly endReason: GapEnd | null;
  readonly endRow: number;
};

export type GapRange = {
  readonly from: number;
  readonly to: number;
  /** Option dss-no-data-tout: how long a healthy session may be without any sign. */
  readonly noDataSeconds: number;
  /** HA: the newest event of this source that another IDB has (source, Connection Analysis, t6). */
  readonly newestElsewhere?: number;
};

/** What a sign of life may be late: rows wait in accumulator and queue (emulator choice). */
export const DELIVERY_SECONDS = 60;

/** Up to when IDB shows that the newest run of the ICON has stored something, from any source. */
export function knownUntil({ sessions, signs }: SourceHistory): number {
  return Math.max(0, ...signs.values(), ...sessions.map(({ connected }) => connected));
}

/** What one IDB of several has to be measured by: the newest event of a source in the others. */
export function newestElsewhere(
  idbs: readonly (readonly SourceHistory[])[],
  at: number,
  { provider, source }: Pick<SourceHistory, 'provider' | 'source'>,
): number {
  const others = idbs.filter((_, index) => index !== at).flat();
  const same = others.filter((one) => one.provider === provider && one.source === source);
  const events = same.flatMap((one) => one.sessions.map(({ lastEvent }) => lastEvent ?? 0));
  return Math.max(0, ...events);
}

/** Gaps of one ICON with one source that touch the range, in order. */
export function gapsOf({ sessions, signs }: SourceHistory, range: GapRange): Gap[] {
  const gaps: Gap[] = [];
  const [first] = sessions;
  if (!first) return [];
  if (first.connected > range.from) {
    const begin = { begin: range.from, certainUntil: range.from, beginRow: 0 };
    gaps.push({ ...begin, beginReason: 'notConnected', ...endAt(first) });
  }
  for (const [at, session] of sessions.entries()) {
    const next = sessions[at + 1];
    const sign = lastSign(session, next, signs);
    // Another run of ICON is known, from other sources.
    const isOver = [...signs.keys()].some((iconStart) => iconStart > session.iconStart);
    const begin = beginAfter(session, next, { sign, isOver }, range);
    if (!begin) continue;
    const end = next ? endAt(next) : { end: null, endReason: null, endRow: 0 };
    // A session that began before the last one ended leaves nothing between; but ICON may have
    // learnt of both at once, after a hang.
    if (end.end !== null && end.end <= Math.min(begin.begin, begin.certainUntil)) continue;
    gaps.push({ ...begin, ...end, begin: Math.min(begin.begin, end.end ?? begin.begin) });
  }
  return gaps.filter(({ begin, end }) => begin < range.to && (end === null || end > range.from));
}

/**
 * As long as a run of ICON lasts, any of its sources shows that a session that is open has not been
 * lost; one that was followed by another of the same run has only its own events.
 */
function lastSign(
  { connected, iconStart, lastEvent, noData }: ProviderSession,
  next: ProviderSession | undefined,
  signs: SourceHistory['signs'],
): number {
  const own = Math.max(connected, lastEvent ?? 0, noData ?? 0);
  return next?.iconStart === iconStart ? own : Math.max(own, signs.get(iconStart) ?? 0);
}

type Begin = Pick<Gap, 'begin' | 'beginReason' | 'beginRow' | 'certainUntil'>;

function beginAfter(
  session: ProviderSession,
  next: ProviderSession | undefined,
  { sign, isOver }: { readonly sign: number; readonly isOver: boolean },
  { to, noDataSeconds, newestElsewhere = 0 }: GapRange,
): Begin | undefined {
  const { connected, disconnected, dssId: beginRow, iconEnd, lastEvent, lastTold } = session;
  if (disconnected !== null) {
    const beginReason = iconEnd === null ? reasonBefore(session, next) : 'plannedShutdown';
    // It takes a while until a connection is known to be lost, and more if ICON hangs meanwhile.
    const event = Math.min(lastEvent ?? 0, lastTold ?? lastEvent ?? 0);
    const known = Math.max(connected, event);
    const certainUntil = beginReason === 'plannedShutdown' ? disconnected : known;
    return { begin: disconnected, beginReason, beginRow, certainUntil };
  }
  const begin = { begin: sign, beginRow, certainUntil: sign };
  if (next || isOver) return { ...begin, beginReason: 'unplannedShutdown' };
  if (newestElsewhere - sign > DELIVERY_SECONDS) return { ...begin, beginReason: 'behind' };
  if (to - sign <= noDataSeconds + DELIVERY_SECONDS) return undefined;
  return { ...begin, beginReason: 'silent' };
}

/** Only the connection that follows in the same run of ICON says what had been lost. */
function reasonBefore({ iconStart }: ProviderSession, next: ProviderSession | undefined): GapBegin {
  if (next?.iconStart !== iconStart) return 'disconnected';
  if (next.connectionType === 4) return 'switchLost';
  if (next.connectionType === 3) return 'sourceStopped';
  return 'connectionLost';
}

const END_REASONS: Readonly<Record<number, GapEnd>> = {
  1: 'firstConnection',
  2: 'reconnected',
  3: 'sourceRestarted',
  4: 'switchBack',
  5: 'switchover',
};

function endAt({ connected, connectionType, dssId }: ProviderSession) {
  return { end: connected, endReason: END_REASONS[connectionType] ?? null, endRow: dssId };
}
