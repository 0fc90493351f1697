import type { HistoryRecord } from '../configuration/messages.ts';
import {
  type ConfigurationChange,
  type ConfigurationObject,
  objectKey,
} from '../configuration/object-types.ts';
import type { RowChange } from '../idb/row-changes.ts';
import { decodeRecords, encodeRecord } from '../kernel/record-log.ts';
import { annexRows } from './annex-rows.ts';
import { applyRelations, configurationRows, type RelationChange } from './configuration-rows.ts';
import { dropObject, keepObject } from './directory.ts';
import type { IconContext, IconState } from './icon-state.ts';
import { accumulate, flushAccumulator } from './pipeline.ts';

/**
 * The persistent cache for configuration data. A change is written here first; once it is durable
 * its rows go to the persistent queue, and a mark says so. What has no mark after a crash is
 * submitted again: its rows replace themselves. Only an ICON with the role cfg has one.
 */

/** The name cannot be changed (source document). */
export const CONFIGURATION_CACHE_FILE = 'cfg-sync.db';

type CacheRecord =
  /** The whole configuration, as a synchronization leaves it. */
  | {
      readonly kind: 'whole';
      readonly record: number;
      readonly cacheTime: number;
      readonly objects: readonly ConfigurationObject[];
      readonly relations: readonly (readonly [key: string, row: number])[];
      readonly rows: readonly RowChange[];
    }
  | {
      readonly kind: 'change';
      readonly change: HistoryRecord;
      readonly relations: readonly RelationChange[];
      readonly rows: readonly RowChange[];
    }
  /** Nothing that this ICON may see changed up to the record. */
  | { readonly kind: 'up to'; readonly record: number }
  | { readonly kind: 'submitted' }
  /** The server could not tell all: what the cache holds may not be what is there. */
  | { readonly kind: 'gap'; readonly reason: string }
  /** A synchronization began: until the cache is whole again it must be made anew. */
  | { readonly kind: 'synchronizing' };

export function hasCache({ options }: IconState): boolean {
  return options.roles.includes('cfg');
}

/** Takes the configuration that a synchronization found for the one there is. */
export function replaceObjects(
  context: IconContext,
  record: number,
  objects: readonly ConfigurationObject[],
): void {
  const { state } = context;
  state.record = record;
  state.cacheTime = Math.floor(context.utcSeconds);
  state.untracked.clear();
  state.wantsSynchronization = false;
  state.gap = '';
  for (const object of [...state.objects.values()]) dropObject(state, object);
  for (const object of objects) keepObject(state, object);
}

/** The whole cache anew, with the rows that bring IDB up to it. */
export function cacheWhole(context: IconContext, rows: readonly RowChange[]): void {
  const { record, cacheTime, objects: known, relations: rowIds } = context.state;
  const objects = [...known.values()];
  const relations = [...rowIds];
  const whole: CacheRecord = { kind: 'whole', record, cacheTime, objects, relations, rows };
  context.replaceFile(CONFIGURATION_CACHE_FILE, encodeRecord(whole));
  awaitCache(context, rows);
}

/** A change that the Configuration Server told of, now or from its history log. */
export function cacheChange(context: IconContext, change: HistoryRecord): void {
  const { state } = context;
  if (change.record <= state.record) return;
  const before = state.objects.get(objectKey(change.object.type, change.object.dbid));
  const isTracked = applyChange(state, change);
  if (!hasCache(state)) return;
  const { changes: rows, relations } = isTracked
    ? prepareRows(context, asObjectChange(change, before), before)
    : { changes: [], relations: [] };
  const record: CacheRecord = { kind: 'change', change, relations, rows };
  append(context, record);
  awaitCache(context, rows);
}

/** Nothing more was to be told up to a record. */
export function cacheUpTo(context: IconContext, record: number): void {
  const { state } = context;
  if (record <= state.record) return;
  state.record = record;
  if (hasCache(state)) append(context, { kind: 'up to', record });
}

/** Remembers over a restart that something was missed. */
export function cacheGap(context: IconContext, reason: string): void {
  context.state.gap = reason;
  if (hasCache(context.state)) append(context, { kind: 'gap', reason });
}

/** From here on a restart begins the synchronization anew. */
export function cacheSynchronizing(context: IconContext): void {
  const { state } = context;
  if (!hasCache(state) || state.record < 0) return;
  append(context, { kind: 'synchronizing' });
  context.syncFile(CONFIGURATION_CACHE_FILE);
}

