import { foldWords } from './running-hash.ts';

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

const TAG = {
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
const TYPED_ARRAYS = [Uint8Array, Uint16Array, Uint32Array, Int32Array, Float64Array] as const;

/** Longest text whose length fits one byte and is tried as ASCII. */
const SHORT_TEXT = 100;
const MAX_INT32 = 2 ** 31 - 1;
/** Names and keys come again and again: one string for all of them also compares faster. */
const READ_TEXT = 16;
const READ_TEXTS = 8192;
const readTexts: string[] = new Array(READ_TEXTS).fill('');
const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Growing output buffer for the binary form. */
export class PlainDataWriter {
  private buffer: Uint8Array<ArrayBuffer>;
  private view: DataView;
  private words: Uint32Array;
  private readonly lanes = new Uint32Array(4);
  private at = 0;
  /** Structures whose bytes are not written, and where each of them belongs. */
  private leftOut: Map<object, number> | undefined;

  /** Room for so many bytes; it grows when there are more. */
  constructor(roomBytes = 256) {
    this.buffer = new Uint8Array((roomBytes + 15) & ~15);
    this.view = new DataView(this.buffer.buffer);
    this.words = new Uint32Array(this.buffer.buffer);
  }

  get sizeBytes(): number {
    return this.at;
  }

  reset(): void {
    this.at = 0;
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

  /** Leaves out the bytes of the structures that are keys, and notes the place of each. */
  writeAround(value: unknown, leftOut: Map<object, number>): void {
    this.leftOut = leftOut;
    this.write(value);
    this.leftOut = undefined;
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
    const bytes = textEncoder.encode(value);
    this.writeVarint(bytes.length);
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
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
      this.writeByte(TAG.array);
      this.writeVarint(value.length);
      for (const item of value) this.write(item);
    } else if (value instanceof Map) {
      this.writeByte(TAG.map);
      this.writeVarint(value.size);
      for (const [key, item] of value) {
        this.write(key);
        this.write(item);
      }
    } else if (value instanceof Set) {
      this.writeByte(TAG.set);
      this.writeVarint(value.size);
      for (const item of value) this.write(item);
    } else if (ArrayBuffer.isView(value)) this.writeTyped(value as TypedArray);
    else this.writeObject(value);
  }

  private writeObject(value: object): void {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new Error(`not plain data: an instance of ${prototype.constructor?.name}`);
    }
    const keys = Object.keys(value);
    const values = Object.values(value);
    this.writeByte(TAG.object);
    this.writeVarint(keys.length);
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
    this.reserve(value.byteLength);
    this.buffer.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), this.at);
    this.at += value.byteLength;
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

class PlainDataReader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  read(): PlainData {
    const tag = this.readByte();
    switch (tag) {
      case TAG.undefined:
        return undefined;
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.integer:
        return unzigzag(this.readVarint());
      case TAG.float:
        this.at += 8;
        return this.view.getFloat64(this.at - 8, true);
      case TAG.text:
        return this.readString();
      default:
        return this.readStructure(tag);
    }
  }

  private readStructure(tag: number): PlainData {
    if (tag === TAG.typed) return this.readTyped();
    const count = this.readVarint();
    if (count > this.bytes.length) throw new Error('damaged data: impossible length');
    if (tag === TAG.array) return this.readItems(count);
    if (tag === TAG.set) return new Set(this.readItems(count));
    if (tag === TAG.map) {
      const map = new Map<PlainData, PlainData>();
      for (let i = 0; i < count; i++) {
        const key = this.read();
        map.set(key, this.read());
      }
      return map;
    }
    if (tag !== TAG.object) throw new Error(`damaged data: unknown tag ${tag}`);
    const object: Record<string, PlainData> = {};
    for (let i = 0; i < count; i++) {
      const key = this.readString();
      if (key === '__proto__') throw new Error('damaged data: impossible key');
      object[key] = this.read();
    }
    return object;
  }

  private readItems(count: number): PlainData[] {
    const items: PlainData[] = [];
    for (let i = 0; i < count; i++) items.push(this.read());
    return items;
  }

  private readTyped(): PlainData {
    const elementType = TYPED_ARRAYS[this.readByte()];
    if (!elementType) throw new Error('damaged data: unknown typed array');
    const sizeBytes = this.readVarint() * elementType.BYTES_PER_ELEMENT;
    if (this.at + sizeBytes > this.bytes.length) throw new Error('damaged data: cut short');
    // Not slice(): a subclass may make that a view, and the elements need their own memory.
    const copy = new Uint8Array(this.bytes.subarray(this.at, this.at + sizeBytes));
    this.at += sizeBytes;
    return new elementType(copy.buffer);
  }

  private readByte(): number {
    if (this.at >= this.bytes.length) throw new Error('damaged data: cut short');
    return this.bytes[this.at++];
  }

  private readVarint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.readByte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
      if (scale > 2 ** 56) throw new Error('damaged data: number too long');
    }
  }

  private readString(): string {
    const sizeBytes = this.readVarint();
    if (this.at + sizeBytes > this.bytes.length) throw new Error('damaged data: cut short');
    const start = this.at;
    this.at += sizeBytes;
    return sizeBytes <= READ_TEXT
      ? this.readShortText(start, this.at)
      : textDecoder.decode(this.bytes.subarray(start, this.at));
  }

  private readShortText(start: number, end: number): string {
    const { bytes } = this;
    let word = end - start;
    let bits = 0;
    for (let at = start; at < end; at++) {
      word = Math.imul(word ^ bytes[at], 0x01000193);
      bits |= bytes[at];
    }
    if (bits > 127) return textDecoder.decode(bytes.subarray(start, end));
    const place = (word ^ (word >>> 15)) & (READ_TEXTS - 1);
    const known = readTexts[place];
    if (this.isText(known, start, end)) return known;
    let text = '';
    for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]);
    readTexts[place] = text;
    return text;
  }

  private isText(text: string, start: number, end: number): boolean {
    if (text.length !== end - start) return false;
    for (let at = 0; at < text.length; at++) {
      if (text.charCodeAt(at) !== this.bytes[start + at]) return false;
    }
    return true;
  }
}

/** Signed to unsigned so that small numbers of either sign stay short; exact up to 2^52. */
function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function unzigzag(value: number): number {
  return (value & 1) === 0 ? value / 2 : -(value + 1) / 2;
}

export function encodePlainData(value: unknown): Uint8Array {
  const writer = new PlainDataWriter();
  writer.write(value);
  return writer.take();
}

/** Inverse of {@link encodePlainData}; throws on damaged bytes. */
export function decodePlainData(bytes: Uint8Array): PlainData {
  const reader = new PlainDataReader(bytes);
  const value = reader.read();
  if (!reader.atEnd) throw new Error('damaged data: bytes after the end');
  return value;
}
