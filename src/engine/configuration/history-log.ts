import { DAY_SECONDS } from '../kernel/lab-time.ts';
import type { Context } from '../kernel/process.ts';
import {
  decodeRecords,
  encodeRecord,
  encodeRecords,
  encodeRecordsInSteps,
} from '../kernel/record-log.ts';
import type { Steps } from '../kernel/steps.ts';
import type { ConfigurationMessage, HistoryGap, HistoryRecord } from './messages.ts';
import { type ConfigurationObject, OBJECT_TYPES } from './object-types.ts';
import { type HistoryLogSettings, historyLogSettings, IN_MEMORY } from './server-options.ts';

/**
 * The configuration history log: what a client that was away can still be told (source document,
 * "ICON Reads the Configuration History Log"). It is a file of its own beside the database, so
 * it can be off, expire, or be lost while the configuration itself is safe.
 */

/** The session of a client: when it was last there, and whether it is. */
export type ClientRecord = {
  readonly lastSeen: number;
  readonly connected: boolean;
};

export type HistoryLogState = {
  readonly records: HistoryRecord[];
  /** The newest record that was dropped for its age; 0 for none. */
  expired: number;
  /** By the DBID of the client's application. */
  readonly clients: Map<number, ClientRecord>;
  /** File that is written since this start; `all` is read when the server starts. */
  file: string;
  /** Records that are written but not made durable. */
  unsynced: boolean;
};

type HistoryContext = Context<{
  readonly log: HistoryLogState;
  readonly objects: ReadonlyMap<string, ConfigurationObject>;
  nextRecord: number;
}>;

type StoredEntry =
  | { readonly kind: 'expired'; readonly record: number }
  | { readonly kind: 'record'; readonly record: HistoryRecord }
  | { readonly kind: 'client'; readonly application: number; readonly client: ClientRecord };

const FOLDER = 'history/';
/** How often old records are dropped (docs.genesys.com FR HistLog, confirmed for 8.5). */
const PURGE_US = 30 * 60 * 1_000_000;
/** Emulator choice: how late the log reaches the disk without failsafe-store-processing. */
const LAZY_SYNC_US = 60 * 1_000_000;

export function createHistoryLog(): HistoryLogState {
  return { records: [], expired: 0, clients: new Map(), file: '', unsynced: false };
}

export function openHistoryLog(context: HistoryContext): void {
  const { log, objects, nextRecord } = context.state;
  const { file } = historyLogSettings(objects);
  // A folder of its own: whatever the name, it is no other file of the server.
  log.file = file === IN_MEMORY ? file : `${FOLDER}${file}`;
  const bytes = file === IN_MEMORY ? undefined : context.readFile(log.file);
  let isAhead = false;
  for (const entry of decodeRecords(bytes ?? new Uint8Array(0)).records) {
    const stored = entry as StoredEntry;
    if (stored.kind === 'expired') log.expired = stored.record;
    else if (stored.kind === 'client') log.clients.set(stored.application, stored.client);
    else if (stored.record.record < nextRecord) log.records.push(stored.record);
    else isAhead = true;
  }
  // Records of a transaction that the disk does not have: their numbers are given again.
  if (isAhead) rewrite(context);
  // Who was there when the server went is away since now.
  for (const [application, client] of log.clients) {
    if (client.connected) keepClient(context, application, false);
  }
  purge(context);
}

export function onHistoryTimer(context: HistoryContext, name: string): boolean {
  if (name === 'purge history') purge(context);
  else if (name === 'sync history') syncHistory(context);
  else return false;
  return true;
}

/** Records as the file keeps them. */
export function encodeRecordEntries(records: readonly HistoryRecord[]): Steps<Uint8Array> {
  return encodeRecordsInSteps(records.map((record): StoredEntry => ({ kind: 'record', record })));
}

/**
 * Writes the records of one transaction, if the log is active: together with the transaction, so
 * that a server that ends now has both or neither.
 */
export function writeRecords(
  context: HistoryContext,
  settings: HistoryLogSettings,
  bytes: Uint8Array,
): void {
  if (settings.active) store(context, settings, bytes);
}

