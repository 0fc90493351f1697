import { type PlainData, TAG, TYPED_ARRAYS } from './plain-data.ts';

/** Names and keys come again and again: one string for all of them also compares faster. */
const READ_TEXT = 16;
const READ_TEXTS = 8192;
const readTexts: string[] = new Array(READ_TEXTS).fill('');
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Inverse of {@link encodePlainData}; throws on damaged bytes. */
export function decodePlainData(bytes: Uint8Array): PlainData {
  const reader = new PlainDataReader(bytes);
  const value = reader.read();
  if (!reader.atEnd) throw new Error('damaged data: bytes after the end');
  return value;
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

function unzigzag(value: number): number {
  return (value & 1) === 0 ? value / 2 : -(value + 1) / 2;
}
