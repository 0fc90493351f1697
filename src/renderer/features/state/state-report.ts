import type { StateReport, TableDifference } from '../../../contract/rpc.ts';

/** What the state view says of a report; pure. */

export const countOf = (difference: TableDifference | null): number =>
  difference ? difference.added + difference.removed + difference.changed : 0;

/** `2 new, 1 gone, 3 changed`; a dash for nothing. */
export function differenceText(difference: TableDifference | null): string {
  if (!difference) return '';
  const { added, removed, changed, unusedWords } = difference;
  const parts = [
    added > 0 ? `${added} new` : '',
    removed > 0 ? `${removed} gone` : '',
    changed > 0 ? `${changed} changed` : '',
    unusedText(unusedWords),
  ].filter(Boolean);
  return parts.join(', ') || '–';
}

const unusedText = (words: number) => (words > 0 ? `${words * 4} B outside of records` : '');

/** The same between the sides, where neither is older. */
export function sidesText(difference: TableDifference | null): string {
  if (!difference) return '';
  const { added, removed, changed, unusedWords } = difference;
  const parts = [
    removed > 0 ? `${removed} only in A` : '',
    added > 0 ? `${added} only in B` : '',
    changed > 0 ? `${changed} differ` : '',
    unusedText(unusedWords),
  ].filter(Boolean);
  return parts.join(', ') || '–';
}

export type Totals = {
  readonly records: Readonly<Record<'A' | 'B', number>>;
  readonly bytes: Readonly<Record<'A' | 'B', number>>;
  readonly differing: number;
  /** Words outside of records that differ: the state check hashes them too. */
  readonly unusedWords: number;
};

export function totals({ tables }: StateReport): Totals {
  const sum = (side: 'A' | 'B', field: 'records' | 'bytes') =>
    tables.reduce((total, table) => total + (table[side]?.[field] ?? 0), 0);
  return {
    records: { A: sum('A', 'records'), B: sum('B', 'records') },
    bytes: { A: sum('A', 'bytes'), B: sum('B', 'bytes') },
    differing: tables.reduce((total, { difference }) => total + countOf(difference), 0),
    unusedWords: tables.reduce((sum, { difference }) => sum + (difference?.unusedWords ?? 0), 0),
  };
}

/** In one sentence: are the sides in sync at this moment? */
export function syncSentence(report: StateReport): string {
  const { A, B } = report.orders;
  if (A === null && B === null) return 'No router runs.';
  if (A === null || B === null) return `Only side ${A === null ? 'B' : 'A'} has a router.`;
  const { differing, unusedWords } = totals(report);
  if (differing === 0 && unusedWords > 0 && A === B) {
    return `Out of sync at input ${A}: ${unusedWords * 4} bytes outside of records differ.`;
  }
  if (differing === 0 && A === B) return `In sync at input ${A}: no record differs.`;
  const told = differing === 1 ? '1 record differs' : `${differing} records differ`;
  if (A === B) return `Out of sync at input ${A}: ${told}.`;
  const ahead = A > B ? 'A' : 'B';
  const inputs = Math.abs(A - B);
  const more = `Side ${ahead} has applied ${inputs} input${inputs === 1 ? '' : 's'} more`;
  return differing === 0
    ? `${more}; no record differs.`
    : `${more}; ${told}, perhaps only by that.`;
}
