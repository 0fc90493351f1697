import type { LadderFilter, LadderLink, LadderRow } from '../../contract/ladder.ts';

/** Filters in use at the same time: one for each window that is open, and a few more. */
const MAX_FILTERS = 6;

/** Left lane of the link; undefined for all links. */
const LEFT_LANE: Readonly<Record<LadderLink, number | undefined>> = {
  all: undefined,
  'side A': 0,
  private: 1,
  'side B': 2,
};

type Found = { readonly indexes: number[]; scanned: number };

/** For each filter in use the rows that it lets through; new rows are looked at once. */
export class FilteredRows {
  private readonly known = new Map<string, Found>();

  /** Rows have other indexes now. */
  forget(): void {
    this.known.clear();
  }

  /** Indexes of rows, oldest first; `dropped` rows are no more. */
  of(filter: LadderFilter, rows: readonly LadderRow[], dropped: number): readonly number[] {
    const key = JSON.stringify([filter.client, filter.link, filter.text, [...filter.kinds]]);
    const found = this.known.get(key) ?? { indexes: [], scanned: dropped };
    // The newest use stands last.
    this.known.delete(key);
    this.known.set(key, found);
    if (this.known.size > MAX_FILTERS) this.known.delete([...this.known.keys()][0]);
    const gone = found.indexes.findIndex((index) => index >= dropped);
    if (gone !== 0) found.indexes.splice(0, gone < 0 ? found.indexes.length : gone);
    const lets = passes(filter);
    for (let index = Math.max(found.scanned, dropped); index < dropped + rows.length; index++) {
      if (lets(rows[index - dropped])) found.indexes.push(index);
    }
    found.scanned = dropped + rows.length;
    return found.indexes;
  }
}

function passes({ client, kinds, link, text }: LadderFilter): (row: LadderRow) => boolean {
  const wanted = new Set(kinds);
  const part = text.toLowerCase();
  const lane = LEFT_LANE[link];
  return (row) => {
    if (row.client !== client && (row.client !== 'all' || client === 'opc')) return false;
    if (!wanted.has(row.kind)) return false;
    if (lane !== undefined && Math.min(row.from, row.to) !== lane) return false;
    return part === '' || row.label.toLowerCase().includes(part);
  };
}
