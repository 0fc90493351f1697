import { Hash } from './hash.ts';
import { encodePlainDataInSteps, type PlainData, PlainDataWriter } from './plain-data.ts';
import { decodePlainData } from './plain-data-reader.ts';
import { forEachInSteps, type Steps } from './steps.ts';

/**
 * A file of records, each with its length and check word, for the simulated programs that keep
 * data on disk. Reading stops at the first record that is cut short or damaged.
 */

const HEAD_BYTES = 8;
const writer = new PlainDataWriter();
const hasher = new Hash();
const digest = new Uint32Array(4);

export function encodeRecord(value: unknown): Uint8Array {
  writer.reset();
  writer.write(value);
  return recordOf(writer.peek());
}

/** The same bytes, for what is large. */
export function* encodeRecordInSteps(value: unknown): Steps<Uint8Array> {
  return recordOf(yield* encodePlainDataInSteps(value));
}

function recordOf(body: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEAD_BYTES + body.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, body.length, true);
  view.setUint32(4, checkWord(body), true);
  record.set(body, HEAD_BYTES);
  return record;
}

/** Several records as the bytes of a whole file. */
export function encodeRecords(values: Iterable<unknown>): Uint8Array {
  return joined([...values].map(encodeRecord));
}

/** The same bytes, for a large number of them. */
export function* encodeRecordsInSteps(values: readonly unknown[]): Steps<Uint8Array> {
  const records: Uint8Array[] = [];
  yield* forEachInSteps(values, (value) => void records.push(encodeRecord(value)));
  return joined(records);
}

function joined(records: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  return bytes;
}

export interface RecordFile {
  readonly records: PlainData[];
  /** Bytes of the good records; less than the file's size if its end is damaged. */
  readonly goodBytes: number;
}

export function decodeRecords(bytes: Uint8Array): RecordFile {
  const records: PlainData[] = [];
  let at = 0;
  for (;;) {
    const size = recordSizeAt(bytes, at);
    if (size === 0) return { records, goodBytes: at };
    records.push(recordAt(bytes, at));
    at += size;
  }
}

/** The record at `at`, which is known to be whole and undamaged. */
export function recordAt(bytes: Uint8Array, at: number): PlainData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = at + HEAD_BYTES;
  return decodePlainData(bytes.subarray(start, start + view.getUint32(at, true)));
}

/** Size of the whole, undamaged record at `at`, head included; 0 if there is none. */
export function recordSizeAt(bytes: Uint8Array, at: number): number {
  if (at + HEAD_BYTES > bytes.length) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = at + HEAD_BYTES + view.getUint32(at, true);
  if (end > bytes.length) return 0;
  const body = bytes.subarray(at + HEAD_BYTES, end);
  return checkWord(body) === view.getUint32(at + 4, true) ? end - at : 0;
}

function checkWord(body: Uint8Array): number {
  return hasher.reset().bytes(body).digest(digest)[0];
}
