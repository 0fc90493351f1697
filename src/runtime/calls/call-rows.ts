import { IDB_TABLES, type IdbTable, idbTable } from '../../engine/idb/schema.ts';
import type { IdbDatabase } from '../idb/idb-database.ts';
import { storyKeyOf } from '../idb/key-indexes.ts';

/** Every row in IDB that is about a call, found the documented way: by call, interaction, party. */

export type Cells = Readonly<Record<string, string | number | null>>;

export type CallRow = {
  readonly table: string;
  readonly row: number;
  readonly cells: Cells;
};

const isOfCall = (key: string | undefined) => key === 'CALLID' || key === 'ORIGCALLID';

/** Calls of one interaction: consultations, and what is linked at other switches. */
export function relatedCalls(idb: IdbDatabase, uuid: string): string[] {
  const related = [uuid];
  for (const one of related) {
    const found = [
      ...idb.select('G_CALL', 'PARENTCALLID', [one]),
      ...idb.select('G_CALL', 'CALLID', [one]),
    ];
    for (const { cells } of found) {
      for (const other of [cells['CALLID'], cells['PARENTCALLID'], cells['MERGECALLID']]) {
        if (typeof other === 'string' && !related.includes(other)) related.push(other);
      }
    }
    const links = idb.select('G_IS_LINK', 'CALLID', [one]).map(({ cells }) => cells['LINKID']);
    for (const { cells } of idb.select('G_IS_LINK', 'LINKID', links.map(String))) {
      const other = String(cells['CALLID']);
      if (!related.includes(other)) related.push(other);
    }
  }
  return related;
}

export function rowsOfCalls(idb: IdbDatabase, uuids: readonly string[]): CallRow[] {
  const rows: CallRow[] = [];
  const add = (table: IdbTable, column: string, values: readonly string[]) => {
    if (values.length === 0 || idb.count(table.name) === 0) return;
    rows.push(...idb.select(table.name, column, values));
  };
  const valuesOf = (table: string, column: string) =>
    rows.filter((row) => row.table === table).map(({ cells }) => String(cells[column]));
  const keyed = IDB_TABLES.map((table) => [table, storyKeyOf(table)] as const);
  for (const [table, key] of keyed) if (isOfCall(key)) add(table, key, uuids);
  for (const [table, key] of keyed) {
    if (key === 'PARTYID') add(table, key, valuesOf('G_PARTY', 'PARTYID'));
    else if (key === 'IRID') add(table, key, valuesOf('G_CALL', 'IRID'));
  }
  addOutbound(idb, rows, add);
  return rows;
}

/** What campaigns have to do with the calls: the chain of each attempt, and its session. */
function addOutbound(
  idb: IdbDatabase,
  rows: CallRow[],
  add: (table: IdbTable, column: string, values: readonly string[]) => void,
): void {
  const chains = valuesIn(rows, 'GOX_CHAIN_CALL', 'CHAINGUID');
  if (chains.length === 0) return;
  for (const table of IDB_TABLES) {
    if (!table.columnNumbers.has('CHAINGUID') || isOfCall(storyKeyOf(table))) continue;
    add(table, 'CHAINGUID', chains);
  }
  const sessions = valuesIn(rows, 'GO_CHAIN', 'SESSID');
  for (const name of ['GO_CAMPAIGN', 'GO_CAMPAIGNHISTORY', 'GO_CAMPPROP_HIST']) {
    add(idbTable(name), 'SESSID', sessions);
  }
  // Metrics of the session itself name no chain.
  const own = sessions.length > 0 ? idb.select('GO_METRICS', 'SESSID', sessions) : [];
  rows.push(...own.filter(({ cells }) => cells['CHAINGUID'] === null));
}

function valuesIn(rows: readonly CallRow[], table: string, column: string): string[] {
  const found = rows.filter((row) => row.table === table).map(({ cells }) => cells[column]);
  return [...new Set(found.filter((value) => value !== null).map(String))];
}
