/**
 * Key-value lists as T-Server packs and prints them (docs/fidelity/tserver.md §3.3, verified by
 * calculation): the size in bytes, then the first four bytes.
 */

export type KeyValues = ReadonlyMap<string, string | number>;

const TYPE = { text: 0, integer: 1 } as const;
const PAIR_HEAD_BYTES = 5;
const INTEGER_BYTES = 4;
const textEncoder = new TextEncoder();

/** Bytes of the packed list: a count, then type, key and value of each pair with their lengths. */
export function packedSizeBytes(list: KeyValues): number {
  let size = 2;
  for (const [key, value] of list) {
    const valueBytes = typeof value === 'number' ? INTEGER_BYTES : byteLength(value);
    size += PAIR_HEAD_BYTES + byteLength(key) + valueBytes;
  }
  return size;
}

/** `[34] 00 01 00 00`, then the pairs. */
export function formatPackedList(list: KeyValues): string {
  const [first] = list;
  const head = [list.size >> 8, list.size & 255];
  if (first) head.push(typeof first[1] === 'number' ? TYPE.integer : TYPE.text);
  if (first) head.push(byteLength(first[0]) >> 8);
  const hex = head.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const pairs = [...list].map(([key, value]) =>
    typeof value === 'number' ? `'${key}' ${value}` : `'${key}' '${value}'`,
  );
  return [`[${packedSizeBytes(list)}] ${hex}`, ...pairs].join('  ');
}

function byteLength(text: string): number {
  return textEncoder.encode(text).length;
}
