import type { Side } from '../icm/messages.ts';
import type { Message } from '../kernel/events.ts';
import type { Behaviour, Context } from '../kernel/process.ts';
import { decodeRecords } from '../kernel/record-log.ts';
import {
  type ConfigurationClient,
  closeClient,
  createClients,
  onClientMessage,
  openClient,
  tellClients,
} from './clients.ts';
import {
  createHistoryLog,
  type HistoryLogState,
  keepRecords,
  onHistoryTimer,
  openHistoryLog,
  writeRecords,
} from './history-log.ts';
import {
  connectLoggers,
  createLoggerLinks,
  type LoggerLinks,
  onConfirmTimeout,
  onLoggerClosed,
  onLoggerMessage,
  onLoggerOpened,
  sendMore,
} from './logger-links.ts';
import { CONFIGURATION_SERVER_PORT, type HistoryRecord } from './messages.ts';
import {
  type ConfigurationChange,
  type ConfigurationObject,
  isForRouter,
  objectKey,
  objectsByKey,
} from './object-types.ts';
import type { PreparedEdit } from './prepared-edit.ts';
import type { ObjectChange } from './transaction.ts';
import { createUndoStack, noteTransaction, type UndoStack } from './undo-stack.ts';

export type ConfigurationServerState = {
  readonly objects: Map<string, ConfigurationObject>;
  nextDbid: number;
  nextTransaction: number;
  /** Number of the next record for clients. */
  nextRecord: number;
  readonly undo: UndoStack;
  /** Transactions on their way to the disk: nobody is told of them before they are there. */
  readonly unsynced: Unsynced[];
  /** Records that are on the disk and that not all clients are told of yet. */
  readonly untold: HistoryRecord[];
  /** What clients asked meanwhile. */
  readonly asked: { readonly session: number; readonly message: Message }[];
  readonly log: HistoryLogState;
  /** By session. */
  readonly clients: Map<number, ConfigurationClient>;
  readonly loggers: LoggerLinks;
};

type Unsynced = {
  readonly records: readonly HistoryRecord[];
  /** The history log was active when the edit was made. */
  readonly isKept: boolean;
  /** Last revision for the routers, with this transaction. */
  readonly revision: number;
};

export type ServerContext = Context<ConfigurationServerState>;

/** One transaction as the Configuration Database keeps it. */
export type StoredTransaction = {
  readonly transaction: number;
  readonly kind: 'edit' | 'undo' | 'redo';
  readonly title: string;
  readonly lastRecord: number;
  readonly changedAt: number;
  readonly changes: readonly ObjectChange[];
};

/** The Configuration Database: every transaction since the lab was made. */
const DATABASE_FILE = 'configuration.db';
/** Emulator choice: so many records are told in one go. */
const TOLD_AT_ONCE = 200;
/** The timer by which it goes on with the next ones. */
export const TELL_CLIENTS = 'tell clients';

/** Keeps the configuration of the whole contact centre and tells both vendors of each change. */
export const configurationServer: Behaviour<ConfigurationServerState> = {
  kind: 'configuration-server',
  create(config) {
    const { objects, hosts } = config as {
      objects: readonly ConfigurationObject[];
      hosts: Record<Side, string>;
    };
    return {
      objects: objectsByKey(objects),
      nextDbid: objects.reduce((highest, { dbid }) => Math.max(highest, dbid), 0) + 1,
      nextTransaction: 1,
      nextRecord: 1,
      undo: createUndoStack(),
      unsynced: [],
      untold: [],
      asked: [],
      log: createHistoryLog(),
      clients: createClients(),
      loggers: createLoggerLinks(hosts),
    };
  },
  onStart(context) {
    const isFirst = !readDatabase(context);
    openHistoryLog(context);
    if (isFirst) return serve(context);
    // An earlier run may have written what is not durable yet.
    context.syncFile(DATABASE_FILE);
    const { state } = context;
    state.unsynced.push({ records: [], isKept: false, revision: state.loggers.changes.length });
  },
  onDiskSynced(context, path) {
    if (path === DATABASE_FILE) onDurable(context);
  },
  onTimer(context, name) {
    if (onHistoryTimer(context, name)) return;
    if (name === TELL_CLIENTS) tellMore(context);
    else if (name === 'confirm') onConfirmTimeout(context);
    else connectLoggers(context);
  },
  onAccepted: (context, { session }) => openClient(context, session),
  onOpened: (context, { session }) => onLoggerOpened(context, session),
  onClosed(context, session) {
    closeClient(context, session);
    onLoggerClosed(context, session);
  },
  onMessage(context, { session, message }) {
    if (onLoggerMessage(context, session, message)) return;
    if (isTelling(context)) context.state.asked.push({ session, message });
    else onClientMessage(context, session, message);
  },
  onCommand: (context, _command, prepared) => edit(context, prepared as PreparedEdit),
};

