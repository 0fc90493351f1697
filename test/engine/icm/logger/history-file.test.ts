import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addKey,
  type HistoryPart,
  type KeyRange,
  missingKeys,
  noteRow,
  readHistory,
} from '../../../../src/engine/icm/logger/history-file.ts';
import type { Context } from '../../../../src/engine/kernel/process.ts';
import { encodeRecord } from '../../../../src/engine/kernel/record-log.ts';

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('recovery keys', () => {
  it('ranges hold just the keys that were added, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (keys) => {
        const ranges: KeyRange[] = [];
        for (const key of keys) addKey(ranges, key);
        const held = ranges.flatMap(({ from, to }) => range(from, to));
        expect(held).toEqual([...new Set(keys)].sort((a, b) => a - b));
        for (let at = 1; at < ranges.length; at++) {
          expect(ranges[at].from).toBeGreaterThan(ranges[at - 1].to + 1);
        }
        const missing = missingKeys(ranges, 60).flatMap(({ from, to }) => range(from, to));
        expect([...held, ...missing].sort((a, b) => a - b)).toEqual(range(1, 60));
      }),
    );
  });
});

/** A file of rows with these keys, some hundred bytes each. */
function fileOf(keys: readonly number[]): Context<unknown> {
  const rows = keys.map((recoveryKey) => encodeRecord({ recoveryKey, text: 'x'.repeat(300) }));
  const bytes = new Uint8Array(Buffer.concat(rows));
  return { readFile: () => bytes } as unknown as Context<unknown>;
}

function keysIn(context: Context<unknown>, fromByte: number, untilByte?: number): number[] {
  const keys: number[] = [];
  readHistory(context, fromByte, ({ recoveryKey }) => keys.push(recoveryKey), untilByte);
  return keys;
}

describe('the parts of a history file', () => {
  it('lie one behind the other, and have every row whose key is looked up', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(range(1, 1000), { minLength: 600 }), (keys) => {
        const context = fileOf(keys);
        const parts: HistoryPart[] = [];
        const note = (row: { recoveryKey: number }, atByte: number) =>
          noteRow(parts, row.recoveryKey, atByte);
        const nextByte = readHistory(context, 0, note);
        expect(parts.length).toBeGreaterThan(1);
        const found = parts.map(({ fromByte }, at) =>
          keysIn(context, fromByte, parts[at + 1]?.fromByte ?? nextByte),
        );
        expect(found.flat()).toEqual(keys);
        for (const [at, { keys: held }] of parts.entries()) {
          expect(held).toEqual({ from: Math.min(...found[at]), to: Math.max(...found[at]) });
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are read alone: a record that is not whole ends the last one', () => {
    const context = fileOf([1, 2, 3]);
    const bytes = context.readFile('')!;
    const torn = { readFile: () => bytes.subarray(0, bytes.length - 1) };
    expect(keysIn(torn as unknown as Context<unknown>, 0)).toEqual([1, 2]);
    expect(keysIn(context, bytes.length / 3, (2 * bytes.length) / 3)).toEqual([2]);
  });
});
