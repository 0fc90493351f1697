import type {
  NamedChoice,
  NamedGap,
  ProviderChoice,
  ProviderSession,
  SourceAvailability,
} from '../../../contract/rpc.ts';

/** Sessions and gaps as bars over time. Moments are UTC seconds. */

export type TimeRange = { readonly from: number; readonly to: number };

/** `left` and `width` are shares of the range. */
export type TimelineBar = {
  readonly key: string;
  readonly left: number;
  readonly width: number;
} & (
  | { readonly kind: 'session'; readonly session: ProviderSession }
  | { readonly kind: 'gap'; readonly gap: NamedGap }
  | { readonly kind: 'choice'; readonly choice: NamedChoice }
);

export type TimelineTrack = {
  readonly key: string;
  readonly title: string;
  readonly subtitle: string;
  /** Of which it tells sessions and gaps; null: it tells which IDB is the better one. */
  readonly source: SourceAvailability | null;
  readonly bars: readonly TimelineBar[];
};

export function tracksOf(
  sources: readonly SourceAvailability[],
  range: TimeRange,
  now: number,
): TimelineTrack[] {
  return sources.map((source) => {
    const key = `${source.provider} ${source.idb} ${source.source}`;
    const place = (from: number, to: number) => placeIn(range, from, to);
    const sessions = source.sessions.map((session): TimelineBar => {
      const end = endOf(session, source.gaps, now);
      const { dssId } = session;
      const where = place(session.connected, end);
      return { key: `${key} session ${dssId}`, kind: 'session', session, ...where };
    });
    const gaps = source.gaps.map((gap): TimelineBar => {
      const where = place(gap.begin, gap.end ?? now);
      return { key: `${key} gap ${gap.begin}`, kind: 'gap', gap, ...where };
    });
    const bars = [...sessions, ...gaps].filter(({ width }) => width > 0);
    const subtitle = `${source.provider} ${source.iconName}`;
    return { key, title: source.sourceName, subtitle, source, bars };
  });
}

/** HA: of each provider which IDB is the better one. */
export function choiceTracksOf(
  choices: readonly ProviderChoice[],
  range: TimeRange,
): TimelineTrack[] {
  return choices.flatMap(({ intervals, provider, source }) => {
    if (source !== null) return [];
    const key = `choice ${provider}`;
    const bars = intervals.map((choice): TimelineBar => {
      const where = placeIn(range, choice.from, choice.to);
      return { key: `${key} ${choice.from}`, kind: 'choice', choice, ...where };
    });
    const shown = bars.filter(({ width }) => width > 0);
    return [{ key, title: 'The better IDB', subtitle: provider, source: null, bars: shown }];
  });
}

/** No IDB has all data of this interval. */
export function isNowhereWhole({ missing }: NamedChoice): boolean {
  return missing.every(({ length }) => length > 0);
}

/** What a bar is, from when to when (UTC seconds; null: it goes on), and what is told of it. */
export type BarWords = {
  readonly what: string;
  readonly from: number;
  readonly to: number | null;
  readonly words: string;
};

export function wordsOfBar(bar: TimelineBar): BarWords {
  if (bar.kind === 'gap') {
    const { begin: from, beginWords: words, end: to } = bar.gap;
    return { what: 'Gap', from, to, words };
  }
  if (bar.kind === 'choice') {
    const { betterName: what, from, lacks, to, words } = bar.choice;
    return { what, from, to, words: [words, ...lacks].join('; ') };
  }
  const { connected: from, connectionType, disconnected: to, dssId } = bar.session;
  const type = CONNECTION_TYPES[connectionType] ?? `type ${connectionType}`;
  return { what: `Session ${dssId}`, from, to, words: type };
}

/** DSCONN_TYPE in words (docs/fidelity). */
export const CONNECTION_TYPES: Readonly<Record<number, string>> = {
  1: 'first connection',
  2: 'reconnection',
  3: 'data source started again',
  4: 'switch connected again',
  5: 'switchover',
};

/** A session of which no end is told reaches to the gap that follows it. */
function endOf(
  { disconnected, dssId }: ProviderSession,
  gaps: readonly NamedGap[],
  now: number,
): number {
  return disconnected ?? gaps.find(({ beginRow }) => beginRow === dssId)?.begin ?? now;
}

/** Width 0 for what lies outside; what is too short to be seen keeps a pixel by its style. */
function placeIn(range: TimeRange, from: number, to: number) {
  const span = range.to - range.from;
  if (to < range.from || from > range.to || span <= 0) return { left: 0, width: 0 };
  const left = Math.max(0, (from - range.from) / span);
  const right = Math.min(1, (to - range.from) / span);
  return { left, width: Math.max(right - left, 1e-6) };
}

const SHORTEST_SECONDS = 10;

/** A range by the factor as long, with the same moment in its middle, inside the limits. */
export function zoomed({ from, to }: TimeRange, factor: number, limits: TimeRange): TimeRange {
  const whole = limits.to - limits.from;
  const span = Math.min(whole, Math.max(SHORTEST_SECONDS, (to - from) * factor));
  return fitted({ from: (from + to - span) / 2, to: (from + to + span) / 2 }, limits);
}

/** The same length, moved by a share of it. */
export function panned({ from, to }: TimeRange, share: number, limits: TimeRange): TimeRange {
  const step = (to - from) * share;
  return fitted({ from: from + step, to: to + step }, limits);
}

function fitted({ from, to }: TimeRange, limits: TimeRange): TimeRange {
  const span = Math.min(to - from, limits.to - limits.from);
  const start = Math.min(Math.max(from, limits.from), limits.to - span);
  return { from: start, to: start + span };
}

const STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400];
const TICKS = 8;

/** Round moments, few enough to be written side by side. */
export function ticksOf({ from, to }: TimeRange, offsetSeconds: number): number[] {
  const step = STEPS.find((one) => (to - from) / one <= TICKS) ?? 86_400;
  const first = Math.ceil((from + offsetSeconds) / step) * step - offsetSeconds;
  const ticks: number[] = [];
  for (let tick = first; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}
