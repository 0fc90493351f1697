import { decodePlainData } from '../../kernel/plain-data-reader.ts';
import type { Context } from '../../kernel/process.ts';
import { encodeRecord, recordSizeAt } from '../../kernel/record-log.ts';
import type { HistoryRow } from '../messages.ts';

/** The historical portion of the Logger database on this side's disk. */
const HISTORY_FILE = 'icmdb/history.db';
const RECORD_HEAD_BYTES = 8;

/** Keys `from` to `to`, both included. */
export type KeyRange = { from: number; to: number };

/** A stretch of the file, up to where the next one begins, and the lowest and highest key in it. */
export type HistoryPart = { readonly fromByte: number; readonly keys: KeyRange };

/** So long at least is a part: rows are looked up without reading the whole file. */
const PART_BYTES = 65_536;

export function appendHistory<S>(context: Context<S>, rows: readonly HistoryRow[]): void {
  for (const row of rows) context.appendFile(HISTORY_FILE, encodeRecord(row));
  if (rows.length > 0) context.syncFile(HISTORY_FILE);
}

/** Tells each row between two places in the file and where it lies; answers where the next lies. */
export function readHistory<S>(
  context: Context<S>,
  fromByte: number,
  onRow: (row: HistoryRow, atByte: number) => void,
  untilByte = Number.POSITIVE_INFINITY,
): number {
  const bytes = context.readFile(HISTORY_FILE) ?? new Uint8Array(0);
  const endByte = Math.min(untilByte, bytes.length);
  let at = Math.min(fromByte, bytes.length);
  while (at < endByte) {
    const size = recordSizeAt(bytes, at);
    if (size === 0) break;
    const body = bytes.subarray(at + RECORD_HEAD_BYTES, at + size);
    onRow(decodePlainData(body) as unknown as HistoryRow, at);
    at += size;
  }
  return at;
}

/** Adds a row to the last part of a file, or begins the next part. */
export function noteRow(parts: HistoryPart[], key: number, atByte: number): void {
  const last = parts.at(-1);
  if (!last || atByte - last.fromByte >= PART_BYTES) {
    parts.push({ fromByte: atByte, keys: { from: key, to: key } });
    return;
  }
  last.keys.from = Math.min(last.keys.from, key);
  last.keys.to = Math.max(last.keys.to, key);
}

/** Adds a key to ranges that are kept in order and apart. */
export function addKey(ranges: KeyRange[], key: number): void {
  let at = ranges.length;
  while (at > 0 && ranges[at - 1].from > key) at--;
  const before = ranges[at - 1];
  const after = ranges[at];
  if (before && key <= before.to) return;
  const joinsBefore = before?.to === key - 1;
  const joinsAfter = after?.from === key + 1;
  if (joinsBefore && joinsAfter) {
    before.to = after.to;
    ranges.splice(at, 1);
  } else if (joinsBefore) before.to = key;
  else if (joinsAfter) after.from = key;
  else ranges.splice(at, 0, { from: key, to: key });
}

/** What is missing up to `last`. */
export function missingKeys(ranges: readonly KeyRange[], last: number): KeyRange[] {
  const missing: KeyRange[] = [];
  let next = 1;
  for (const { from, to } of ranges) {
    if (from > next) missing.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  if (next <= last) missing.push({ from: next, to: last });
  return missing;
}
