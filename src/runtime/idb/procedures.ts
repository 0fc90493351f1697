import type { ProcedureCall, ProcedureName } from '../../engine/idb/procedures.ts';
import { formatGmt } from '../../engine/idb/row-changes.ts';

/**
 * Stored procedures of IDB, in SQL. SQLite has no stored procedures: each is a list of statements.
 * Those that change rows answer their row ids, so that it can be told why a row is as it is.
 */

export type ProcedureStatement = {
  readonly sql: string;
  /** Table whose rows `RETURNING rowid` names; without it the statement is no change of rows. */
  readonly table: string;
  readonly op: 'insert' | 'update' | 'delete';
};

const ms = 1000;
const CHANGED = 'LASTCHANGE = :now, LASTCHANGE_TS = :ts, LASTCHANGE_TCODE = :tcode';
const ENDED = 'TERMINATED = :now, TERMINATED_TS = :ts, TERMINATED_TCODE = :tcode';

function update(table: string, set: string, where: string): ProcedureStatement {
  const sql = `UPDATE "${table}" SET ${set} WHERE ${where} RETURNING rowid`;
  return { sql, table, op: 'update' };
}

function remove(table: string, where: string): ProcedureStatement {
  return { sql: `DELETE FROM "${table}" WHERE ${where} RETURNING rowid`, table, op: 'delete' };
}

/** Links of which both sides are here; of these the source is the parent. */
const PAIRS = `
  SELECT target.CALLID AS CHILD, source.CALLID AS PARENT
  FROM G_IS_LINK AS target JOIN G_IS_LINK AS source ON source.LINKID = target.LINKID
  WHERE target.ISLINKTYPE = 3 AND source.ISLINKTYPE = 2`;

/** How deep calls may be linked through several switches. */
const MERGE_DEPTH = 8;

function merge(givesUp: boolean): ProcedureStatement[] {
  const join = update(
    'G_IR',
    `MERGESTATE = 1, ${CHANGED},
     PARENTIRID = (SELECT parent.IRID FROM (${PAIRS}) AS pair
       JOIN G_CALL AS parent ON parent.CALLID = pair.PARENT WHERE pair.CHILD = G_IR.ROOTCALLID)`,
    `MERGESTATE IS NULL AND ROOTCALLID IN (SELECT CHILD FROM (${PAIRS}))`,
  );
  const roots = update(
    'G_IR',
    `${CHANGED},
     ROOTIRID = (SELECT parent.ROOTIRID FROM G_IR AS parent WHERE parent.IRID = G_IR.PARENTIRID)`,
    `PARENTIRID IS NOT NULL AND ROOTIRID <>
       (SELECT parent.ROOTIRID FROM G_IR AS parent WHERE parent.IRID = G_IR.PARENTIRID)`,
  );
  const calls = update(
    'G_CALL',
    `${CHANGED}, ROOTIRID = (SELECT ROOTIRID FROM G_IR WHERE G_IR.IRID = G_CALL.IRID)`,
    'ROOTIRID <> (SELECT ROOTIRID FROM G_IR WHERE G_IR.IRID = G_CALL.IRID)',
  );
  const links = update(
    'G_IS_LINK',
    `MERGESTATE = 1, ${CHANGED}`,
    `MERGESTATE = 0 AND CALLID IN
       (SELECT CHILD FROM (${PAIRS}) UNION SELECT PARENT FROM (${PAIRS}))`,
  );
  const rootSteps = Array.from({ length: MERGE_DEPTH }, () => roots);
  const failed = update(
    'G_IS_LINK',
    `MERGESTATE = 2, STATE = 3, ${CHANGED}`,
    `MERGESTATE = 0 AND REMOTELOCATION NOT IN
       (SELECT ifnull(REMOTELOCATION, '') FROM GSYS_DNPREMOTELOCATION)`,
  );
  return [join, ...rootSteps, calls, links, ...(givesUp ? [failed] : [])];
}

