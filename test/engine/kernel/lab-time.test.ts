import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  civilDate,
  daysOf,
  formatClock,
  formatStamp,
  timeOfDay,
} from '../../../src/engine/kernel/lab-time.ts';

const DAY_MS = 86_400_000;

describe('lab time', () => {
  it('knows the calendar as JavaScript does, both ways', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (days) => {
        const date = new Date(days * DAY_MS);
        const [year, month, day] = [
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
        ];
        expect(civilDate(days)).toEqual({ year, month, day });
        expect(daysOf(year, month, day)).toBe(days);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [2026, 2, 29],
    [1900, 2, 29],
    [2026, 4, 31],
    [2026, 13, 1],
    [2026, 0, 1],
    [2026, 1, 0],
    [2026, 99, 99],
  ])('has no date %i-%i-%i', (year, month, day) => {
    expect(daysOf(year, month, day)).toBeUndefined();
  });

  it('has the leap days of a century and of four', () => {
    expect(daysOf(2000, 2, 29)).toBe(11_016);
    expect(daysOf(2024, 2, 29)).toBe(19_782);
  });

  it('writes clocks and stamps as ISO 8601 has their parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (ms) => {
        const iso = new Date(ms).toISOString();
        expect(timeOfDay(ms / 1000)).toBe(iso.slice(11, 19));
        expect(formatClock(ms * 1000, 0)).toBe(iso.slice(11, 23));
        expect(formatStamp(ms / 1000)).toBe(
          iso.slice(2, 19).replace('T', '_').replace(/[-:]/g, ''),
        );
      }),
    );
  });

  it('a moment before 1970 is a time of its day', () => {
    expect(timeOfDay(-1)).toBe('23:59:59');
  });
});
