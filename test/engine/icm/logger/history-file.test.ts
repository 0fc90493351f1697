import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addKey,
  type KeyRange,
  missingKeys,
} from '../../../../src/engine/icm/logger/history-file.ts';

describe('recovery keys', () => {
  it('ranges hold just the keys that were added, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (keys) => {
        const ranges: KeyRange[] = [];
        for (const key of keys) addKey(ranges, key);
        const held = ranges.flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
        expect(held).toEqual([...new Set(keys)].sort((a, b) => a - b));
        for (let at = 1; at < ranges.length; at++) {
          expect(ranges[at].from).toBeGreaterThan(ranges[at - 1].to + 1);
        }
        const missing = missingKeys(ranges, 60).flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
        expect([...held, ...missing].sort((a, b) => a - b)).toEqual(
          Array.from({ length: 60 }, (_, index) => index + 1),
        );
      }),
    );
  });
});
