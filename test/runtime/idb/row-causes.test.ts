import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RowCause, RowCauses } from '../../../src/runtime/idb/row-causes.ts';

const TABLES = 5;
const ROWS = 40;
const OPS = ['insert', 'update', 'delete', 'replace'] as const;

const change = fc.record({
  op: fc.constantFrom(...OPS),
  table: fc.nat(TABLES - 1),
  row: fc.integer({ min: 1, max: ROWS }),
  seq: fc.integer({ min: 1, max: 2 ** 40 }),
});
type Change = { op: (typeof OPS)[number]; table: number; row: number; seq: number };

function note(causes: RowCauses, changes: readonly Change[]): void {
  for (const { op, table, row, seq } of changes) causes.noteRow(op, table, row, seq);
}

function expectAll(causes: RowCauses, changes: readonly Change[]): void {
  for (let table = 0; table < TABLES; table++) {
    for (let row = 1; row <= ROWS; row++) {
      const own = changes.filter((one) => one.table === table && one.row === row);
      const expected = own.map(({ op, seq }): RowCause => ({ op, seq }));
      expect(causes.causesOf(table, row)).toEqual(expected);
    }
  }
}

describe('why rows are as they are', () => {
  it('is every change of a row, first to last, and comes back from a checkpoint', () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (before, after) => {
        const causes = new RowCauses();
        note(causes, before);
        const restored = new RowCauses(causes.toData());
        note(restored, after);
        expectAll(causes, before);
        expectAll(restored, [...before, ...after]);
      }),
      { numRuns: 50 },
    );
  });

  it('is taken in steps, of its moment, whatever changes meanwhile', () => {
    const causes = new RowCauses();
    const many = Array.from({ length: 100_000 }, (_, at) => ({
      op: OPS[at % 4],
      table: at % TABLES,
      row: 1 + (at % ROWS),
      seq: at + 1,
    }));
    note(causes, many);
    const atOnce = causes.toData();
    const taking = causes.beginTaking();
    taking.step();
    expect(taking.isWhole).toBe(false);
    note(causes, [{ op: 'update', table: 1, row: 1, seq: 7_000_000 }]);
    expect(taking.isWhole).toBe(true);
    expect(Buffer.compare(taking.bytes(), atOnce)).toBe(0);
    expect(causes.causesOf(1, 1).at(-1)).toEqual({ op: 'update', seq: 7_000_000 });
  });

  it('is whole after so many steps, when nothing changes', () => {
    const causes = new RowCauses();
    for (let row = 1; row <= 50_000; row++) causes.noteRow('insert', 3, row, row);
    const taking = causes.beginTaking();
    let steps = 0;
    while (!taking.isWhole) {
      taking.step();
      steps++;
    }
    expect(steps).toBeGreaterThan(8);
    expect(Buffer.compare(taking.bytes(), causes.toData())).toBe(0);
  });
});