/** The cache is durable: what waited for that goes on to the queue. */
export function submitCached(context: IconContext): void {
  const { state } = context;
  if (state.unsubmittedRows.length === 0 || !state.pipeline.adopted) return;
  accumulate(context, state.unsubmittedRows.splice(0));
  flushAccumulator(context);
  state.unmarked = true;
}

/** The queue is durable: only now may the cache say that its rows are there. */
export function markSubmitted(context: IconContext): void {
  const { state } = context;
  if (!state.unmarked || state.pipeline.writing > 0 || state.unsubmittedRows.length > 0) return;
  state.unmarked = false;
  append(context, { kind: 'submitted' });
  context.syncFile(CONFIGURATION_CACHE_FILE);
}

/** What an earlier run left: objects, relations, and rows that may not have reached the queue. */
export function readCache(context: IconContext): void {
  const { state } = context;
  const bytes = context.readFile(CONFIGURATION_CACHE_FILE);
  if (!bytes) return;
  const records = decodeRecords(bytes).records as unknown as CacheRecord[];
  // What does not begin with the whole configuration is no cache, and is made anew.
  if (records[0]?.kind !== 'whole') return;
  // Written by an earlier run and perhaps never synced: what is built on it must not be lost.
  context.syncFile(CONFIGURATION_CACHE_FILE);
  for (const record of records) {
    switch (record.kind) {
      case 'submitted':
        state.unsubmittedRows.length = 0;
        break;
      case 'synchronizing':
        state.wantsSynchronization = true;
        break;
      case 'gap':
        state.gap = record.reason;
        break;
      case 'up to':
        state.record = record.record;
        break;
      case 'whole':
        state.record = record.record;
        state.cacheTime = record.cacheTime;
        for (const object of record.objects) keepObject(state, object);
        for (const [key, row] of record.relations) state.relations.set(key, row);
        takeRows(state, record.rows);
        break;
      case 'change':
        applyChange(state, record.change);
        applyRelations(state.relations, record.relations);
        takeRows(state, record.rows);
    }
  }
}

/** Rows that may not have left the cache: their ids are taken all the same. */
function takeRows(state: IconState, rows: readonly RowChange[]): void {
  for (const change of rows) {
    state.unsubmittedRows.push(change);
    const last = state.lastRows.get(change.table) ?? 0;
    state.lastRows.set(change.table, Math.max(last, change.row));
  }
}

function append(context: IconContext, record: CacheRecord): void {
  context.appendFile(CONFIGURATION_CACHE_FILE, encodeRecord(record));
}

function awaitCache(context: IconContext, rows: readonly RowChange[]): void {
  for (const row of rows) context.state.unsubmittedRows.push(row);
  context.syncFile(CONFIGURATION_CACHE_FILE);
}

/** What a change means for the tables: an object out of sight is one that was deleted. */
function asObjectChange(
  { action, object, changedAt }: HistoryRecord,
  before: ConfigurationObject | undefined,
): Omit<ConfigurationChange, 'revision'> {
  const isGone = action === 'deleted' || action === 'hidden';
  return { action: isGone ? 'deleted' : before ? 'updated' : 'created', object, changedAt };
}

/** Rows of one change. */
function prepareRows(
  context: IconContext,
  change: Omit<ConfigurationChange, 'revision'>,
  before: ConfigurationObject | undefined,
) {
  const { state } = context;
  const rows = configurationRows(context, change, before);
  applyRelations(state.relations, rows.relations);
  if (!state.options.cfgAnnex) return rows;
  const annex = annexRows(context, change, before);
  applyRelations(state.relations, annex.relations);
  return {
    changes: [...rows.changes, ...annex.changes],
    relations: [...rows.relations, ...annex.relations],
  };
}

/** Brings memory up to a change; false if its tables stay as they are. */
function applyChange(state: IconState, change: HistoryRecord): boolean {
  const { action, object } = change;
  const key = objectKey(object.type, object.dbid);
  const wasKnown = state.objects.has(key);
  state.record = change.record;
  state.cacheTime = change.changedAt;
  if (action === 'deleted' || action === 'hidden') {
    if (wasKnown) dropObject(state, object);
    return wasKnown && !state.untracked.delete(key);
  }
  keepObject(state, object);
  // Its interactions are processed again, its tables are not (source document).
  if (action === 'shown' && !wasKnown) state.untracked.add(key);
  return !state.untracked.has(key);
}