function serve(context: ServerContext): void {
  context.listen(CONFIGURATION_SERVER_PORT);
  connectLoggers(context);
}

/** The oldest transaction on its way is on the disk: now it is told. */
function onDurable(context: ServerContext): void {
  const { state } = context;
  const durable = state.unsynced.shift();
  if (!durable) return;
  const { records, isKept, revision } = durable;
  state.loggers.durable = revision;
  // The start of a server that was here before.
  if (records.length === 0) serve(context);
  else {
    if (isKept) keepRecords(context, records);
    for (const record of records) state.untold.push(record);
  }
  sendMore(context);
  tellMore(context);
}

/** A long transaction is told in parts: neither this event nor a client's is long by it. */
function tellMore(context: ServerContext): void {
  const { state } = context;
  tellClients(context, state.untold.splice(0, TOLD_AT_ONCE));
  if (state.untold.length > 0) context.setTimer(TELL_CLIENTS, 0);
  if (isTelling(context)) return;
  for (const { session, message } of state.asked.splice(0)) {
    onClientMessage(context, session, message);
  }
}

/** Who asks now is answered when everybody knows what is so already. */
function isTelling({ state }: ServerContext): boolean {
  return state.unsynced.length > 0 || state.untold.length > 0;
}

/** False when there is none yet. */
function readDatabase(context: ServerContext): boolean {
  const { state } = context;
  const bytes = context.readFile(DATABASE_FILE);
  if (!bytes) return false;
  for (const record of decodeRecords(bytes).records) {
    const stored = record as StoredTransaction;
    applyChanges(state, stored);
    state.nextTransaction = stored.transaction + 1;
    state.nextRecord = stored.lastRecord + 1;
    noteTransaction(state.undo, stored);
  }
  return true;
}

/** Brings the objects up to a transaction; what is for the router gets the next revisions. */
function applyChanges(
  state: ConfigurationServerState,
  { changes, changedAt }: StoredTransaction,
): void {
  const { objects, loggers } = state;
  for (const { action, object } of changes) {
    const key = objectKey(object.type, object.dbid);
    const before = objects.get(key);
    if (action === 'deleted') objects.delete(key);
    else objects.set(key, object);
    state.nextDbid = Math.max(state.nextDbid, object.dbid + 1);
    const was = before !== undefined && isForRouter(before);
    const is = action !== 'deleted' && isForRouter(object);
    if (!was && !is) continue;
    const forRouter = was && is ? action : is ? 'created' : 'deleted';
    const revision = loggers.changes.length + 1;
    const change: ConfigurationChange = { revision, action: forRouter, changedAt, object };
    loggers.changes.push(change);
  }
}

/** All of a transaction or nothing: what is wrong was refused before the command was given. */
function edit(context: ServerContext, prepared: PreparedEdit): void {
  const { state } = context;
  const { stored, storedBytes, records, recordBytes, settings } = prepared;
  if (stored.transaction !== state.nextTransaction++) {
    throw new Error(`transaction ${stored.transaction} was prepared for another state`);
  }
  state.nextRecord = stored.lastRecord + 1;
  applyChanges(state, stored);
  noteTransaction(state.undo, stored);
  context.appendFile(DATABASE_FILE, storedBytes);
  context.syncFile(DATABASE_FILE);
  writeRecords(context, settings, recordBytes);
  state.unsynced.push({
    records,
    isKept: settings.active,
    revision: state.loggers.changes.length,
  });
}
