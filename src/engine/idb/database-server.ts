import type { Behaviour, Context } from '../kernel/process.ts';
import { decodeRecords, encodeRecord } from '../kernel/record-log.ts';
import {
  type ConfigurationImage,
  type ImageRow,
  imageRows,
  isConfigurationTable,
  keepImage,
  readImage,
} from './configuration-image.ts';
import { initScript } from './init-script.ts';
import type { ProcedureCall, ProcedureName } from './procedures.ts';
import type { IdbTransaction } from './row-changes.ts';
import { idbTable } from './schema.ts';

export const DATABASE_PORT = 5432;
const CONTROL_FILE = 'idb/control';

/** Between ICON and the RDBMS that holds IDB. */
export type DatabaseMessage =
  | { type: 'open'; icon: string }
  | {
      type: 'opened';
      position: number;
      lastRows: ReadonlyMap<number, number>;
      sequences: ReadonlyMap<string, number>;
    }
  /** Rows of the tables of active calls and interactions. */
  | { type: 'read active' }
  | { type: 'active rows'; rows: readonly ImageRow[] }
  /** `record` is a QueueRecord as it lies in the queue file. */
  | { type: 'transaction'; position: number; record: Uint8Array }
  | { type: 'committed'; position: number }
  | { type: 'read configuration' }
  | { type: 'configuration rows'; rows: readonly ImageRow[] };

/** One record of ICON's persistent queue: the unit of a database transaction. */
export type QueueRecord = {
  readonly position: number;
  readonly shapes: readonly string[];
  readonly bytes: Uint8Array;
  /** Highest row id that ICON has given in each table, by table number. */
  readonly lastRows: ReadonlyMap<number, number>;
  /** Last GSYS_SEQ of each provider. */
  readonly sequences: ReadonlyMap<string, number>;
};

type PendingCommit = QueueRecord & { readonly session: number; readonly icon: string };

export type DatabaseServerState = {
  /** Queue position up to which each ICON's data is committed: kept in the database itself. */
  readonly positions: Map<string, number>;
  /** Highest row id of each table, by table number. */
  readonly lastRows: Map<number, number>;
  /** By ICON: last GSYS_SEQ of each provider. */
  readonly sequences: Map<string, ReadonlyMap<string, number>>;
  readonly clients: Map<number, string>;
  /** Being committed, in order; the first one is on its way to the disk. */
  readonly pending: PendingCommit[];
  /** Rows of the configuration tables, committed. */
  readonly configuration: ConfigurationImage;
  readonly imageBytes: { total: number; whole: number };
};

/**
 * The RDBMS of IDB. Rows leave the engine as output, once they are durable, and live in real
 * SQLite; the server itself keeps what it needs to commit each transaction exactly once.
 */
export const databaseServer: Behaviour<DatabaseServerState> = {
  kind: 'rdbms',
  create: () => ({
    positions: new Map(),
    lastRows: new Map(),
    sequences: new Map(),
    clients: new Map(),
    pending: [],
    configuration: new Map(),
    imageBytes: { total: 0, whole: 0 },
  }),
  onStart(context) {
    const stored = context.readFile(CONTROL_FILE);
    const last = stored ? restoreControl(context.state, stored) : runInitScript(context);
    // It may have been stored and not handed out; who keeps the rows takes each position once.
    if (last) context.emit(last);
    readImage(context, context.state.positions, last);
    context.listen(DATABASE_PORT);
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    const typed = message as unknown as DatabaseMessage;
    if (typed.type === 'open') {
      state.clients.set(session, typed.icon);
      const position = state.positions.get(typed.icon) ?? 0;
      const sequences = state.sequences.get(typed.icon) ?? new Map<string, number>();
      const lastRows = new Map(state.lastRows);
      context.send(session, { type: 'opened', position, lastRows, sequences });
    } else if (typed.type === 'transaction') {
      const icon = state.clients.get(session);
      if (icon === undefined) return;
      const [record] = decodeRecords(typed.record).records as unknown as QueueRecord[];
      state.pending.push({ ...record, session, icon });
      if (state.pending.length === 1) writeFirst(context);
    } else if (typed.type === 'read configuration') {
      const rows = imageRows(state.configuration, isConfigurationTable);
      context.send(session, { type: 'configuration rows', rows });
    } else if (typed.type === 'read active') {
      const rows = imageRows(state.configuration, (table) => !isConfigurationTable(table));
      context.send(session, { type: 'active rows', rows });
    }
  },
  onDiskSynced(context, path) {
    if (path !== CONTROL_FILE) return;
    const done = context.state.pending.shift();
    if (done) finish(context, done);
    if (context.state.pending.length > 0) writeFirst(context);
  },
  onClosed: (context, session) => void context.state.clients.delete(session),
  onCommand(context, command) {
    const { name, parameters = [] } = command as unknown as {
      name: ProcedureName;
      parameters?: readonly string[];
    };
    context.emit(callProcedure(context, name, parameters));
  },
};

