import { foldWords } from './running-hash.ts';
import type { Steps } from './steps.ts';

/**
 * Plain data and its one binary form. Checkpoints, state hashes, simulated files and message sizes
 * all use it. Objects keep their insertion order, the same in each run of a deterministic lab.
 */

export type PlainData =
  | undefined
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int32Array
  | Float64Array
  | readonly PlainData[]
  | ReadonlyMap<PlainData, PlainData>
  | ReadonlySet<PlainData>
  | { readonly [key: string]: PlainData };

export const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  integer: 4,
  float: 5,
  text: 6,
  array: 7,
  object: 8,
  map: 9,
  set: 10,
  typed: 11,
} as const;

type TypedArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
export const TYPED_ARRAYS = [
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int32Array,
  Float64Array,
] as const;

/** Longest text whose length fits one byte and is tried as ASCII. */
const SHORT_TEXT = 100;
const STEP_BYTES = 16_384;
/** So many items are not a step of their own. */
const SMALL_ITEMS = 32;
const MAX_INT32 = 2 ** 31 - 1;
const textEncoder = new TextEncoder();

/** Plain data that has been encoded already: its bytes stand for it when it is written. */
export class Encoded {
  constructor(readonly bytes: Uint8Array) {}
}

/** Growing output buffer for the binary form. */
export class PlainDataWriter {
  private buffer: Uint8Array<ArrayBuffer>;
  private view: DataView;
  private words: Uint32Array;
  private readonly lanes = new Uint32Array(4);
  private at = 0;
  private stepAt = 0;

  /**
   * Room for so many bytes; it grows when there are more. Structures in `leftOut` are not written:
   * the place of each is noted there.
   */
  constructor(
    roomBytes = 256,
    private readonly leftOut?: Map<object, number>,
  ) {
    this.buffer = new Uint8Array((roomBytes + 15) & ~15);
    this.view = new DataView(this.buffer.buffer);
    this.words = new Uint32Array(this.buffer.buffer);
  }

  get sizeBytes(): number {
    return this.at;
  }

  reset(): void {
    this.at = 0;
    this.stepAt = 0;
  }

  /** The bytes written since the last reset; valid until the next write. */
  peek(): Uint8Array {
    return this.buffer.subarray(0, this.at);
  }

  take(): Uint8Array {
    return this.buffer.slice(0, this.at);
  }

  /** One word that stands for the bytes written since the last reset. */
  checkWord(): number {
    const { at, lanes } = this;
    const end = (at + 15) & ~15;
    this.reserve(end - at);
    this.buffer.fill(0, at, end);
    lanes.fill(at);
    foldWords(lanes, this.words, end >> 2);
    return (lanes[0] ^ lanes[1] ^ lanes[2] ^ lanes[3]) >>> 0;
  }

  /**
   * As {@link write}, in steps of some ten kilobytes: large structures to any depth, and all to so
   * many levels. What lies deeper in small ones is one step.
   */
  *writeInSteps(value: unknown, levels: number): Generator<void, void> {
    if (!this.hasItems(value)) return this.write(value);
    const isArray = Array.isArray(value);
    const isMap = value instanceof Map;
    const items: Iterable<[unknown, unknown]> = isArray
      ? value.entries()
      : isMap
        ? value
        : Object.entries(value);
    const count = isArray ? value.length : isMap ? value.size : Object.keys(value).length;
    this.writeHead(isArray ? TAG.array : isMap ? TAG.map : TAG.object, count);
    for (const [key, item] of items) {
      if (isMap) this.write(key);
      else if (!isArray) this.writeString(String(key));
      // Not a generator for each number.
      if (levels > 1 ? this.hasItems(item) : isLarge(item)) {
        yield* this.writeInSteps(item, levels - 1);
      } else this.write(item);
      if (this.at - this.stepAt < STEP_BYTES) continue;
      this.stepAt = this.at;
      yield;
    }
  }

  private hasItems(value: unknown): value is object {
    if (typeof value !== 'object' || value === null || this.leftOut?.has(value)) return false;
    return Array.isArray(value) || value instanceof Map || isPlainObject(value);
  }

  write(value: unknown): void {
    if (typeof value === 'string') this.writeText(value);
    else if (typeof value === 'number') this.writeNumber(value);
    else if (value === undefined) this.writeByte(TAG.undefined);
    else if (value === null) this.writeByte(TAG.null);
    else if (value === false) this.writeByte(TAG.false);
    else if (value === true) this.writeByte(TAG.true);
    else if (typeof value === 'object') this.writeStructure(value);
    else throw new Error(`not plain data: ${typeof value}`);
  }

