import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addChange, createBatch } from '../../../src/engine/idb/row-batch.ts';
import type { CellValue, RowChange } from '../../../src/engine/idb/row-changes.ts';
import { idbTable } from '../../../src/engine/idb/schema.ts';
import { IdbDatabase } from '../../../src/runtime/idb/idb-database.ts';

const TABLE = idbTable('G_ROUTE_RESULT');
/** Few enough to meet again, and enough for rows that are written several at a time. */
const ROWS = 25;

/** Few values, so that a cell is often bound as it was bound before. */
const cells: readonly fc.Arbitrary<CellValue>[] = TABLE.columns.map(({ type, nullable }, at) => {
  if (at === TABLE.rowIdColumn) return fc.constant(null);
  const isText = /char|date/.test(type);
  const value: fc.Arbitrary<CellValue> = isText
    ? fc.constantFrom('', 'a', 'SF_Queue', 'été à midi', 'x'.repeat(300))
    : fc.constantFrom(0, 7, 255, 256, -1, 2 ** 31 - 1, 2 ** 40);
  return nullable ? fc.option(value) : value;
});

type Step = {
  readonly row: number;
  readonly values: readonly CellValue[];
  readonly columns: readonly number[];
  readonly op: 'put' | 'update' | 'delete';
};

const step: fc.Arbitrary<Step> = fc.record({
  row: fc.integer({ min: 1, max: ROWS }),
  values: fc.tuple(...cells),
  columns: fc.uniqueArray(fc.integer({ min: 1, max: TABLE.columns.length - 1 }), {
    minLength: 1,
    maxLength: 4,
  }),
  op: fc.constantFrom('put' as const, 'put' as const, 'update' as const, 'delete' as const),
});

/** A row is inserted, and put anew as whoever writes the table does it. */
function changeOf(
  { row, values, columns, op }: Step,
  isThere: boolean,
  again: 'replace' | 'update',
): RowChange {
  const head = { table: TABLE.number, row, cause: 1 };
  if (op === 'delete') return { ...head, op };
  if (op === 'update' || (isThere && again === 'update')) {
    return { ...head, op: 'update', columns, values: columns.map((at) => values[at]) };
  }
  const put = { ...head, values: values.with(TABLE.rowIdColumn, row) };
  return isThere ? { ...put, op: 'replace' } : { ...put, op: 'insert' };
}

function applyTo(rows: Map<number, CellValue[]>, changed: RowChange): void {
  if (changed.op === 'delete') rows.delete(changed.row);
  else if (changed.op !== 'update') rows.set(changed.row, [...changed.values]);
  else {
    const row = rows.get(changed.row);
    for (const [at, column] of changed.columns.entries()) {
      if (row) row[column] = changed.values[at];
    }
  }
}

describe('row batches in SQLite', () => {
  it.each(['replace', 'update'] as const)(
    'give the rows that the changes say, whatever was bound before; put anew by %s',
    async (again) => {
      const transactions = fc.array(fc.array(step, { maxLength: 80 }), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(transactions, async (all) => {
          const idb = await IdbDatabase.create();
          const expected = new Map<number, CellValue[]>();
          for (const [index, steps] of all.entries()) {
            const batch = createBatch();
            for (const one of steps) {
              const change = changeOf(one, expected.has(one.row), again);
              addChange(batch, change);
              applyTo(expected, change);
            }
            const { shapes, bytes, sizeBytes } = batch;
            const head = { kind: 'idb transaction', icon: 'icon1', position: index + 1 } as const;
            idb.apply({ ...head, shapes, bytes: bytes.subarray(0, sizeBytes) });
          }
          const { rowIds, rows } = idb.page(TABLE.name, 0, ROWS);
          const sorted = [...expected].sort(([one], [other]) => one - other);
          expect(rowIds).toEqual(sorted.map(([row]) => row));
          expect(rows).toEqual(sorted.map(([, values]) => values));
          expect(idb.count(TABLE.name)).toBe(expected.size);
          idb.close();
        }),
        { numRuns: 40 },
      );
    },
  );
});
