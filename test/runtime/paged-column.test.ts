import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PagedColumn } from '../../src/runtime/paged-column.ts';

const PLACES = 100_000;

describe('numbers in pages', () => {
  it('are those that were put there, in whatever order, and 0 elsewhere', () => {
    const put = fc.array(fc.tuple(fc.nat(PLACES), fc.nat(2 ** 32 - 1)));
    fc.assert(
      fc.property(put, fc.nat(PLACES), (numbers, elsewhere) => {
        const column = new PagedColumn(Uint32Array);
        for (const [at, value] of numbers) column.set(at, value);
        const known = new Map(numbers);
        for (const [at, value] of known) expect(column.get(at)).toBe(value);
        expect(column.get(elsewhere)).toBe(known.get(elsewhere) ?? 0);
      }),
    );
  });

  it('are kept from a place on, and above a number', () => {
    const column = new PagedColumn(Float64Array);
    for (let at = 0; at < PLACES; at++) column.set(at, at / 2);
    const before = column.pageCount;
    column.dropBefore(40_000);
    expect(column.get(40_000)).toBe(20_000);
    expect(column.get(0)).toBe(0);
    expect(column.pageCount).toBe(before - 2);
    column.dropBelow(40_000);
    for (let at = 80_000; at < PLACES; at++) expect(column.get(at)).toBe(at / 2);
    expect(column.pageCount).toBe(before - 4);
    // What was let go of is begun again.
    column.set(5, 7);
    expect([column.get(5), column.get(6)]).toEqual([7, 0]);
  });
});
