import { decodePlainData } from '../../kernel/plain-data-reader.ts';
import type { Context } from '../../kernel/process.ts';
import { encodeRecord, recordSizeAt } from '../../kernel/record-log.ts';
import type { HistoryRow } from '../messages.ts';

/** The historical portion of the Logger database on this side's disk. */
const HISTORY_FILE = 'icmdb/history.db';
const RECORD_HEAD_BYTES = 8;

/** Keys `from` to `to`, both included. */
export type KeyRange = { from: number; to: number };

export function appendHistory<S>(context: Context<S>, rows: readonly HistoryRow[]): void {
  for (const row of rows) context.appendFile(HISTORY_FILE, encodeRecord(row));
  if (rows.length > 0) context.syncFile(HISTORY_FILE);
}

/** Rows that lie beyond a place in the file, and the place after them. */
export function readHistory<S>(
  context: Context<S>,
  fromByte: number,
): { rows: HistoryRow[]; nextByte: number } {
  const bytes = context.readFile(HISTORY_FILE) ?? new Uint8Array(0);
  const rows: HistoryRow[] = [];
  let at = Math.min(fromByte, bytes.length);
  for (;;) {
    const size = recordSizeAt(bytes, at);
    if (size === 0) return { rows, nextByte: at };
    const body = bytes.subarray(at + RECORD_HEAD_BYTES, at + size);
    rows.push(decodePlainData(body) as unknown as HistoryRow);
    at += size;
  }
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
