/**
 * The one hash of the product: synchronous, pure, streaming, and as fast as V8 reads words. Four
 * lanes of 32 bits run side by side as in XXH32; each takes two words a step, and its neighbour's
 * old value, so that no difference stays in one lane. Every step is a bijection: a single changed
 * word always changes the result. It detects differences, not attackers.
 */

const BLOCK_BYTES = 32;
/**
 * Longer runs are taken in parts: V8 compiles a loop while it runs, before it knows what follows
 * the loop, and would leave that code at the end of each run.
 */
const PART_WORDS = 1024;

/** Four unrelated odd numbers: the primes of XXH32. */
const START = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f];

/** Streaming hash; feed it byte runs and words, then read `hex()`. */
export class Hash {
  private readonly lanes = new Int32Array(4);
  private readonly block = new Uint32Array(BLOCK_BYTES / 4);
  private readonly blockBytes = new Uint8Array(this.block.buffer);
  private filled = 0;
  private lengthBytes = 0;

  constructor(seed = 0) {
    this.reset(seed);
  }

  /** Back to the start, so that a hot path need not make a new one. */
  reset(seed = 0): this {
    for (let lane = 0; lane < 4; lane++) this.lanes[lane] = START[lane] ^ seed;
    this.lengthBytes = 0;
    this.filled = 0;
    return this;
  }

  bytes(data: Uint8Array): this {
    let at = 0;
    this.lengthBytes += data.length;
    if (this.filled > 0) {
      at = Math.min(BLOCK_BYTES - this.filled, data.length);
      for (let i = 0; i < at; i++) this.blockBytes[this.filled++] = data[i];
      if (this.filled < BLOCK_BYTES) return this;
      mix(this.lanes, this.block, 0, this.block.length);
      this.filled = 0;
    }
    if (data.length - at >= BLOCK_BYTES) at = this.wholeBlocks(data, at);
    while (at < data.length) this.blockBytes[this.filled++] = data[at++];
    return this;
  }

  words(data: Uint32Array): this {
    return this.bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  hex(): string {
    return hashHex(this.digest(new Uint32Array(4)));
  }

  /** Writes the 128-bit result as four words; the hash can be fed on. */
  digest(into: Uint32Array): Uint32Array {
    const { filled, lengthBytes } = this;
    ended.set(this.lanes);
    if (filled > 0) {
      this.blockBytes.fill(0, filled);
      mix(ended, this.block, 0, this.block.length);
    }
    // The end of MurmurHash3 x86 128: every lane reaches every word of the result.
    let a = ended[0] ^ lengthBytes;
    let b = ended[1] ^ lengthBytes;
    let c = ended[2] ^ lengthBytes;
    let d = ended[3] ^ lengthBytes;
    a = (a + b + c + d) | 0;
    b = finalMix(b + a);
    c = finalMix(c + a);
    d = finalMix(d + a);
    a = finalMix(a);
    a = (a + b + c + d) | 0;
    into[0] = a;
    into[1] = b + a;
    into[2] = c + a;
    into[3] = d + a;
    return into;
  }

  private wholeBlocks(data: Uint8Array, start: number): number {
    const end = data.length - ((data.length - start) % BLOCK_BYTES);
    const aligned = (data.byteOffset + start) % 4 === 0;
    // Unaligned data is copied once: words are read far faster than bytes.
    const part = data.subarray(start, end);
    const source = aligned ? part : new Uint8Array(part);
    const words = new Uint32Array(source.buffer, source.byteOffset, (end - start) >> 2);
    for (let from = 0; from < words.length; from += PART_WORDS) {
      mix(this.lanes, words, from, Math.min(from + PART_WORDS, words.length));
    }
    return end;
  }
}

const ended = new Int32Array(4);

/** Whole blocks of eight words. Constants stand in the loop: V8 reads named ones from memory. */
function mix(lanes: Int32Array, words: Uint32Array, from: number, to: number): void {
  let a = lanes[0];
  let b = lanes[1];
  let c = lanes[2];
  let d = lanes[3];
  for (let i = from; i < to; i += 8) {
    let t = a ^ words[i];
    const e = (Math.imul((((t << 13) | (t >>> 19)) + words[i + 1]) | 0, 0x9e3779b1) + b) | 0;
    t = b ^ words[i + 2];
    a = (Math.imul((((t << 13) | (t >>> 19)) + words[i + 3]) | 0, 0x9e3779b1) + c) | 0;
    t = c ^ words[i + 4];
    b = (Math.imul((((t << 13) | (t >>> 19)) + words[i + 5]) | 0, 0x9e3779b1) + d) | 0;
    t = d ^ words[i + 6];
    c = Math.imul((((t << 13) | (t >>> 19)) + words[i + 7]) | 0, 0x9e3779b1);
    d = e;
  }
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
  lanes[3] = d;
}

function finalMix(value: number): number {
  let h = value;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The usual 32 hexadecimal digits of a digest. */
export function hashHex(words: Uint32Array): string {
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}

export function hashBytes(data: Uint8Array): string {
  return new Hash().bytes(data).hex();
}
