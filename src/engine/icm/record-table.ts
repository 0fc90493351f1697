import type { Hash } from '../kernel/hash.ts';

/**
 * Record tables of fixed layout in one Uint32Array each. What the CallRouter knows lives in these
 * words: their bytes are the state size, a state transfer ships them, relations are handles.
 */

export type FieldLayout =
  | { readonly kind: 'word'; readonly at: number; readonly refersTo: string }
  | {
      readonly kind: 'words';
      readonly at: number;
      readonly count: number;
      readonly refersTo: string;
    }
  | { readonly kind: 'text'; readonly at: number; readonly sizeBytes: number };

export interface TableLayout {
  readonly name: string;
  readonly recordWords: number;
  /** Records that are allocated at once when the table is full. */
  readonly growBy: number;
  readonly fields: Readonly<Record<string, FieldLayout>>;
}

export type TableState = {
  words: Uint32Array;
  /** Records in use are found among the first `used`. */
  used: number;
  count: number;
};

/** A record's place in its table, plus one; 0 is no record. */
export type Handle = number;

type FieldSpec =
  | 'word'
  | { readonly words: number }
  | { readonly text: number }
  /** A handle, or several, of records in the named table. */
  | { readonly handle: string }
  | { readonly handles: number; readonly of: string };

const IN_USE_WORD = 0;
/** Of what is needed, with the room for more. */
const ROOM = 1.5;
const MAX_ROOM = 2;

/**
 * `{ text: n }` takes n bytes of UTF-8; every record starts with an in-use word. Handles are
 * declared so that none is left behind when what it refers to is removed.
 */
export function defineTable(
  name: string,
  growBy: number,
  specs: Readonly<Record<string, FieldSpec>>,
): TableLayout {
  const fields: Record<string, FieldLayout> = {};
  let at = IN_USE_WORD + 1;
  for (const [field, spec] of Object.entries(specs)) {
    if (spec === 'word') fields[field] = { kind: 'word', at: at++, refersTo: '' };
    else if ('handle' in spec) {
      fields[field] = { kind: 'word', at: at++, refersTo: spec.handle };
    } else if ('handles' in spec) {
      fields[field] = { kind: 'words', at, count: spec.handles, refersTo: spec.of };
      at += spec.handles;
    } else if ('words' in spec) {
      fields[field] = { kind: 'words', at, count: spec.words, refersTo: '' };
      at += spec.words;
    } else {
      fields[field] = { kind: 'text', at, sizeBytes: spec.text };
      at += Math.ceil(spec.text / 4);
    }
  }
  return { name, recordWords: at, growBy, fields };
}

export function createTable(): TableState {
  return { words: new Uint32Array(0), used: 0, count: 0 };
}

/**
 * Words that snapshots hold: the next change works on a copy. No part of the state, because words
 * that come out of a checkpoint are in nobody else's hands.
 */
const heldBySnapshots = new WeakSet<Uint32Array>();

/** Memory that is one table's alone; one that came with a transfer lies among other bytes. */
const madeHere = new WeakSet<ArrayBufferLike>();

