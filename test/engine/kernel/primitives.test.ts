import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../src/engine/kernel/event-queue.ts';
import type { LabEvent } from '../../../src/engine/kernel/events.ts';
import { Hash, hashBytes } from '../../../src/engine/kernel/hash.ts';
import { decodePlainData, encodePlainData } from '../../../src/engine/kernel/plain-data.ts';

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
        expect(queue.toData()).toEqual(dumb.sort((a, b) => a.dueUs - b.dueUs || a.seq - b.seq));
      }),
      { numRuns: 1000 },
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
  it('is MurmurHash3 x86 128', () => {
    // Reference values of the public MurmurHash3 x86_128 with seed 0.
    const text = (value: string) => hashBytes(new TextEncoder().encode(value));
    expect(text('')).toBe('00000000000000000000000000000000');
    expect(text('The quick brown fox jumps over the lazy dog')).toBe(
      '2f1583c3ecee2c675d7bf66ce5e91d2c',
    );
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
