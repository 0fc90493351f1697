import { PROVIDER_TAG } from '../../engine/idb/dictionary.ts';
import { EXTRACTION_ROUTES, type ExtractionRoute } from '../../engine/idb/extraction-routes.ts';
import { IDB_TABLES, type IdbTable, idbTable } from '../../engine/idb/schema.ts';
import type { IdbDatabase } from '../idb/idb-database.ts';
import { STAR_DIMENSIONS } from './star.ts';
import type { Progress, Warehouse } from './warehouse.ts';

/**
 * The recommended way of extraction as an incremental job. ICON numbers what it inserts (GSYS_SEQ)
 * and changes (GSYS_USEQ), so that what came after the last run is known, late changes included; an
 * interaction of which anything has changed is taken whole, by the three steps. A run that was cut
 * short goes on behind its last batch, and taking a row twice does nothing.
 */

export type ExtractTotals = { interactions: number; sessions: number; rows: number };

/** The snapshot is older than what the target holds, or of another lab. */
export class OtherSnapshotError extends Error {}

/** Tables of user data are numbered by their own provider. */
const USER_DATA = /USERDATA|CUSTOM/;
/** Login sessions and what is of them, with the column that says which. */
export const SESSION_TABLES: readonly (readonly [name: string, column: string])[] = [
  ['G_LOGIN_SESSION', 'LOGINSESSIONID'],
  ['GX_SESSION_ENDPOINT', 'LOGINSESSIONID'],
  ['G_AGENT_STATE_HISTORY', 'LOGINSESSIONID'],
  ['G_AGENT_STATE_RC', 'SESSIONID'],
  ['GS_AGENT_STAT', 'LOGINSESSIONID'],
  ['GS_AGENT_STAT_WM', 'LOGINSESSIONID'],
  ['G_DND_HISTORY', 'LOGINSESSIONID'],
];
export const WHOLE_TABLES = IDB_TABLES.filter(({ name }) => /^(GCX?_|G_DSS_|G_DICT)/.test(name));

const IDENTITY_COLUMNS = [
  ['G_IR', 'IRID'],
  ['G_LOGIN_SESSION', 'LOGINSESSIONID'],
] as const;

const providerOf = ({ name }: IdbTable) => (USER_DATA.test(name) ? 'GUD' : 'GCC');

/** Extracts in batches of so many interactions; `onBatch` may keep what there is. */
export async function extract(
  source: IdbDatabase,
  target: Warehouse,
  batch: number,
  onBatch: () => Promise<void> = async () => {},
): Promise<ExtractTotals> {
  const totals: ExtractTotals = { interactions: 0, sessions: 0, rows: 0 };
  const isResumed = target.progress()['next GCC'] > 0;
  await pass(source, target, batch, onBatch, totals);
  // What it had done before it was cut short may have changed since.
  if (isResumed) await pass(source, target, batch, onBatch, totals);
  return totals;
}

async function pass(
  source: IdbDatabase,
  target: Warehouse,
  batch: number,
  onBatch: () => Promise<void>,
  totals: ExtractTotals,
): Promise<void> {
  begin(source, target);
  const progress = target.progress();
  markTouched(source, progress);
  for (;;) {
    const { position } = target.progress();
    const next = source.readRows('SELECT ID, IRID FROM TOUCHED WHERE ID > ? ORDER BY ID LIMIT ?', [
      position,
      batch,
    ]);
    if (next.length === 0) break;
    const last = Number(next.at(-1)![0]);
    const ids = next.map(([, irid]) => String(irid));
    target.transaction({ position: last }, () => {
      totals.rows += takeInteractions(source, target, position, last);
      target.makeFacts('interaction', ids);
    });
    totals.interactions += ids.length;
    await onBatch();
  }
  const { 'next GCC': GCC, 'next GUD': GUD, 'next GLS': GLS, 'next TIME': TIME } = progress;
  const done = { GCC, GUD, GLS, TIME, position: 0, 'next GCC': 0 };
  target.transaction(done, () => {
    const sessions = takeSessions(source, target, progress);
    totals.sessions += sessions.ids.length;
    totals.rows += sessions.rows + takeWhole(source, target);
    target.makeFacts('session', sessions.ids);
    for (const sql of STAR_DIMENSIONS) target.run(sql);
  });
  await onBatch();
}

/** A run takes all up to where the source is now; one that was cut short keeps its aim. */
function begin(source: IdbDatabase, target: Warehouse): void {
  const known = target.progress();
  const now = {
    'next GCC': highest(source, 'GCC', tablesOf('GCC')),
    'next GUD': highest(source, 'GUD', tablesOf('GUD')),
    'next GLS': highest(
      source,
      'GLS',
      SESSION_TABLES.map(([name]) => idbTable(name)),
    ),
    'next TIME': latestChange(source),
  };
  const isOlder = (['GCC', 'GUD', 'GLS'] as const).some(
    (name) => now[`next ${name}`] < Math.max(known[name], known[`next ${name}`]),
  );
  if (isOlder || !isSameDatabase(source, target)) {
    throw new OtherSnapshotError('the snapshot is older than what has been extracted, or another');
  }
  if (known['next GCC'] === 0) target.transaction({ ...now, position: 0 }, () => {});
}

