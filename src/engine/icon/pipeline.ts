import { DATABASE_PORT, type DatabaseMessage, type QueueRecord } from '../idb/database-server.ts';
import { addChange, clearBatch, createBatch, type RowBatch } from '../idb/row-batch.ts';
import type { RowChange } from '../idb/row-changes.ts';
import type { Message } from '../kernel/events.ts';
import { SECOND_US } from '../kernel/lab-time.ts';
import { encodeRecord, recordSizeAt } from '../kernel/record-log.ts';
import { enterConfiguration, writeLastEvents } from './data-sources/source-sessions.ts';
import { configurationSource } from './data-sources/sources.ts';
import type { IconContext } from './icon-state.ts';
import { queueFile, readQueue, reportLost, takeHighest, watchBacklog } from './queue-file.ts';

/** Accumulator in memory, persistent queue on disk, then IDB (source document, ICON Processing). */
export type PipelineState = {
  readonly accumulator: RowBatch;
  /** Records in the queue file that IDB has not committed yet. */
  readonly queued: { readonly position: number; readonly at: number; readonly sizeBytes: number }[];
  /** How many of `queued` are known to be on disk. */
  durable: number;
  writing: number;
  lastPosition: number;
  /** The position in IDB has been learnt: before that nothing may be queued. */
  adopted: boolean;
  /** Last position of an earlier run. */
  firstPosition: number;
  /** Calls of an earlier run in the active tables: they are to be ended once. */
  leftovers: 'wanted' | 'asked' | 'ended';
  /** Row ids above these belong to this run, by table number. */
  earlierRows: ReadonlyMap<number, number>;
  /** 09-25025 has been raised and not cleared. */
  backlogRaised: boolean;
  /** The accumulator has rows, and its timer runs. */
  ageing: boolean;
  fileBytes: number;
  session: number;
  open: boolean;
  sending: boolean;
};

const RETRY_US = 5 * SECOND_US;

export function createPipeline(): PipelineState {
  return {
    accumulator: createBatch(),
    queued: [],
    durable: 0,
    writing: 0,
    lastPosition: 0,
    adopted: false,
    ageing: false,
    backlogRaised: false,
    firstPosition: 0,
    leftovers: 'wanted',
    earlierRows: new Map(),
    fileBytes: 0,
    session: 0,
    open: false,
    sending: false,
  };
}

export function connectDatabase(context: IconContext): void {
  const { config, pipeline } = context.state;
  const { databaseHost: host } = config;
  pipeline.session = context.connect({ host, port: DATABASE_PORT, network: 'public' });
}

/** Rows of the configuration; they leave when the accumulator is full or old enough. */
export function accumulate(context: IconContext, changes: readonly RowChange[]): void {
  if (changes.length === 0) return;
  const { accumulator } = context.state.pipeline;
  enterConfiguration(context, configurationSource(context.state).name);
  for (const change of changes) addChange(accumulator, change);
  accumulated(context);
}

/** Rows have been added to the accumulator: they leave when it is full, or old enough. */
export function accumulated(context: IconContext): void {
  const { options, pipeline } = context.state;
  if (pipeline.accumulator.rows === 0) return;
  if (pipeline.accumulator.rows >= options.accQueueSize) return flushAccumulator(context);
  if (pipeline.ageing) return;
  pipeline.ageing = true;
  context.setTimer('accumulator', options.accQueueLifespanSeconds * SECOND_US);
}

export function flushAccumulator(context: IconContext): void {
  const { lastRows, pipeline, sequences } = context.state;
  context.cancelTimer('accumulator');
  pipeline.ageing = false;
  writeLastEvents(context);
  const { shapes, bytes, sizeBytes, rows } = pipeline.accumulator;
  if (rows === 0) return;
  const position = ++pipeline.lastPosition;
  const queued: QueueRecord = {
    position,
    shapes,
    bytes: bytes.subarray(0, sizeBytes),
    lastRows,
    sequences,
  };
  const record = encodeRecord(queued);
  clearBatch(pipeline.accumulator);
  context.appendFile(queueFile(context), record);
  pipeline.queued.push({ position, at: pipeline.fileBytes, sizeBytes: record.length });
  pipeline.fileBytes += record.length;
  pipeline.writing++;
  context.syncFile(queueFile(context));
  watchBacklog(context);
}

