import { type GapBegin, type GapRange, gapsOf, newestElsewhere } from './gaps.ts';
import type { ProviderName, SourceHistory } from './provider-sessions.ts';

/**
 * HA: two ICONs store the same data, each in an IDB of its own, and whoever extracts takes the
 * better one of each period, as the provider tables show (docs/fidelity/icon.md §7). How the better
 * one is found is an emulator choice: the one in which fewer data sources are in a gap; among
 * equals that of the interval before, so that it does not change without a reason.
 */

export const VERDICT = {
  allWhole: 'none has a gap',
  onlyWhole: 'the only one without a gap',
  fewerGaps: 'fewer of its data sources are in a gap',
  noneBetter: 'none is better, each lacks as many data sources',
} as const;

export type Verdict = keyof typeof VERDICT;

/** A data source whose data one IDB does not have reliably. */
export type MissingSource = { readonly source: number; readonly reason: GapBegin };

/** Moments are UTC seconds. */
export type Choice = {
  readonly from: number;
  readonly to: number;
  /** Index of the better IDB. */
  readonly better: number;
  readonly verdict: Verdict;
  /** Of each IDB. */
  readonly missing: readonly (readonly MissingSource[])[];
};

type SourceGap = MissingSource & { readonly begin: number; readonly end: number };

export type ChoiceRange = GapRange & {
  readonly provider: ProviderName;
  /** One data source only; all of them without. */
  readonly source?: number;
  /** Option dss-no-data-tout of each ICON, where they differ. */
  readonly noDataOf?: readonly number[];
};

/** For each interval of the range the better of several IDBs; `idbs` are their histories. */
export function chooseIdbs(
  idbs: readonly (readonly SourceHistory[])[],
  { noDataOf, provider, source, ...range }: ChoiceRange,
): Choice[] {
  const own = idbs.map((histories) => histories.filter((one) => one.provider === provider));
  const known = [...new Set(own.flat().map((history) => history.source))];
  const sources = known.filter((one) => source === undefined || one === source);
  if (sources.length === 0) return [];
  const gaps = own.map((_histories, at) => {
    const noDataSeconds = noDataOf?.[at] ?? range.noDataSeconds;
    return sourceGaps(own, at, sources, { ...range, noDataSeconds });
  });
  const isInside = (moment: number) => moment > range.from && moment < range.to;
  const edges = gaps.flat().flatMap(({ begin, end }) => [begin, end]);
  const inner = [...new Set(edges.filter(isInside))].sort((a, b) => a - b);
  const moments = [range.from, ...inner, range.to];
  const choices: Choice[] = [];
  for (const [at, from] of moments.slice(0, -1).entries()) {
    const missing = gaps.map((all) =>
      all
        .filter(({ begin, end }) => begin <= from && end > from)
        .map(({ reason, source: dbid }) => ({ source: dbid, reason })),
    );
    const before = choices.at(-1);
    const next = { from, to: moments[at + 1], ...judge(missing, before?.better ?? 0), missing };
    if (before && isSame(before, next)) choices[choices.length - 1] = { ...before, to: next.to };
    else choices.push(next);
  }
  return choices;
}

/** From the moment on up to which all was certain; a source that was never seen is one gap. */
function sourceGaps(
  idbs: readonly (readonly SourceHistory[])[],
  at: number,
  sources: readonly number[],
  range: GapRange,
): SourceGap[] {
  return sources.flatMap((source) => {
    const history = idbs[at].find((one) => one.source === source);
    if (!history) return [{ source, reason: 'notConnected', begin: range.from, end: range.to }];
    const elsewhere = { ...range, newestElsewhere: newestElsewhere(idbs, at, history) };
    return gapsOf(history, elsewhere).map(({ beginReason, certainUntil, end }) => {
      return { source, reason: beginReason, begin: certainUntil, end: end ?? range.to };
    });
  });
}

function judge(
  missing: readonly (readonly MissingSource[])[],
  before: number,
): Pick<Choice, 'better' | 'verdict'> {
  const counts = missing.map(({ length }) => length);
  const fewest = Math.min(...counts);
  const best = counts.flatMap((count, at) => (count === fewest ? [at] : []));
  const better = best.includes(before) ? before : best[0];
  if (best.length < counts.length) {
    return { better, verdict: fewest === 0 ? 'onlyWhole' : 'fewerGaps' };
  }
  return { better, verdict: fewest === 0 ? 'allWhole' : 'noneBetter' };
}

function isSame(a: Choice, b: Choice): boolean {
  const text = ({ better, missing, verdict }: Choice) => {
    const sources = missing.map((all) => all.map((one) => `${one.source} ${one.reason}`).join());
    return [better, verdict, ...sources].join('; ');
  };
  return text(a) === text(b);
}
