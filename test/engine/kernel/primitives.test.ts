import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../src/engine/kernel/event-queue.ts';
import type { LabEvent } from '../../../src/engine/kernel/events.ts';
import { createFifo, fifoLength, fifoPush, fifoTake } from '../../../src/engine/kernel/fifo.ts';
import { Hash, hashBytes } from '../../../src/engine/kernel/hash.ts';
import { encodePlainData } from '../../../src/engine/kernel/plain-data.ts';
import { decodePlainData } from '../../../src/engine/kernel/plain-data-reader.ts';

const event = (dueUs: number, seq: number): LabEvent => ({
  dueUs,
  seq,
  cause: 0,
  kind: 'timer',
  target: '',
  incarnation: 0,
  data: null,
});

describe('event queue', () => {
  it('gives events in the order of due time, then sequence number', () => {
    const operations = fc.array(fc.option(fc.integer({ min: 0, max: 20 })), { maxLength: 300 });
    fc.assert(
      fc.property(operations, (steps) => {
        const queue = new EventQueue();
        const dumb: LabEvent[] = [];
        let seq = 0;
        for (const dueUs of steps) {
          if (dueUs === null) {
            dumb.sort((a, b) => a.dueUs - b.dueUs || a.seq - b.seq);
            expect(queue.pop()).toEqual(dumb.shift());
          } else {
            queue.push(event(dueUs, ++seq));
            dumb.push(event(dueUs, seq));
          }
        }
        // What is asked for all does not take it.
        expect(queue.toData()).toEqual(queue.copy().toData());
        expect(queue.toData()).toEqual(dumb.sort((a, b) => a.dueUs - b.dueUs || a.seq - b.seq));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a queue whose front is taken', () => {
  it('gives what was put in, in order, and keeps nothing of what was taken', () => {
    const steps = fc.array(fc.boolean(), { maxLength: 400 });
    fc.assert(
      fc.property(steps, (puts) => {
        const fifo = createFifo<number>();
        const dumb: number[] = [];
        for (const [at, isPut] of puts.entries()) {
          if (isPut) {
            fifoPush(fifo, at);
            dumb.push(at);
          } else expect(fifoTake(fifo)).toBe(dumb.shift());
          expect(fifoLength(fifo)).toBe(dumb.length);
          if (dumb.length === 0) expect(fifo).toEqual(createFifo());
        }
      }),
    );
  });
});

describe('plain data', () => {
  const leaf = fc.oneof(
    fc.constant(null),
    fc.constant(undefined),
    fc.boolean(),
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme', maxLength: 90 }),
    fc.uint8Array(),
    fc.uint32Array(),
    fc.float64Array({ noNaN: true }),
  );
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 5, noNullPrototype: true },
      ),
      fc.array(fc.tuple(fc.string(), tie('value'))).map((pairs) => new Map(pairs)),
      fc.array(fc.integer()).map((items) => new Set(items)),
    ),
  })).value;

  it('comes back as it was', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(decodePlainData(encodePlainData(value))).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps minus zero, the largest integers and a BOM apart from their neighbours', () => {
    for (const value of [-0, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 60, -(2 ** 52), '\ufeffx']) {
      expect(Object.is(decodePlainData(encodePlainData(value)), value)).toBe(true);
    }
  });

  it('keeps texts whose length in bytes takes more room than their length', () => {
    for (const text of ['é'.repeat(70), 'a€'.repeat(60), '€'.repeat(9000), 'x'.repeat(20_000)]) {
      const value = [text, 'behind it', text];
      expect(decodePlainData(encodePlainData(value))).toEqual(value);
      const { length } = new TextEncoder().encode(text);
      expect(encodePlainData(text)).toHaveLength(
        1 + (length < 128 ? 1 : length < 16_384 ? 2 : 3) + length,
      );
    }
  });

  it('refuses code and instances, and damaged bytes', () => {
    expect(() => encodePlainData({ f: () => 1 })).toThrow('not plain data: function');
    expect(() => encodePlainData(new Date(0))).toThrow('an instance of Date');
    const bytes = encodePlainData({ a: [1, 2, 'three'] });
    expect(() => decodePlainData(bytes.subarray(0, bytes.length - 1))).toThrow('damaged data');
    expect(() => decodePlainData(new Uint8Array([...bytes, 0]))).toThrow('damaged data');
    expect(() => decodePlainData(new Uint8Array([99]))).toThrow('damaged data');
  });
});