function writeFirst(context: Context<DatabaseServerState>): void {
  const { state } = context;
  const { icon, position, shapes, bytes, lastRows: given, sequences } = state.pending[0];
  if (position > (state.positions.get(icon) ?? 0)) {
    state.positions.set(icon, position);
    for (const [table, row] of given) {
      state.lastRows.set(table, Math.max(state.lastRows.get(table) ?? 0, row));
    }
    state.sequences.set(icon, sequences);
    const { positions, lastRows } = state;
    const last: IdbTransaction = { kind: 'idb transaction', icon, position, shapes, bytes };
    context.replaceFile(
      CONTROL_FILE,
      encodeRecord({ positions, lastRows, sequences: state.sequences, last }),
    );
  } else {
    // Sent again after a restart of ICON: already in the database.
    state.pending[0] = { ...state.pending[0], shapes: [], bytes: new Uint8Array(0) };
  }
  context.syncFile(CONTROL_FILE);
}

function finish(context: Context<DatabaseServerState>, done: PendingCommit): void {
  const { session, icon, position, shapes, bytes } = done;
  if (bytes.length > 0) {
    const transaction: IdbTransaction = { kind: 'idb transaction', icon, position, shapes, bytes };
    context.emit(transaction);
    keepImage(context, transaction);
  }
  context.send(session, { type: 'committed', position });
}

/** The rows are where the procedure runs; the ids of its log are given here. */
function callProcedure(
  context: Context<DatabaseServerState>,
  name: ProcedureName,
  parameters: readonly string[],
): ProcedureCall {
  const { lastRows } = context.state;
  const take = (table: string, count: number) => {
    const { number } = idbTable(table);
    const first = (lastRows.get(number) ?? 0) + 1;
    lastRows.set(number, first + count - 1);
    return first;
  };
  return {
    kind: 'idb procedure',
    name,
    parameters,
    utcSeconds: Math.floor(context.utcSeconds),
    firstMessageRow: take('G_LOG_MESSAGES', LOG_ROWS),
    firstAttributeRow: take('G_LOG_ATTRS', LOG_ROWS),
  };
}

/** Rows that one call may write in each log table. */
const LOG_ROWS = 2;

/** A database that is made for the first time: its dictionaries are filled. */
function runInitScript(context: Context<DatabaseServerState>): undefined {
  context.emit(initScript(context.eventSeq, Math.floor(context.utcSeconds)));
  return undefined;
}

type Control = Pick<DatabaseServerState, 'positions' | 'lastRows' | 'sequences'> & {
  last: IdbTransaction;
};

/** What the file holds; undefined when it is damaged, which is as if it were not there. */
function restoreControl(
  state: DatabaseServerState,
  stored: Uint8Array,
): IdbTransaction | undefined {
  const [control] = decodeRecords(stored).records as unknown as (Control | undefined)[];
  if (!control?.positions) return undefined;
  for (const [icon, position] of control.positions) state.positions.set(icon, position);
  for (const [table, row] of control.lastRows) state.lastRows.set(table, row);
  for (const [icon, sequences] of control.sequences) state.sequences.set(icon, sequences);
  return control.last;
}
