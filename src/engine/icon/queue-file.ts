import type { QueueRecord } from '../idb/database-server.ts';
import { decodeRecords, recordSizeAt } from '../kernel/record-log.ts';
import { ICON_EVENTS } from './events.ts';
import type { IconContext, IconState } from './icon-state.ts';
import { purgeAboveBytes } from './options.ts';

/** The persistent queue as a file of ICON's host: checked, compacted and put aside when damaged. */

const IN_MEMORY = ':memory:';
/** Where a queue lies that does not outlive its ICON. */
const VOLATILE_FILE = 'memory.pq';

/** Option pq-dbname; by default icon_<dbid>.pq. */
export function queueFileOf({ config, options }: Pick<IconState, 'config' | 'options'>): string {
  if (options.pqDbname === IN_MEMORY) return VOLATILE_FILE;
  return options.pqDbname.replace('<dbid>', String(config.dbid));
}

export function queueFile({ state }: IconContext): string {
  return queueFileOf(state);
}

/** A queue in memory ended with the run that had it. */
export function forgetVolatileQueue(context: IconContext): void {
  if (context.state.options.pqDbname === IN_MEMORY) context.deleteFile(VOLATILE_FILE);
}

/** What the file holds from an earlier run, less what IDB already has. */
export function readQueue(context: IconContext, committed: number): void {
  const { state } = context;
  const { pipeline } = state;
  const bytes = context.readFile(queueFile(context)) ?? new Uint8Array(0);
  let at = 0;
  for (;;) {
    const sizeBytes = recordSizeAt(bytes, at);
    if (sizeBytes === 0) break;
    const [record] = decodeRecords(bytes.subarray(at, at + sizeBytes)).records;
    const { position, ...given } = record as unknown as QueueRecord;
    if (position > committed) pipeline.queued.push({ position, at, sizeBytes });
    pipeline.lastPosition = Math.max(pipeline.lastPosition, position);
    takeHighest(state.lastRows, given.lastRows);
    takeHighest(state.sequences, given.sequences);
    at += sizeBytes;
  }
  pipeline.fileBytes = at;
  if (at < bytes.length) {
    if (state.options.pqStartupCheck) putAside(context, bytes);
    context.replaceFile(queueFile(context), bytes.slice(0, at));
    context.syncFile(queueFile(context));
  }
  compact(context, bytes);
}

/** The damaged file is kept under another name, and a new one made of what can be read. */
function putAside(context: IconContext, bytes: Uint8Array): void {
  const path = queueFile(context);
  const aside = `${path}.${Math.floor(context.utcSeconds)}.bad`;
  context.replaceFile(aside, bytes.slice());
  context.syncFile(aside);
  const { severity, text, id } = ICON_EVENTS.queueDamaged;
  context.log(severity, text.replace('%1', path).replace('%2', aside), id);
}

/** Option pq-startup-purge: only what IDB does not have yet is kept. */
function compact(context: IconContext, bytes: Uint8Array): void {
  const { options, pipeline } = context.state;
  const before = pipeline.fileBytes;
  const [first] = pipeline.queued;
  if (before <= purgeAboveBytes(options.pqStartupPurge) || before === 0) return;
  const start = first?.at ?? before;
  context.replaceFile(queueFile(context), bytes.slice(start, before));
  context.syncFile(queueFile(context));
  for (const [index, queued] of pipeline.queued.entries()) {
    pipeline.queued[index] = { ...queued, at: queued.at - start };
  }
  pipeline.fileBytes = before - start;
  context.log('info', `The persistent queue was compacted: ${before} to ${before - start} bytes.`);
}

/** Records that were good when they were written and are not any more. */
export function reportLost(context: IconContext): void {
  const { severity, text, id } = ICON_EVENTS.cannotPreserve;
  const filled = text.replace('%1', '11').replace('%2', 'database disk image is malformed');
  context.log(severity, filled, id);
  const bytes = context.readFile(queueFile(context)) ?? new Uint8Array(0);
  putAside(context, bytes);
  const { pipeline } = context.state;
  // What is behind the damage can be read: each record stands for itself.
  pipeline.queued.shift();
  pipeline.durable = Math.max(0, pipeline.durable - 1);
}

/** Option pq-backlog-alarm-threshold. */
export function watchBacklog(context: IconContext): void {
  const { options, pipeline } = context.state;
  const threshold = options.pqBacklogAlarmThreshold;
  const isHigh = threshold > 0 && pipeline.queued.length > threshold;
  if (isHigh === pipeline.backlogRaised) return;
  pipeline.backlogRaised = isHigh;
  const { severity, text, id } = isHigh ? ICON_EVENTS.backlog : ICON_EVENTS.backlogGone;
  context.log(severity, text.replace('%1', String(pipeline.queued.length)), id);
}

export function takeHighest<K>(into: Map<K, number>, given: ReadonlyMap<K, number>): void {
  for (const [key, value] of given) into.set(key, Math.max(into.get(key) ?? 0, value));
}
