import type { Behaviour, Context } from '../kernel/process.ts';
import { decodeRecords, encodeRecord, recordAt } from '../kernel/record-log.ts';
import { initScript } from './init-script.ts';
import type { ProcedureCall, ProcedureName } from './procedures.ts';
import {
  type ActiveRow,
  activeRows,
  configurationRows,
  createReadBack,
  type ImageRow,
  keepReadBack,
  type ReadBack,
  recollectReadBack,
} from './read-back.ts';
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
  | { type: 'active rows'; rows: readonly ActiveRow[] }
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

type PendingCommit = {
  readonly session: number;
  readonly icon: string;
  readonly position: number;
  /** As ICON has sent it and as it reads; undefined when it is in the database already. */
  readonly given: { readonly record: Uint8Array; readonly read: QueueRecord } | undefined;
};

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
  readonly readBack: ReadBack;
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
    readBack: createReadBack(),
  }),
  onStart(context) {
    const stored = context.readFile(CONTROL_FILE);
    const last = stored ? restoreControl(context.state, stored) : runInitScript(context);
    // It may have been stored and not handed out; who keeps the rows takes each position once.
    if (last) context.emit(last);
    recollectReadBack(context, context.state.positions, last);
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
      const { position, record } = typed;
      const read = recordAt(record, 0) as unknown as QueueRecord;
      state.pending.push({ session, icon, position, given: { record, read } });
      if (state.pending.length === 1) writeFirst(context);
    } else if (typed.type === 'read configuration') {
      const rows = configurationRows(state.readBack);
      context.send(session, { type: 'configuration rows', rows });
    } else if (typed.type === 'read active') {
      context.send(session, { type: 'active rows', rows: activeRows(state.readBack) });
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
  const { icon, position, given } = state.pending[0];
  if (given && position > (state.positions.get(icon) ?? 0)) {
    const { lastRows, sequences } = given.read;
    state.positions.set(icon, position);
    for (const [table, row] of lastRows) {
      state.lastRows.set(table, Math.max(state.lastRows.get(table) ?? 0, row));
    }
    state.sequences.set(icon, sequences);
    context.replaceFile(CONTROL_FILE, controlFile(state, icon, given.record));
  } else {
    // Sent again after a restart of ICON: already in the database.
    state.pending[0] = { ...state.pending[0], given: undefined };
  }
  context.syncFile(CONTROL_FILE);
}

/** What the server knows, and behind it the last transaction as its ICON has sent it. */
function controlFile(state: DatabaseServerState, icon: string, record: Uint8Array): Uint8Array {
  const { positions, lastRows, sequences } = state;
  const control = encodeRecord({ positions, lastRows, sequences, icon } satisfies Control);
  const file = new Uint8Array(control.length + record.length);
  file.set(control);
  file.set(record, control.length);
  return file;
}

function transactionOf(icon: string, { position, shapes, bytes }: QueueRecord): IdbTransaction {
  return { kind: 'idb transaction', icon, position, shapes, bytes };
}

function finish(context: Context<DatabaseServerState>, done: PendingCommit): void {
  const { session, icon, position, given } = done;
  if (given) {
    const transaction = transactionOf(icon, given.read);
    context.emit(transaction);
    keepReadBack(context, transaction);
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
  /** Who has sent the last transaction. */
  readonly icon: string;
};

/** What the file holds; undefined when it is damaged, which is as if it were not there. */
function restoreControl(
  state: DatabaseServerState,
  stored: Uint8Array,
): IdbTransaction | undefined {
  const { records } = decodeRecords(stored);
  const [control, last] = records as unknown as [Control?, QueueRecord?];
  if (!control || !last) return undefined;
  for (const [icon, position] of control.positions) state.positions.set(icon, position);
  for (const [table, row] of control.lastRows) state.lastRows.set(table, row);
  for (const [icon, sequences] of control.sequences) state.sequences.set(icon, sequences);
  return transactionOf(control.icon, last);
}
