import type { IdbDatabase } from './idb-database.ts';

/** SQLite has 2 GiB for all IDBs of a lab; beyond that it would end in mid-transaction. */
export const IDB_LIMIT_BYTES = 1_800_000_000;

export const IDB_FULL =
  `IDB has ${IDB_LIMIT_BYTES / 1e9} GB, the most that a lab can hold, and the lab stands still. ` +
  'Export IDB, then purge it (run-procedure gsysPurgeIR) or begin a new lab.';

/** Pages that a purge has freed are taken again, and do not count. */
export function areFull(
  idbs: readonly { readonly idb: Pick<IdbDatabase, 'usedBytes'> }[],
  limitBytes = IDB_LIMIT_BYTES,
): boolean {
  return idbs.reduce((sum, { idb }) => sum + idb.usedBytes, 0) >= limitBytes;
}
