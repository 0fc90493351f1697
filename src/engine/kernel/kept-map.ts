import type { Context } from './process.ts';
import { decodeRecords, encodeRecord, encodeRecords } from './record-log.ts';

/**
 * A map that outlives its process in a file of the host: what changes is written
 * behind the rest, and the whole anew when that has grown to more than half of the file.
 */

export type KeptFile = { bytes: number; wholeBytes: number };

type Key = string | number;
type Entry<K, V> = { readonly key: K; readonly value: V | null };

/** The file is not written anew before it has this size. */
const REWRITE_BYTES = 262_144;

export function createKeptFile(): KeptFile {
  return { bytes: 0, wholeBytes: 0 };
}

/** The entry of a key has changed, or is no more. */
export function keepEntry<K extends Key, V>(
  context: Context<unknown>,
  path: string,
  file: KeptFile,
  entries: ReadonlyMap<K, V>,
  key: K,
): void {
  const record = encodeRecord({ key, value: entries.get(key) ?? null } satisfies Entry<K, V>);
  file.bytes += record.length;
  if (file.bytes > REWRITE_BYTES && file.bytes > 2 * file.wholeBytes) {
    return writeKept(context, path, file, entries);
  }
  context.appendFile(path, record);
  context.syncFile(path);
}

export function writeKept<K extends Key, V>(
  context: Context<unknown>,
  path: string,
  file: KeptFile,
  entries: ReadonlyMap<K, V>,
): void {
  const bytes = encodeRecords([...entries].map(([key, value]): Entry<K, V> => ({ key, value })));
  context.replaceFile(path, bytes);
  context.syncFile(path);
  file.bytes = bytes.length;
  file.wholeBytes = bytes.length;
}

/** What an earlier run has kept; undefined without a file. */
export function readKept<V, K extends Key = string>(
  context: Context<unknown>,
  path: string,
): Map<K, V> | undefined {
  const stored = context.readFile(path);
  if (!stored) return undefined;
  const { records, goodBytes } = decodeRecords(stored);
  if (goodBytes < stored.length) {
    context.log('warn', `The file ${path} is damaged: what it said last is lost.`);
  }
  const entries = new Map<K, V>();
  for (const { key, value } of records as unknown as Entry<K, V>[]) {
    if (value === null) entries.delete(key);
    else entries.set(key, value);
  }
  return entries;
}