/** The bytes as they are now and will stay: a snapshot that costs nothing until a change. */
export function snapshotTable(table: TableState): Uint8Array {
  heldBySnapshots.add(table.words);
  const { buffer, byteOffset, byteLength } = table.words;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Room for so many records, in the same steps as if they were added one by one. */
export function reserveRecords(layout: TableLayout, table: TableState, records: number): void {
  const { recordWords, growBy } = layout;
  const words = Math.ceil(records / growBy) * growBy * recordWords;
  if (words > table.words.length) resize(table, words);
}

export function tableBytes(table: TableState): number {
  return table.words.byteLength;
}

export function addRecord(layout: TableLayout, table: TableState): Handle {
  const { recordWords } = layout;
  const index = table.count === table.used ? table.used : firstFree(layout, table);
  if ((index + 1) * recordWords > table.words.length) {
    resize(table, table.words.length + layout.growBy * recordWords);
  }
  own(table);
  if (index === table.used) table.used++;
  table.words[index * recordWords + IN_USE_WORD] = 1;
  table.count++;
  return index + 1;
}

export function removeRecord(layout: TableLayout, table: TableState, handle: Handle): void {
  const start = wordOf(layout, handle);
  if (table.words[start + IN_USE_WORD] !== 1)
    throw new Error(`${layout.name}: no record ${handle}`);
  own(table);
  table.words.fill(0, start, start + layout.recordWords);
  table.count--;
  shrink(layout, table);
}

/** Gives back what lies free at the end, but for one growth: memory follows the records. */
function shrink(layout: TableLayout, table: TableState): void {
  const { recordWords, growBy } = layout;
  while (table.used > 0 && table.words[(table.used - 1) * recordWords + IN_USE_WORD] === 0) {
    table.used--;
  }
  const keep = Math.ceil(table.used / growBy + 1) * growBy * recordWords;
  if (table.words.length > keep) resize(table, keep);
}

/** Forgets a record of another table wherever this one refers to it. */
export function clearReferences(
  layout: TableLayout,
  table: TableState,
  target: string,
  handle: Handle,
): void {
  for (const field of Object.values(layout.fields)) {
    if (field.kind === 'text' || field.refersTo !== target) continue;
    const count = field.kind === 'word' ? 1 : field.count;
    for (let record = 0; record < table.used; record++) {
      const start = record * layout.recordWords + field.at;
      for (let at = start; at < start + count; at++) {
        if (table.words[at] !== handle) continue;
        own(table);
        table.words[at] = 0;
      }
    }
  }
}

/** The first record whose text field is exactly this, or 0. */
export function findText(
  layout: TableLayout,
  table: TableState,
  field: string,
  value: string,
): Handle {
  const { at, sizeBytes } = fieldOf(layout, field, 'text');
  const wanted = new Uint8Array(Math.ceil(sizeBytes / 4) * 4);
  textEncoder.encodeInto(value, wanted.subarray(0, sizeBytes));
  const wantedWords = new Uint32Array(wanted.buffer);
  const { words } = table;
  search: for (let handle = 1; handle <= table.used; handle++) {
    const start = (handle - 1) * layout.recordWords;
    if (words[start + IN_USE_WORD] !== 1) continue;
    for (let i = 0; i < wantedWords.length; i++) {
      if (words[start + at + i] !== wantedWords[i]) continue search;
    }
    return handle;
  }
  return 0;
}

/** The first record whose word field has this value, or 0. */
export function findWord(
  layout: TableLayout,
  table: TableState,
  field: string,
  value: number,
): Handle {
  const { at } = fieldOf(layout, field, 'word');
  const { words } = table;
  for (let handle = 1; handle <= table.used; handle++) {
    const start = (handle - 1) * layout.recordWords;
    if (words[start + IN_USE_WORD] === 1 && words[start + at] === value) return handle;
  }
  return 0;
}

/** All records whose word field lies between two values, both included, in table order. */
export function handlesBetween(
  layout: TableLayout,
  table: TableState,
  field: string,
  low: number,
  high: number,
): Handle[] {
  const { at } = fieldOf(layout, field, 'word');
  const { words } = table;
  const found: Handle[] = [];
  for (let handle = 1; handle <= table.used; handle++) {
    const start = (handle - 1) * layout.recordWords;
    const value = words[start + at];
    if (value >= low && value <= high && words[start + IN_USE_WORD] === 1) found.push(handle);
  }
  return found;
}

/** Handles in use, in table order. */
export function* handlesOf(layout: TableLayout, table: TableState): Generator<Handle> {
  for (let handle = 1; handle <= table.used; handle++) {
    if (table.words[wordOf(layout, handle) + IN_USE_WORD] === 1) yield handle;
  }
}

export function getWord(
  layout: TableLayout,
  table: TableState,
  handle: Handle,
  field: string,
): number {
  return table.words[wordOf(layout, handle) + fieldOf(layout, field, 'word').at];
}

export function setWord(
  layout: TableLayout,
  table: TableState,
  handle: Handle,
  field: string,
  value: number,
): void {
  own(table);
  table.words[wordOf(layout, handle) + fieldOf(layout, field, 'word').at] = value;
}

/** The words of an array field: a live view, to be used at once. */
export function viewWords(
  layout: TableLayout,
  table: TableState,
  handle: Handle,
  field: string,
): Uint32Array {
  const { at, count } = fieldOf(layout, field, 'words');
  const start = wordOf(layout, handle) + at;
  own(table);
  return table.words.subarray(start, start + count);
}

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();

export function getText(
  layout: TableLayout,
  table: TableState,
  handle: Handle,
  field: string,
): string {
  const bytes = textBytes(layout, table, handle, field);
  const end = bytes.indexOf(0);
  return textDecoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Stores as many whole characters as fit. */
export function setText(
  layout: TableLayout,
  table: TableState,
  handle: Handle,
  field: string,
  value: string,
): void {
  own(table);
  const bytes = textBytes(layout, table, handle, field);
  bytes.fill(0);
  textEncoder.encodeInto(value, bytes);
}

export function hashTable(hash: Hash, table: TableState): void {
  hash.words(new Uint32Array([table.used, table.count, table.words.length]));
  hash.words(table.words);
}

/** Before any change: what a snapshot holds is not changed under it. */
function own(table: TableState): void {
  if (heldBySnapshots.has(table.words)) table.words = table.words.slice();
}

/**
 * The state has exactly so many words. Behind them lies room of ours that nobody sees, so that a
 * table that grows to thousands of records is not copied for every few of them.
 */
function resize(table: TableState, words: number): void {
  const { words: now } = table;
  const { buffer: room } = now;
  const roomWords = madeHere.has(room) ? room.byteLength / Uint32Array.BYTES_PER_ELEMENT : 0;
  const fits = roomWords >= words && roomWords <= words * MAX_ROOM;
  // What was given back at the end is free, and so zero, as room is.
  if (fits && !heldBySnapshots.has(now)) {
    table.words = new Uint32Array(room, 0, words);
    return;
  }
  const isGrowing = words > now.length && now.length > 0;
  const buffer = new ArrayBuffer(
    Math.ceil(words * (isGrowing ? ROOM : 1)) * Uint32Array.BYTES_PER_ELEMENT,
  );
  madeHere.add(buffer);
  table.words = new Uint32Array(buffer, 0, words);
  table.words.set(now.subarray(0, words));
}

function firstFree(layout: TableLayout, table: TableState): number {
  for (let index = 0; index < table.used; index++) {
    if (table.words[index * layout.recordWords + IN_USE_WORD] === 0) return index;
  }
  return table.used;
}

function wordOf(layout: TableLayout, handle: Handle): number {
  if (handle < 1) throw new Error(`${layout.name}: handle ${handle} is no record`);
  return (handle - 1) * layout.recordWords;
}

function fieldOf<K extends FieldLayout['kind']>(
  layout: TableLayout,
  name: string,
  kind: K,
): Extract<FieldLayout, { kind: K }> {
  const field = layout.fields[name];
  if (field?.kind !== kind) throw new Error(`${layout.name} has no ${kind} field ${name}`);
  return field as Extract<FieldLayout, { kind: K }>;
}

function textBytes(
  layout: TableLayout,
  table: TableState,
  handle: Handle,
  field: string,
): Uint8Array {
  const { at, sizeBytes } = fieldOf(layout, field, 'text');
  const { buffer, byteOffset } = table.words;
  return new Uint8Array(buffer, byteOffset + (wordOf(layout, handle) + at) * 4, sizeBytes);
}
