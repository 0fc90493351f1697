/**
 * MurmurHash3 x86 128: the one hash of the product. Synchronous, pure and fast over words, which
 * Web Crypto and WASM packages are not all at once. It detects differences, not attackers.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const rotl = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));

function finalMix(value: number): number {
  let h = value;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Streaming hash; feed it byte runs and words, then read `hex()`. */
export class Hash {
  private h1: number;
  private h2: number;
  private h3: number;
  private h4: number;
  private lengthBytes = 0;
  private readonly block = new Uint32Array(4);
  private readonly blockBytes = new Uint8Array(this.block.buffer);
  private filled = 0;

  constructor(seed = 0) {
    this.h1 = seed;
    this.h2 = seed;
    this.h3 = seed;
    this.h4 = seed;
  }

  /** Back to the start, so that a hot path need not make a new one. */
  reset(seed = 0): this {
    this.h1 = seed;
    this.h2 = seed;
    this.h3 = seed;
    this.h4 = seed;
    this.lengthBytes = 0;
    this.filled = 0;
    return this;
  }

  bytes(data: Uint8Array): this {
    let at = 0;
    this.lengthBytes += data.length;
    if (this.filled > 0) {
      while (this.filled < 16 && at < data.length) this.blockBytes[this.filled++] = data[at++];
      if (this.filled < 16) return this;
      this.mix(this.block[0], this.block[1], this.block[2], this.block[3]);
      this.filled = 0;
    }
    if (data.length - at >= 16) at = this.wholeBlocks(data, at);
    while (at < data.length) this.blockBytes[this.filled++] = data[at++];
    return this;
  }

  words(data: Uint32Array): this {
    return this.bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  hex(): string {
    return hashHex(this.digest(new Uint32Array(4)));
  }

  /** Writes the 128-bit result as four words. */
  digest(into: Uint32Array): Uint32Array {
    let { h1, h2, h3, h4 } = this;
    this.blockBytes.fill(0, this.filled);
    const tail = this.block;
    h4 ^= Math.imul(rotl(Math.imul(tail[3], C4), 18), C1);
    h3 ^= Math.imul(rotl(Math.imul(tail[2], C3), 17), C4);
    h2 ^= Math.imul(rotl(Math.imul(tail[1], C2), 16), C3);
    h1 ^= Math.imul(rotl(Math.imul(tail[0], C1), 15), C2);
    h1 ^= this.lengthBytes;
    h2 ^= this.lengthBytes;
    h3 ^= this.lengthBytes;
    h4 ^= this.lengthBytes;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    h1 = finalMix(h1);
    h2 = finalMix(h2);
    h3 = finalMix(h3);
    h4 = finalMix(h4);
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    into[0] = h1;
    into[1] = h2;
    into[2] = h3;
    into[3] = h4;
    return into;
  }

  private wholeBlocks(data: Uint8Array, start: number): number {
    const end = start + ((data.length - start) & ~15);
    const aligned = (data.byteOffset + start) % 4 === 0;
    // Unaligned data is copied once: words are read far faster than bytes.
    const part = data.subarray(start, end);
    const source = aligned ? part : new Uint8Array(part);
    this.mixAll(new Uint32Array(source.buffer, source.byteOffset, (end - start) >> 2));
    return end;
  }

  private mix(k1: number, k2: number, k3: number, k4: number): void {
    one[0] = k1;
    one[1] = k2;
    one[2] = k3;
    one[3] = k4;
    this.mixAll(one);
  }

  private mixAll(words: Uint32Array): void {
    let { h1, h2, h3, h4 } = this;
    for (let i = 0; i < words.length; i += 4) {
      h1 ^= Math.imul(rotl(Math.imul(words[i], C1), 15), C2);
      h1 = (Math.imul((rotl(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
      h2 ^= Math.imul(rotl(Math.imul(words[i + 1], C2), 16), C3);
      h2 = (Math.imul((rotl(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
      h3 ^= Math.imul(rotl(Math.imul(words[i + 2], C3), 17), C4);
      h3 = (Math.imul((rotl(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
      h4 ^= Math.imul(rotl(Math.imul(words[i + 3], C4), 18), C1);
      h4 = (Math.imul((rotl(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
    }
    this.h1 = h1;
    this.h2 = h2;
    this.h3 = h3;
    this.h4 = h4;
  }
}

const one = new Uint32Array(4);

/** The usual 32 hexadecimal digits of a digest. */
export function hashHex(words: Uint32Array): string {
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}

export function hashBytes(data: Uint8Array): string {
  return new Hash().bytes(data).hex();
}
