import type { ConfigurationMessage } from '../configuration/messages.ts';
import {
  type ConfigurationObject,
  OBJECT_TYPE_ORDER,
  OBJECT_TYPES,
  type ObjectTypeName,
} from '../configuration/object-types.ts';
import { RECORD_STATUS, SYNC_EVENT } from '../idb/dictionary.ts';
import type { ImageRow } from '../idb/read-back.ts';
import { formatGmt, insertRow, type RowChange, updateRow } from '../idb/row-changes.ts';
import { idbTable } from '../idb/schema.ts';
import {
  cacheGap,
  cacheSynchronizing,
  cacheWhole,
  hasCache,
  replaceObjects,
} from './configuration-cache.ts';
import { ICON_EVENTS } from './events.ts';
import { type IconContext, nextRow } from './icon-state.ts';
import { accumulate, flushAccumulator } from './pipeline.ts';
import { StoredConfiguration, synchronizedRows } from './synchronized-rows.ts';

/**
 * Initial load, a cache that was missing, and resynchronization on request are one procedure
 * (source document, "Occasions When ICON Collects Configuration Data"; its steps are an emulator
 * choice): wait until the queue has brought IDB up to date, read its configuration tables, mark
 * their rows as being synchronized, read all objects, write what differs. Notifications are off
 * meanwhile; what changed is read from the history log at the end.
 */

export type Synchronization = {
  readonly reason: SynchronizationReason;
  phase: 'waiting for the queue' | 'reading IDB' | 'marking rows' | 'reading objects';
  /** Position that the queue must have committed; -1 until it is known. */
  target: number;
  /** Rows that were in IDB when it was read. */
  rows: readonly ImageRow[];
  /** Types still to be read. */
  remaining: ObjectTypeName[];
  /** Record of the history at which the first type was read; -1 before. */
  record: number;
  objects: ConfigurationObject[];
  /** The event that brought the objects of a type: the cause of their rows. */
  readonly causes: Map<ObjectTypeName, number>;
  /** Row of G_SYNC_CONTROL; 0 before. */
  controlRow: number;
};

export type SynchronizationReason =
  | 'there is no cache'
  | 'on request'
  | 'an earlier one was cut short'
  | 'without the role cfg nothing is kept';

/** What ICON knows of: objects of the Configuration Server's own types. */
const TYPES = OBJECT_TYPE_ORDER.filter((type) => OBJECT_TYPES[type].cfgObjectType !== undefined);

export function beginSynchronization(context: IconContext, reason: SynchronizationReason): void {
  const { state } = context;
  if (state.synchronization) return;
  cacheSynchronizing(context);
  context.send(state.configurationSession, { type: 'stop notifications' });
  state.synchronization = {
    reason,
    phase: hasCache(state) ? 'waiting for the queue' : 'reading objects',
    target: -1,
    rows: [],
    remaining: [...TYPES],
    record: -1,
    objects: [],
    causes: new Map(),
    controlRow: 0,
  };
  context.log('info', `Synchronization of configuration data begins: ${reason}.`);
  if (hasCache(state)) continueSynchronization(context);
  else askForObjects(context);
}

/** The queue has moved on, or IDB is there again. */
export function continueSynchronization(context: IconContext): void {
  const { state } = context;
  const { synchronization, pipeline } = state;
  switch (synchronization?.phase) {
    case 'waiting for the queue':
      if (state.unsubmittedRows.length > 0) return;
      if (synchronization.target < 0) {
        flushAccumulator(context);
        synchronization.target = pipeline.lastPosition;
      }
      if (!isCommitted(context, synchronization)) return;
      synchronization.phase = 'reading IDB';
      return askForRows(context);
    case 'marking rows':
      if (!isCommitted(context, synchronization)) return;
      synchronization.phase = 'reading objects';
      return askForObjects(context);
  }
}

function isCommitted({ state }: IconContext, { target }: Synchronization): boolean {
  const [oldest] = state.pipeline.queued;
  return !oldest || oldest.position > target;
}

/** IDB is open: what was asked of it before it went is asked again. */
export function askAgain(context: IconContext): void {
  if (context.state.synchronization?.phase === 'reading IDB') askForRows(context);
}

function askForRows(context: IconContext): void {
  const { pipeline } = context.state;
  if (pipeline.open) context.send(pipeline.session, { type: 'read configuration' });
}

