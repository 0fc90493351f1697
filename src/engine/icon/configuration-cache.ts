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
 * submitted again: its rows replace themselves.
 */

/** The name cannot be changed (source document). */
export const CONFIGURATION_CACHE_FILE = 'cfg-sync.db';

type CacheRecord =
  | {
      readonly kind: 'change';
      /** Revision of the Configuration Server up to which the cache is complete. */
      readonly revision: number;
      readonly objects: readonly ConfigurationObject[];
      readonly changes: readonly ConfigurationChange[];
      readonly relations: readonly RelationChange[];
      readonly rows: readonly RowChange[];
    }
  | { readonly kind: 'submitted' };

/** Initial load, or a cache that was missing: everything is written anew. */
export function cacheAllObjects(
  context: IconContext,
  revision: number,
  objects: readonly ConfigurationObject[],
): void {
  const { state } = context;
  state.revision = revision;
  // All before any row: DNs and logins take their tenant from their switch.
  for (const object of objects) keepObject(state, object);
  const changedAt = Math.floor(context.utcSeconds);
  const rows: RowChange[] = [];
  const relations: RelationChange[] = [];
  for (const object of objects) {
    const change = { revision, action: 'created', changedAt, object } as const;
    const prepared = prepareRows(context, change, undefined);
    rows.push(...prepared.changes);
    relations.push(...prepared.relations);
  }
  const record: CacheRecord = { kind: 'change', revision, objects, changes: [], relations, rows };
  context.replaceFile(CONFIGURATION_CACHE_FILE, encodeRecord(record));
  awaitCache(context, rows);
  context.log('info', `Configuration loaded: ${objects.length} objects, revision ${revision}.`);
}

export function cacheChange(context: IconContext, change: ConfigurationChange): void {
  const { state } = context;
  const { revision } = change;
  if (revision <= state.revision) return;
  const before = applyChange(state, change);
  const { changes: rows, relations } = prepareRows(context, change, before);
  const record = { kind: 'change', revision, objects: [], changes: [change], relations, rows };
  context.appendFile(CONFIGURATION_CACHE_FILE, encodeRecord(record));
  awaitCache(context, rows);
}

/** The cache is durable: what waited for that goes on to the queue. */
export function submitCached(context: IconContext): void {
  const { unsubmittedRows, pipeline } = context.state;
  if (unsubmittedRows.length === 0 || !pipeline.adopted) return;
  accumulate(context, unsubmittedRows.splice(0));
  flushAccumulator(context);
  const mark: CacheRecord = { kind: 'submitted' };
  context.appendFile(CONFIGURATION_CACHE_FILE, encodeRecord(mark));
  context.syncFile(CONFIGURATION_CACHE_FILE);
}

/** What an earlier run left: objects, relations, and rows that may not have reached the queue. */
export function readCache(context: IconContext): void {
  const { state } = context;
  const bytes = context.readFile(CONFIGURATION_CACHE_FILE);
  if (!bytes) return;
  // Written by an earlier run and perhaps never synced: what is built on it must not be lost.
  context.syncFile(CONFIGURATION_CACHE_FILE);
  for (const record of decodeRecords(bytes).records as unknown as CacheRecord[]) {
    if (record.kind === 'submitted') {
      state.unsubmittedRows.length = 0;
      continue;
    }
    for (const object of record.objects) keepObject(state, object);
    for (const change of record.changes) applyChange(state, change);
    applyRelations(state.relations, record.relations);
    state.unsubmittedRows.push(...record.rows);
    state.revision = record.revision;
  }
}

function awaitCache(context: IconContext, rows: readonly RowChange[]): void {
  context.state.unsubmittedRows.push(...rows);
  context.syncFile(CONFIGURATION_CACHE_FILE);
}

/** Rows of one change, if this ICON has the role for them. */
function prepareRows(
  context: IconContext,
  change: ConfigurationChange,
  before: ConfigurationObject | undefined,
) {
  const { state } = context;
  if (!state.config.roles.includes('cfg')) return { changes: [], relations: [] };
  const rows = configurationRows(context, change, before);
  applyRelations(state.relations, rows.relations);
  if (!state.config.cfgAnnex) return rows;
  const annex = annexRows(context, change, before);
  applyRelations(state.relations, annex.relations);
  return {
    changes: [...rows.changes, ...annex.changes],
    relations: [...rows.relations, ...annex.relations],
  };
}

function applyChange(
  state: IconState,
  change: ConfigurationChange,
): ConfigurationObject | undefined {
  const before = state.objects.get(objectKey(change.object.type, change.object.dbid));
  if (change.action === 'deleted') dropObject(state, change.object);
  else keepObject(state, change.object);
  state.revision = change.revision;
  return before;
}