describe('hash', () => {
  const text = (value: string) => hashBytes(new TextEncoder().encode(value));

  it('is the one that a slow and plain version of it computes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer(), (bytes, seed) => {
        expect(new Hash(seed).bytes(bytes).hex()).toBe(plainHash(bytes, seed));
      }),
    );
  });

  it('does not change: what was written can be read by a later version', () => {
    expect(text('')).toBe('6d8bc7d1f6a78dae668b825ace7aeece');
    expect(text('a')).toBe('12cff6484d8b3218fc6fb54f63d05e10');
    expect(text('The quick brown fox jumps over the lazy dog')).toBe(
      '4e1cccacd3872ec6e8bcf668011b8c53',
    );
  });

  it('changes about half of its bits with any one bit, and never none', () => {
    let changed = 0;
    let cases = 0;
    for (const length of [1, 4, 8, 31, 32, 33, 64, 100]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 37 + length);
      const before = new Hash().bytes(bytes).digest(new Uint32Array(4));
      for (let bit = 0; bit < length * 8; bit++) {
        bytes[bit >> 3] ^= 1 << (bit & 7);
        const after = new Hash().bytes(bytes).digest(new Uint32Array(4));
        bytes[bit >> 3] ^= 1 << (bit & 7);
        const bits = after.reduce((sum, word, i) => sum + bitCount(word ^ before[i]), 0);
        expect(bits).toBeGreaterThan(32);
        changed += bits;
        cases++;
      }
    }
    expect(changed / cases / 128).toBeCloseTo(0.5, 2);
  });

  it('tells states of few small numbers apart in each of its words', () => {
    const seen = [0, 1, 2, 3].map(() => new Set<number>());
    const words = new Uint32Array(9);
    for (let i = 0; i < 20_000; i++) {
      words.set([i, 0, i >> 3, 5, 0, 0, 0, i & 7, 1]);
      new Hash()
        .words(words)
        .digest(new Uint32Array(4))
        .forEach((word, at) => {
          seen[at].add(word);
        });
    }
    // By chance 0.05 of the 20,000 would meet in one word of 32 bits.
    for (const { size } of seen) expect(size).toBeGreaterThan(19_997);
  });

  it('is the same for words as for their bytes', () => {
    const words = Uint32Array.from({ length: 77 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
    const bytes = new Uint8Array(words.buffer);
    for (const length of [0, 1, 7, 8, 9, 77]) {
      const fromWords = new Hash().words(words.subarray(0, length)).hex();
      expect(fromWords).toBe(hashBytes(bytes.subarray(0, length * 4)));
    }
  });

  it('reads bytes at any alignment, from Node buffers too', () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * 7);
    for (let offset = 0; offset < 8; offset++) {
      const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).subarray(offset);
      expect(hashBytes(shifted)).toBe(hashBytes(bytes));
      const stored = Buffer.from(encodePlainData({ words: new Uint32Array([1, 2, 3]), bytes }));
      const moved = Buffer.concat([Buffer.alloc(offset), stored]).subarray(offset);
      expect(decodePlainData(moved)).toEqual({ words: new Uint32Array([1, 2, 3]), bytes });
    }
  });

  it('does not depend on how the bytes are cut into runs', () => {
    const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, lengths) => {
        const hash = new Hash();
        let at = 0;
        for (const length of lengths) {
          hash.bytes(bytes.subarray(at, at + length));
          at = Math.min(bytes.length, at + length);
        }
        hash.bytes(bytes.subarray(at));
        expect(hash.hex()).toBe(hashBytes(bytes));
      }),
    );
  });
});

/** The hash once more, in exact big numbers and without lanes that run side by side. */
function plainHash(bytes: Uint8Array, seed: number): string {
  const word = (value: bigint) => BigInt.asUintN(32, value);
  const rotate = (value: bigint, bits: bigint) => word((value << bits) | (value >> (32n - bits)));
  const starts = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn, 0x27d4eb2fn];
  let lanes = starts.map((start) => word(start ^ BigInt(seed)));
  const padded = new Uint8Array(Math.ceil(bytes.length / 32) * 32);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 32) {
    const stepped = lanes.map((lane, i) => {
      const first = BigInt(view.getUint32(at + i * 8, true));
      const second = BigInt(view.getUint32(at + i * 8 + 4, true));
      const turned = rotate(lane ^ first, 13n) + second;
      return word(word(turned) * 0x9e3779b1n + (i < 3 ? lanes[i + 1] : 0n));
    });
    lanes = [stepped[1], stepped[2], stepped[3], stepped[0]];
  }
  const mixed = (value: bigint) => {
    let h = value ^ (value >> 16n);
    h = word(h * 0x85ebca6bn);
    h ^= h >> 13n;
    h = word(h * 0xc2b2ae35n);
    return h ^ (h >> 16n);
  };
  const spread = ([a, b, c, d]: readonly bigint[]) => {
    const all = word(a + b + c + d);
    return [all, word(b + all), word(c + all), word(d + all)];
  };
  const ends = spread(spread(lanes.map((lane) => lane ^ BigInt(bytes.length))).map(mixed));
  return ends.map((end) => end.toString(16).padStart(8, '0')).join('');
}

function bitCount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}