  writeVarint(value: number): void {
    let large = value;
    // What fits no 32-bit integer is kept away from the remainder of doubles, which is slow.
    while (large > MAX_INT32) {
      this.writeByte((large & 127) | 128);
      large = Math.floor(large / 128);
    }
    let rest = large | 0;
    while (rest >= 128) {
      this.writeByte((rest & 127) | 128);
      rest >>= 7;
    }
    this.writeByte(rest);
  }

  private writeByte(value: number): void {
    if (this.at === this.buffer.length) this.reserve(1);
    this.buffer[this.at++] = value;
  }

  private writeHead(tag: number, count: number): void {
    this.writeByte(tag);
    this.writeVarint(count);
  }

  private writeNumber(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 52 && !Object.is(value, -0)) {
      this.writeByte(TAG.integer);
      this.writeVarint(zigzag(value));
      return;
    }
    this.writeByte(TAG.float);
    this.reserve(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  private writeText(value: string): void {
    this.writeByte(TAG.text);
    this.writeString(value);
  }

  private writeString(value: string): void {
    this.reserve(value.length * 3 + 5);
    if (value.length <= SHORT_TEXT && this.writeShortAscii(value)) return;
    // Behind room for the length that ASCII would have; moved if it turns out longer.
    const room = varintBytes(value.length);
    const { written } = textEncoder.encodeInto(value, this.buffer.subarray(this.at + room));
    const from = this.at + room;
    const head = varintBytes(written);
    if (head !== room) this.buffer.copyWithin(this.at + head, from, from + written);
    this.writeVarint(written);
    this.at += written;
  }

  /** Most texts are short names: a loop over them is quicker than the encoder. */
  private writeShortAscii(value: string): boolean {
    const { buffer, at } = this;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      buffer[at + 1 + i] = code;
    }
    buffer[at] = value.length;
    this.at = at + 1 + value.length;
    return true;
  }

  private writeStructure(value: object): void {
    if (this.leftOut?.has(value)) this.leftOut.set(value, this.at);
    else if (Array.isArray(value)) {
      this.writeHead(TAG.array, value.length);
      for (const item of value) this.write(item);
    } else if (value instanceof Map) {
      this.writeHead(TAG.map, value.size);
      for (const [key, item] of value) {
        this.write(key);
        this.write(item);
      }
    } else if (value instanceof Set) {
      this.writeHead(TAG.set, value.size);
      for (const item of value) this.write(item);
    } else if (ArrayBuffer.isView(value)) this.writeTyped(value as TypedArray);
    else this.writeObject(value);
  }

  private writeObject(value: object): void {
    if (!isPlainObject(value)) {
      if (value instanceof Encoded) return this.writeBytes(value.bytes);
      const prototype = Object.getPrototypeOf(value);
      throw new Error(`not plain data: an instance of ${prototype.constructor?.name}`);
    }
    const keys = Object.keys(value);
    const values = Object.values(value);
    this.writeHead(TAG.object, keys.length);
    for (let at = 0; at < keys.length; at++) {
      this.writeString(keys[at]);
      this.write(values[at]);
    }
  }

  private writeTyped(value: TypedArray): void {
    const type = TYPED_ARRAYS.findIndex((candidate) => value instanceof candidate);
    if (type < 0) throw new Error('not plain data: an unknown typed array');
    this.writeByte(TAG.typed);
    this.writeByte(type);
    this.writeVarint(value.length);
    this.writeBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }

  private writeBytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  private reserve(count: number): void {
    if (this.at + count <= this.buffer.length) return;
    let size = this.buffer.length * 2;
    while (size < this.at + count) size *= 2;
    const grown = new Uint8Array(size);
    grown.set(this.buffer.subarray(0, this.at));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
    this.words = new Uint32Array(grown.buffer);
  }
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isLarge(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > SMALL_ITEMS;
  return value instanceof Map && value.size > SMALL_ITEMS;
}

/** Signed to unsigned so that small numbers of either sign stay short; exact up to 2^52. */
function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

/** How many bytes a count takes that fits 32 bits. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes++;
  return bytes;
}

/** What is large lies in a list, or one level deeper. */
const LEVELS = 2;

/** The same bytes as {@link encodePlainData}, for what is large. */
export function* encodePlainDataInSteps(value: unknown): Steps<Uint8Array> {
  const writer = new PlainDataWriter();
  // How much there will be is not known before.
  for (const _step of writer.writeInSteps(value, LEVELS)) yield 0;
  return writer.take();
}

export function encodePlainData(value: unknown): Uint8Array {
  const writer = new PlainDataWriter();
  writer.write(value);
  return writer.take();
}