/** The newest interaction and login session are what the source has under their ids. */
function isSameDatabase(source: IdbDatabase, target: Warehouse): boolean {
  return IDENTITY_COLUMNS.every(([table, column]) => {
    const newest = target.newest(table, column);
    const sql = `SELECT "${column}" FROM "${table}" WHERE ID = ?`;
    const [found] = newest ? source.readRows(sql, [newest.id]) : [];
    // Not found: it has been purged.
    return !found || found[0] === newest?.key;
  });
}

function tablesOf(provider: 'GCC' | 'GUD'): IdbTable[] {
  return EXTRACTION_ROUTES.map(({ table }) => table).filter((one) => providerOf(one) === provider);
}

/** G_PROV_CONTROL lags behind the rows by a minute, and knows of those that have been purged. */
function highest(
  source: IdbDatabase,
  provider: 'GCC' | 'GUD' | 'GLS',
  tables: readonly IdbTable[],
): number {
  const control = 'SELECT max(SEQCURRENT) FROM G_PROV_CONTROL WHERE PROVIDERTAG = ?';
  const [[current]] = source.readRows(control, [PROVIDER_TAG[provider]]);
  const each = tables.map(({ name }) => {
    const sql = `SELECT max(max(GSYS_SEQ, ifnull(GSYS_USEQ, 0))) FROM "${name}"`;
    return Number(source.readRows(sql)[0][0] ?? 0);
  });
  return Math.max(Number(current ?? 0), ...each);
}

function latestChange(source: IdbDatabase): number {
  const each = ['G_IR', 'G_CALL', 'G_PARTY', 'G_IS_LINK'].map((name) => {
    const sql = `SELECT max(LASTCHANGE_TS) FROM "${name}"`;
    return Number(source.readRows(sql)[0][0] ?? 0);
  });
  return Math.max(0, ...each);
}

/** What says when a row was last changed, also by a stored procedure. */
const CHANGE_TIMES = ['LASTCHANGE_TS', 'TERMINATED_TS'];

/** TOUCHED: interactions of which any row came or changed since the last run. */
function markTouched(source: IdbDatabase, progress: Progress): void {
  const parts = EXTRACTION_ROUTES.map((route) => {
    const { table } = route;
    const mark = progress[providerOf(table)];
    const column = CHANGE_TIMES.find((name) => table.columnNumbers.has(name));
    const time = column ? ` OR t.${column} >= ${progress.TIME}` : '';
    const changed = `(t.GSYS_SEQ > ${mark} OR t.GSYS_USEQ > ${mark}${time})`;
    return `${interactionOf(route)} WHERE ${changed}`;
  });
  source.run('DROP TABLE IF EXISTS temp.TOUCHED');
  source.run(
    `CREATE TEMP TABLE TOUCHED AS SELECT DISTINCT i.ID AS ID, i.IRID AS IRID
     FROM (${parts.join(' UNION ')}) AS k JOIN G_IR i ON i.IRID = k.IRID`,
  );
  source.run('CREATE INDEX temp.IDX_TOUCHED ON TOUCHED (ID)');
}

function interactionOf({ by, column, table }: ExtractionRoute): string {
  const from = `FROM "${table.name}" t`;
  if (by === 'CALLID') {
    return `SELECT c.IRID ${from} JOIN G_CALL c ON c.CALLID = t."${column}"`;
  }
  if (by === 'PARTYID') {
    return `SELECT c.IRID ${from} JOIN G_PARTY p ON p.PARTYID = t."${column}"
      JOIN G_CALL c ON c.CALLID = p.CALLID`;
  }
  return `SELECT t.IRID ${from}`;
}

/** The three steps for those of TOUCHED between two ids; answers how many rows that were. */
function takeInteractions(
  source: IdbDatabase,
  target: Warehouse,
  after: number,
  last: number,
): number {
  const irids = `SELECT IRID FROM TOUCHED WHERE ID > ${after} AND ID <= ${last}`;
  const calls = `SELECT CALLID FROM G_CALL WHERE IRID IN (${irids})`;
  const parties = `SELECT PARTYID FROM G_PARTY WHERE CALLID IN (${calls})`;
  const keys = { IRID: irids, CALLID: calls, PARTYID: parties } as const;
  let count = 0;
  for (const { by = 'IRID', column, table } of EXTRACTION_ROUTES) {
    count += copy(source, target, table, `"${column}" IN (${keys[by]})`);
  }
  return count;
}

function takeSessions(source: IdbDatabase, target: Warehouse, { GLS }: Progress) {
  const touched = SESSION_TABLES.map(
    ([name, column]) =>
      `SELECT "${column}" AS ID FROM "${name}" WHERE GSYS_SEQ > ${GLS} OR GSYS_USEQ > ${GLS}`,
  ).join(' UNION ');
  const ids = source.readRows(`SELECT ID FROM (${touched}) WHERE ID IS NOT NULL`).map(String);
  let rows = 0;
  for (const [name, column] of SESSION_TABLES) {
    rows += copy(source, target, idbTable(name), `"${column}" IN (${touched})`);
  }
  return { ids, rows };
}

/** Small, and changed in place: taken whole each time. */
function takeWhole(source: IdbDatabase, target: Warehouse): number {
  let count = 0;
  for (const table of WHOLE_TABLES) count += copy(source, target, table, '1');
  return count;
}

function copy(source: IdbDatabase, target: Warehouse, table: IdbTable, where: string): number {
  const rows = source.readRows(`SELECT rowid, * FROM "${table.name}" WHERE ${where}`);
  target.put(table, rows);
  return rows.length;
}