export function onQueueSynced(context: IconContext): void {
  const { pipeline } = context.state;
  if (pipeline.writing === 0) return;
  pipeline.writing--;
  pipeline.durable = pipeline.queued.length - pipeline.writing;
  sendNext(context);
}

/** One transaction is on its way at a time; the queue keeps it until IDB has committed it. */
function sendNext(context: IconContext): void {
  const { pipeline } = context.state;
  if (!pipeline.open || pipeline.sending || pipeline.durable === 0) return;
  const { at, sizeBytes, position } = pipeline.queued[0];
  const bytes = context.readFile(queueFile(context))?.slice(at, at + sizeBytes);
  if (!bytes || recordSizeAt(bytes, 0) !== sizeBytes) {
    reportLost(context);
    return sendNext(context);
  }
  pipeline.sending = true;
  context.send(pipeline.session, { type: 'transaction', position, record: bytes } as Message);
}

/** Answers from IDB. `onReady` runs once the queue position is known. */
export function onDatabaseMessage(
  context: IconContext,
  message: DatabaseMessage,
  onReady: () => void,
): void {
  const { pipeline } = context.state;
  if (message.type === 'opened') {
    pipeline.open = true;
    adoptPosition(context, message);
    onReady();
    askForLeftovers(context);
    sendNext(context);
  } else if (message.type === 'committed') {
    pipeline.sending = false;
    if (pipeline.queued[0]?.position === message.position) {
      pipeline.queued.shift();
      pipeline.durable--;
    }
    watchBacklog(context);
    if (pipeline.queued.length === 0) emptyQueue(context);
    askForLeftovers(context);
    sendNext(context);
  }
}

export function onDatabaseClosed(context: IconContext): void {
  const { pipeline } = context.state;
  pipeline.open = false;
  pipeline.sending = false;
  if (pipeline.leftovers === 'asked') pipeline.leftovers = 'wanted';
  context.setTimer('connect database', RETRY_US);
}

/** What the queue file holds from an earlier run, less what IDB already has. */
function adoptPosition(
  context: IconContext,
  { position: committed, lastRows, sequences }: Extract<DatabaseMessage, { type: 'opened' }>,
): void {
  const { state } = context;
  const { pipeline } = state;
  takeHighest(state.lastRows, lastRows);
  if (pipeline.adopted) {
    while (pipeline.queued.length > 0 && pipeline.queued[0].position <= committed) {
      pipeline.queued.shift();
      pipeline.durable--;
    }
    return;
  }
  pipeline.adopted = true;
  takeHighest(state.sequences, sequences);
  pipeline.lastPosition = committed;
  readQueue(context, committed);
  pipeline.firstPosition = pipeline.lastPosition;
  pipeline.earlierRows = new Map(state.lastRows);
  pipeline.durable = pipeline.queued.length;
  watchBacklog(context);
}

/**
 * The active tables may hold calls of an earlier run; what they hold is known once IDB has all that
 * the run had queued.
 */
function askForLeftovers(context: IconContext): void {
  const { pipeline } = context.state;
  const [first] = pipeline.queued;
  if (pipeline.leftovers !== 'wanted') return;
  if (first && first.position <= pipeline.firstPosition) return;
  pipeline.leftovers = 'asked';
  context.send(pipeline.session, { type: 'read active' });
}

function emptyQueue(context: IconContext): void {
  const { pipeline } = context.state;
  if (pipeline.writing > 0) return;
  context.replaceFile(queueFile(context), new Uint8Array(0));
  pipeline.fileBytes = 0;
}
