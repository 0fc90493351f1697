/** What a list tells of a call: to fetch all columns takes several times as long. */
const TOLD = [
  'CALLID',
  'CALLTYPE',
  'MEDIATYPE',
  'CALLANI',
  'CALLDNIS',
  'SWITCHID',
  'CREATED_TS',
  'TERMINATED_TS',
  'PARENTCALLID',
];
/** Rows of G_PARTY that a call has, rather too many. */
const PARTIES_OF_A_CALL = 6;

/**
 * What is told of rows of G_CALL among the newest so many that have the text `?1` in a number or
 * in their CallUUID, and of the one whose CallUUID it is. Two searches of their own: with OR,
 * SQLite reads all of G_CALL.
 */
export function callSearch(text: string, limit: number, searched: number): string {
  const newest = (table: string, rows: number) =>
    `rowid > (SELECT max(rowid) FROM "${table}") - ${rows}`;
  const columns = ['CALLANI', 'CALLDNIS', 'CALLID', 'CONNID'];
  const own = columns.map((column) => `instr("${column}", ?1) > 0`).join(' OR ');
  // Numbers that an agent or a campaign calls are those of parties only.
  const parties =
    `SELECT CALLID FROM "G_PARTY" WHERE instr("ENDPOINTDN", ?1) > 0 ` +
    `AND ${newest('G_PARTY', searched * PARTIES_OF_A_CALL)}`;
  const part = `(${own} OR "CALLID" IN (${parties})) AND ${newest('G_CALL', searched)}`;
  const found =
    `rowid IN (SELECT rowid FROM "G_CALL" WHERE ${part} ` +
    `UNION SELECT rowid FROM "G_CALL" WHERE "CALLID" = ?1)`;
  return (
    `SELECT rowid AS row, ${TOLD.join(', ')} FROM "G_CALL" ` +
    `WHERE ${text === '' ? '?1 = ?1' : found} ` +
    `ORDER BY rowid DESC LIMIT ${Math.floor(limit)}`
  );
}