/** IDB told what it holds: its active rows are marked, then the objects are read. */
export function onConfigurationRows(context: IconContext, rows: readonly ImageRow[]): void {
  const { state } = context;
  const { synchronization, pipeline } = state;
  if (synchronization?.phase !== 'reading IDB') return;
  synchronization.phase = 'marking rows';
  synchronization.rows = rows;
  const stored = new StoredConfiguration(rows);
  const cause = context.eventSeq;
  const nowText = formatGmt(Math.floor(context.utcSeconds));
  synchronization.controlRow = nextRow(state, 'G_SYNC_CONTROL');
  const control = {
    EVENTID: SYNC_EVENT.running,
    STATE: RECORD_STATUS.synchronizing,
    STARTED: nowText,
  };
  const changes: RowChange[] = [
    insertRow('G_SYNC_CONTROL', synchronization.controlRow, control, cause),
  ];
  for (const row of openControls(rows)) {
    const cut = { EVENTID: SYNC_EVENT.needed, STATE: RECORD_STATUS.deleted, FINISHED: nowText };
    changes.push(updateRow('G_SYNC_CONTROL', row, cut, cause));
  }
  for (const { table, row } of stored.active()) {
    changes.push(updateRow(table, row, { STATUS: RECORD_STATUS.synchronizing }, cause));
  }
  accumulate(context, changes);
  flushAccumulator(context);
  synchronization.target = pipeline.lastPosition;
}

/** Rows of synchronizations that were cut short. */
function openControls(rows: readonly ImageRow[]): number[] {
  const { number, columnNumbers } = idbTable('G_SYNC_CONTROL');
  const finished = columnNumbers.get('FINISHED')!;
  return rows
    .filter(([table, , values]) => table === number && values[finished] === null)
    .map(([, row]) => row);
}

/** The Configuration Server is there (again): what it was read so far is not trusted. */
export function restartReading(context: IconContext): void {
  const { synchronization, configurationSession } = context.state;
  if (!synchronization) return;
  context.send(configurationSession, { type: 'stop notifications' });
  if (synchronization.phase !== 'reading objects') return continueSynchronization(context);
  synchronization.remaining = [...TYPES];
  synchronization.record = -1;
  synchronization.objects = [];
  askForObjects(context);
}

function askForObjects(context: IconContext): void {
  const { synchronization, configurationSession } = context.state;
  const [objectType] = synchronization!.remaining;
  context.send(configurationSession, { type: 'read objects', objectType });
}

type Objects = Extract<ConfigurationMessage, { type: 'objects' }>;

/** Objects of one type; the last type ends the synchronization. True when it has ended. */
export function onObjects(context: IconContext, { objectType, record, objects }: Objects): boolean {
  const { synchronization } = context.state;
  if (!synchronization || synchronization.remaining[0] !== objectType) return false;
  if (synchronization.record < 0) synchronization.record = record;
  for (const object of objects) synchronization.objects.push(object);
  synchronization.causes.set(objectType, context.eventSeq);
  synchronization.remaining.shift();
  if (synchronization.remaining.length > 0) {
    askForObjects(context);
    return false;
  }
  finish(context, synchronization);
  return true;
}

function finish(context: IconContext, synchronization: Synchronization): void {
  const { state } = context;
  const { record, objects, rows, causes, controlRow } = synchronization;
  state.synchronization = null;
  // All objects before any row: DNs and logins take their tenant from their switch.
  replaceObjects(context, record, objects);
  if (!hasCache(state)) return;
  const changes = synchronizedRows(context, objects, causes, new StoredConfiguration(rows));
  const finished = {
    EVENTID: SYNC_EVENT.reloaded,
    STATE: RECORD_STATUS.active,
    FINISHED: formatGmt(Math.floor(context.utcSeconds)),
  };
  changes.push(updateRow('G_SYNC_CONTROL', controlRow, finished, context.eventSeq));
  cacheWhole(context, changes);
  context.log('info', `Configuration read: ${objects.length} objects, record ${record}.`);
  const { severity, text, id } = ICON_EVENTS.configurationReloaded;
  context.log(severity, text, id);
}

/** The history log could not tell all: IDB and the Configuration Server may differ. */
export function askForSynchronization(context: IconContext, reason: string): void {
  cacheGap(context, reason);
  const { severity, text, id } = ICON_EVENTS.resynchronizationNeeded;
  context.log(severity, text.replace('%1', reason), id);
}