function stuckCalls(): ProcedureStatement[] {
  const overdue = `SELECT CALLID FROM G_CALL
    WHERE STATE = 2 AND TERMINATED_TS <= :ts - CAST(:p1 AS INTEGER)`;
  return [
    update(
      'G_PARTY',
      `PREVSTATE = STATE, STATE = 0, ${ENDED}, ${CHANGED}`,
      `TERMINATED IS NULL AND CALLID IN (${overdue})`,
    ),
    update(
      'G_VIRTUAL_QUEUE',
      `STATUS = 2, CAUSE = 4, ${ENDED}`,
      `STATUS = 1 AND ORIGCALLID IN (${overdue})`,
    ),
    update(
      'G_IR',
      `GSYS_EXT_VCH2 = 'LOW:stuck', ${CHANGED}`,
      `GSYS_EXT_VCH2 IS NULL AND ROOTCALLID IN
         (SELECT CALLID FROM G_PARTY WHERE TERMINATED_TS = :ts)`,
    ),
  ];
}

const OLDER = ':ts - CAST(:p1 AS INTEGER) * 86400';

function purgeInteractions(): ProcedureStatement[] {
  const interactions = `SELECT IRID FROM G_IR WHERE STATE = 2 AND TERMINATED_TS < ${OLDER}`;
  const calls = `SELECT CALLID FROM G_CALL WHERE IRID IN (${interactions})`;
  const parties = `SELECT PARTYID FROM G_PARTY WHERE CALLID IN (${calls})`;
  const ofCalls = [
    ...['G_PARTY', 'G_CALL_HISTORY', 'G_CALL_STAT', 'G_ROUTE_RESULT', 'G_ROUTE_RES_VQ_HIST'],
    ...['G_IS_LINK', 'G_IS_LINK_HISTORY', 'G_CALL_USERDATA', 'G_CALL_USERDATA_CUST'],
    ...['G_CALL_USERDATA_CUST1', 'G_CALL_USERDATA_CUST2'],
  ];
  return [
    remove('G_PARTY_HISTORY', `PARTYID IN (${parties})`),
    remove('G_PARTY_STAT', `PARTYID IN (${parties})`),
    ...ofCalls.map((table) => remove(table, `CALLID IN (${calls})`)),
    remove('G_VIRTUAL_QUEUE', `ORIGCALLID IN (${calls})`),
    remove('G_CALL', `IRID IN (${interactions})`),
    remove('G_IR_HISTORY', `IRID IN (${interactions})`),
    remove('G_IR', `STATE = 2 AND TERMINATED_TS < ${OLDER}`),
  ];
}

function purgeSessions(): ProcedureStatement[] {
  const sessions = `SELECT LOGINSESSIONID FROM G_LOGIN_SESSION
    WHERE STATE = 2 AND TERMINATED_TS < ${OLDER}`;
  const tables = [
    ...['GX_SESSION_ENDPOINT', 'G_AGENT_STATE_HISTORY', 'GS_AGENT_STAT', 'GS_AGENT_STAT_WM'],
    'G_DND_HISTORY',
  ];
  return [
    remove('G_AGENT_STATE_RC', `SESSIONID IN (${sessions})`),
    ...tables.map((table) => remove(table, `LOGINSESSIONID IN (${sessions})`)),
    remove('G_LOGIN_SESSION', `STATE = 2 AND TERMINATED_TS < ${OLDER}`),
  ];
}

function purgeOutbound(): ProcedureStatement[] {
  const chains = `SELECT CHAINGUID FROM GO_CHAIN WHERE TERMINATED_TS < ${OLDER}`;
  const ofChains = [
    ...['GO_CHAINREC_HIST', 'GO_CUSTOM_FIELDS', 'GO_SECURE_FIELDS', 'GO_SEC_FIELDHIST'],
    ...['GO_FIELDHIST', 'GOX_CHAIN_CALL', 'GO_RECORD'],
  ];
  const sessions = `SELECT SESSID FROM GO_CAMPAIGN WHERE TERMINATED_TS < ${OLDER}`;
  return [
    ...ofChains.map((table) => remove(table, `CHAINGUID IN (${chains})`)),
    remove('GO_CHAIN', `TERMINATED_TS < ${OLDER}`),
    ...['GO_CAMPAIGNHISTORY', 'GO_CAMPPROP_HIST', 'GO_METRICS'].map((table) =>
      remove(table, `SESSID IN (${sessions})`),
    ),
    remove('GO_CAMPAIGN', `TERMINATED_TS < ${OLDER}`),
  ];
}

