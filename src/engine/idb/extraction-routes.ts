import { IDB_TABLES, type IdbTable } from './schema.ts';

/**
 * The recommended way of extraction (source, Extracting Interaction Data): from G_IR by IRID to
 * its history and to G_CALL, from there by CALLID to the rows of a call, from G_PARTY by PARTYID to
 * those of a party.
 */

export type ExtractionKey = 'IRID' | 'CALLID' | 'PARTYID';

/** A table with the key by which its rows are found, and the key that its rows give, if any. */
export type ExtractionRoute = {
  readonly table: IdbTable;
  readonly by?: ExtractionKey;
  /** Its column that holds that key. */
  readonly column: string;
  readonly gives?: ExtractionKey;
};

/** What OCS tells may be about a call that ICON never saw; agents are found by their sessions. */
const OTHER_WAYS = /^(GOX?_|G_AGENT_|GC|GS|G_IR_ACTIVE|G_CALL_ACTIVE)/;

export const EXTRACTION_ROUTES: readonly ExtractionRoute[] = IDB_TABLES.filter(
  ({ name }) => !OTHER_WAYS.test(name),
).flatMap((table) => routeOf(table) ?? []);

function routeOf(table: IdbTable): ExtractionRoute | undefined {
  const { name, columnNumbers } = table;
  if (name === 'G_IR') return { table, column: 'IRID', gives: 'IRID' };
  if (name === 'G_CALL') return { table, by: 'IRID', column: 'IRID', gives: 'CALLID' };
  if (name === 'G_PARTY') return { table, by: 'CALLID', column: 'CALLID', gives: 'PARTYID' };
  if (name === 'G_VIRTUAL_QUEUE') return { table, by: 'CALLID', column: 'ORIGCALLID' };
  if (name === 'G_PARTY_HISTORY' || name === 'G_PARTY_STAT') {
    return { table, by: 'PARTYID', column: 'PARTYID' };
  }
  const by = (['CALLID', 'PARTYID', 'IRID'] as const).find((key) => columnNumbers.has(key));
  return by && { table, by, column: by };
}
