import type { Steps } from '../../engine/kernel/steps.ts';
import type { IdbDatabase } from './idb-database.ts';
import type { Query } from './page-query.ts';

/**
 * What no index helps with reads all of a table. SQLite does that in one go, so a large table is
 * read in parts by row id: some ten thousand rows take a few milliseconds.
 */
export const PART_ROWS = 20_000;

/** A table that is no larger is read in one go. */
export function isSmall(idb: IdbDatabase, table: string, partRows: number): boolean {
  return idb.count(table) <= partRows;
}

/**
 * Each part of a table, in the order of its row ids or back; true ends it before the last one. Row
 * ids lie close, so that parts of as many ids have about as many rows. Rows that come meanwhile
 * are in none.
 */
export function* scanParts(
  idb: IdbDatabase,
  table: string,
  { isBack, partRows }: { readonly isBack: boolean; readonly partRows: number },
  look: (part: Query) => boolean,
): Steps<void> {
  const ends = `(SELECT min(rowid) FROM "${table}") AS low, (SELECT max(rowid) FROM "${table}")`;
  const [found] = idb.read(`SELECT ${ends} AS high`);
  if (found['low'] === null) return;
  const low = Number(found['low']);
  const ids = Number(found['high']) - low + 1;
  const parts = Math.max(1, Math.ceil(idb.count(table) / partRows));
  const width = Math.ceil(ids / parts);
  for (let part = 0; part < parts; part++) {
    const from = low + (isBack ? parts - 1 - part : part) * width;
    const test = { sql: 'rowid BETWEEN ? AND ?', values: [from, from + width - 1] };
    if (look(test)) return;
    yield (part + 1) / parts;
  }
}