/** A row for every five minutes from one date to another (documented), with its log messages. */
function timeCodes({ parameters, utcSeconds, ...rows }: ProcedureCall): ProcedureStatement[] {
  const [begin, end] = parameters.map((date) => Date.parse(date) / ms);
  const message = (row: number, id: number, text: string): ProcedureStatement => ({
    sql: `INSERT OR IGNORE INTO G_LOG_MESSAGES (ID, MESSAGE_ID, PRIORITY, ADDED, MESSAGETEXT)
      VALUES (${row}, ${id}, 1, '${formatGmt(utcSeconds)}', '${text}') RETURNING rowid`,
    table: 'G_LOG_MESSAGES',
    op: 'insert',
  });
  const attribute = (row: number, of: number, name: string, value: string): ProcedureStatement => ({
    sql: `INSERT OR IGNORE INTO G_LOG_ATTRS VALUES (${row}, ${of}, '${name}', '${value}')
      RETURNING rowid`,
    table: 'G_LOG_ATTRS',
    op: 'insert',
  });
  const { firstMessageRow: first, firstAttributeRow } = rows;
  return [
    message(first, 5040, 'gsysInitTimeCode has started'),
    attribute(firstAttributeRow, first, 'BEGIN_DATE', parameters[0]),
    attribute(firstAttributeRow + 1, first, 'END_DATE', parameters[1]),
    {
      sql: `WITH RECURSIVE code(ID) AS (SELECT ${begin} UNION ALL
          SELECT ID + 300 FROM code WHERE ID + 300 < ${end})
        INSERT OR IGNORE INTO G_TIMECODE
          (ID, TC_YEAR, TC_MONTH, TC_DAY, TC_HOUR, TC_MINUTE, TC_WEEKDAY, BEGIN_DATE)
        SELECT ID, strftime('%Y', ID, 'unixepoch') + 0, strftime('%m', ID, 'unixepoch') + 0,
          strftime('%d', ID, 'unixepoch') + 0, strftime('%H', ID, 'unixepoch') + 0,
          strftime('%M', ID, 'unixepoch') + 0, strftime('%w', ID, 'unixepoch') + 0,
          datetime(ID, 'unixepoch') FROM code`,
      table: '',
      op: 'insert',
    },
    message(first + 1, 5050, 'gsysInitTimeCode has ended'),
  ];
}

const STATEMENTS: Readonly<Record<ProcedureName, (call: ProcedureCall) => ProcedureStatement[]>> = {
  gsysInitTimeCode: timeCodes,
  gsysIRMerge: () => merge(false),
  gsysIRMerge2: () => merge(true),
  gsysIRMergeReset: () => [
    update('G_IS_LINK', `MERGESTATE = 0, STATE = 1, ${CHANGED}`, 'MERGESTATE = 2'),
  ],
  gsysStuckCalls: stuckCalls,
  gsysPurgeIR: purgeInteractions,
  gsysPurgeUDH: () => [
    remove('G_USERDATA_HISTORY', `ADDED_TS < ${OLDER}`),
    remove('G_SECURE_USERDATA_HISTORY', `ADDED_TS < ${OLDER}`),
  ],
  gsysPurgeLS: purgeSessions,
  gsysPurgeOS: purgeOutbound,
};

/** The statements of a call, in order; all of them are one transaction. */
export function procedureStatements(call: ProcedureCall): ProcedureStatement[] {
  return STATEMENTS[call.name](call);
}