/** The transaction is durable: from now on clients may read its records. */
export function keepRecords({ state }: HistoryContext, records: readonly HistoryRecord[]): void {
  for (const record of records) state.log.records.push(record);
}

/** Notes that a client comes, reads or leaves. */
export function keepClient(context: HistoryContext, application: number, connected: boolean): void {
  const { log, objects } = context.state;
  const client = { lastSeen: Math.floor(context.utcSeconds), connected };
  log.clients.set(application, client);
  const entry: StoredEntry = { kind: 'client', application, client };
  store(context, historyLogSettings(objects), encodeRecord(entry));
}

/** What an application may be told of what happened since a record. */
export function readHistory(
  context: HistoryContext,
  application: number,
  since: number,
): Extract<ConfigurationMessage, { type: 'changes' }> {
  const { log, objects, nextRecord } = context.state;
  const { maxRecords } = historyLogSettings(objects);
  const last = nextRecord - 1;
  const later = log.records.filter(({ record }) => record > since);
  const page = later.slice(0, maxRecords);
  const more = later.length > page.length;
  const records = page.filter((record) => concerns(record, application));
  const record = more ? page[page.length - 1].record : last;
  return { type: 'changes', records, record, more, gap: gapSince(context, application, since) };
}

/** Clients know the Configuration Server's own types; the rest is between it and the Logger. */
export function concerns(record: HistoryRecord, application: number): boolean {
  if (OBJECT_TYPES[record.object.type].cfgObjectType === undefined) return false;
  if (record.application !== 0) return record.application === application;
  return !record.hiddenFrom.includes(application);
}

/** Why not everything since a record is there. */
function gapSince(context: HistoryContext, application: number, since: number): HistoryGap {
  const { log, objects, nextRecord } = context.state;
  const last = nextRecord - 1;
  if (since >= last) return '';
  const settings = historyLogSettings(objects);
  const kept = log.records.filter(({ record }) => record > since);
  if (kept.length === last - since) return hasExpired(context, application, settings);
  if (!settings.active) return 'the history log is not active';
  return log.expired > since
    ? 'changes are older than the history log'
    : 'the history log has lost records';
}

function hasExpired(
  context: HistoryContext,
  application: number,
  { clientExpirationDays }: HistoryLogSettings,
): HistoryGap {
  const client = context.state.log.clients.get(application);
  const limit = context.utcSeconds - clientExpirationDays * DAY_SECONDS;
  const isKept = client !== undefined && client.lastSeen >= limit;
  return isKept ? '' : 'the session of this client has expired';
}

function purge(context: HistoryContext): void {
  const { log, objects } = context.state;
  const { expirationDays } = historyLogSettings(objects);
  const limit = context.utcSeconds - expirationDays * DAY_SECONDS;
  const first = log.records.findIndex(({ changedAt }) => changedAt >= limit);
  const count = first < 0 ? log.records.length : first;
  if (count > 0) {
    log.expired = log.records[count - 1].record;
    log.records.splice(0, count);
    context.log('info', `History log: ${count} records expired.`);
    rewrite(context);
  }
  context.setTimer('purge history', PURGE_US);
}

function rewrite(context: HistoryContext): void {
  const { log } = context.state;
  if (log.file === IN_MEMORY) return;
  const entries: StoredEntry[] = [
    { kind: 'expired', record: log.expired },
    ...log.records.map((record): StoredEntry => ({ kind: 'record', record })),
    ...[...log.clients].map(
      ([application, client]): StoredEntry => ({ kind: 'client', application, client }),
    ),
  ];
  context.replaceFile(log.file, encodeRecords(entries));
  syncHistory(context);
}

function store(context: HistoryContext, { failsafe }: HistoryLogSettings, bytes: Uint8Array): void {
  const { log } = context.state;
  if (log.file === IN_MEMORY || bytes.length === 0) return;
  context.appendFile(log.file, bytes);
  if (failsafe) return syncHistory(context);
  if (!log.unsynced) context.setTimer('sync history', LAZY_SYNC_US);
  log.unsynced = true;
}

function syncHistory(context: HistoryContext): void {
  const { log } = context.state;
  log.unsynced = false;
  context.syncFile(log.file);
}
