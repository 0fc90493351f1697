import type { Side } from '../icm/messages.ts';
import type { Message } from '../kernel/events.ts';
import type { Behaviour, Context } from '../kernel/process.ts';
import { decodeRecords, encodeRecord } from '../kernel/record-log.ts';
import {
  type ConfigurationClient,
  closeClient,
  createClients,
  onClientMessage,
  openClient,
  tellClients,
} from './clients.ts';
import type { EditCommand } from './edit-commands.ts';
import { authorOf, editsOf } from './edit-commands.ts';
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
  onLoggerClosed,
  onLoggerMessage,
  onLoggerOpened,
  sendAgain,
  sendMore,
} from './logger-links.ts';
import { CONFIGURATION_SERVER_PORT, type HistoryRecord } from './messages.ts';
import {
  type ConfigurationChange,
  type ConfigurationObject,
  isForRouter,
  OBJECT_TYPES,
  objectKey,
  objectsByKey,
} from './object-types.ts';
import { historyLogSettings } from './server-options.ts';
import { type ObjectChange, planEdits } from './transaction.ts';
import { createUndoStack, noteTransaction, type UndoStack } from './undo-stack.ts';
import { visibilityOf } from './visibility.ts';

export type ConfigurationServerState = {
  readonly objects: Map<string, ConfigurationObject>;
  nextDbid: number;
  nextTransaction: number;
  /** Number of the next record for clients. */
  nextRecord: number;
  readonly undo: UndoStack;
  /** Transactions on their way to the disk: nobody is told of them before they are there. */
  readonly unsynced: Unsynced[];
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
    if (name === 'confirm') sendAgain(context);
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
    if (context.state.unsynced.length > 0) context.state.asked.push({ session, message });
    else onClientMessage(context, session, message);
  },
  onCommand: (context, command: Message) => edit(context, command as unknown as EditCommand),
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
    tellClients(context, records);
  }
  sendMore(context);
  if (state.unsynced.length > 0) return;
  for (const { session, message } of state.asked.splice(0)) {
    onClientMessage(context, session, message);
  }
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
function edit(context: ServerContext, command: EditCommand): void {
  const { state } = context;
  const author = authorOf(command);
  const plan = planEdits(state.objects, state.nextDbid, editsOf(state.undo, command), author);
  if (plan.problems.length > 0)
    throw new Error(`an edit that is refused was made: ${command.type}`);
  const { hiddenFrom, changes: seen } = visibilityOf(state.objects, plan.objects, plan.changes);
  const stored: StoredTransaction = {
    transaction: state.nextTransaction++,
    kind: kindOf(command),
    title: titleOf(plan.changes),
    lastRecord: state.nextRecord + plan.changes.length + seen.length - 1,
    changedAt: Math.floor(context.utcSeconds),
    changes: plan.changes,
  };
  const shared = {
    transaction: stored.transaction,
    author: author.person === 0 ? 'default' : objectKey('person', author.person),
    changedAt: stored.changedAt,
  };
  const records: HistoryRecord[] = [];
  for (const change of plan.changes) {
    const { action, object } = change;
    const record = state.nextRecord++;
    const hidden = hiddenFrom(change);
    records.push({ record, ...shared, action, object, application: 0, hiddenFrom: hidden });
  }
  for (const { action, object, application } of seen) {
    const record = state.nextRecord++;
    records.push({ record, ...shared, action, object, application, hiddenFrom: [] });
  }
  applyChanges(state, stored);
  noteTransaction(state.undo, stored);
  context.appendFile(DATABASE_FILE, encodeRecord(stored));
  context.syncFile(DATABASE_FILE);
  writeRecords(context, records);
  const isKept = historyLogSettings(state.objects).active;
  state.unsynced.push({ records, isKept, revision: state.loggers.changes.length });
}

function kindOf({ type }: EditCommand): StoredTransaction['kind'] {
  if (type === 'undo edit') return 'undo';
  return type === 'redo edit' ? 'redo' : 'edit';
}

/** What a transaction did, in a few words. */
function titleOf(changes: readonly ObjectChange[]): string {
  const [first] = changes;
  const { label, nameField } = OBJECT_TYPES[first.object.type];
  const name = String(first.object.fields[nameField] ?? first.object.dbid);
  const more = changes.length > 1 ? ` and ${changes.length - 1} more` : '';
  return `${label} ${name} ${first.action}${more}`;
}
