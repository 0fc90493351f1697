import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addChange, addInsert, createBatch } from '../../../src/engine/idb/row-batch.ts';
import { changesOf } from '../../../src/engine/idb/row-batch-reader.ts';
import { type CellValue, formatGmt, type RowChange } from '../../../src/engine/idb/row-changes.ts';
import { IDB_TABLES, idbTable } from '../../../src/engine/idb/schema.ts';

const cell: fc.Arbitrary<CellValue> = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ minLength: 240, maxLength: 5000 }),
  // Texts that come again in the same batch.
  fc.constantFrom('seven', '2026-03-02 09:00:00', 'é'.repeat(12), 'long '.repeat(80)),
);

const change: fc.Arbitrary<RowChange> = fc
  .record({ table: fc.nat(IDB_TABLES.length - 1), row: fc.nat(2 ** 40), cause: fc.nat(2 ** 45) })
  .chain((head) => {
    const { columns } = IDB_TABLES[head.table];
    const values = fc.array(cell, { minLength: columns.length, maxLength: columns.length });
    const numbers = fc.uniqueArray(fc.nat(columns.length - 1), { minLength: 1 });
    return fc.oneof(
      fc.constant<RowChange>({ ...head, op: 'delete' }),
      values.map((all): RowChange => ({ ...head, op: 'insert', values: all })),
      fc.tuple(numbers, values).map(([chosen, all]): RowChange => {
        return { ...head, op: 'update', columns: chosen, values: chosen.map((at) => all[at]) };
      }),
    );
  });

describe('row batches', () => {
  it('give back what was put in, whatever its size', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const batch = createBatch();
        for (const one of changes) addChange(batch, one);
        const { shapes, bytes, sizeBytes } = batch;
        expect(batch.rows).toBe(changes.length);
        expect(changesOf({ shapes, bytes: bytes.slice(0, sizeBytes) })).toEqual(changes);
      }),
      { numRuns: 60 },
    );
  });

  it('a moment is date, seconds and code; a lone date is text', () => {
    const batch = createBatch();
    addInsert(batch, 'G_PARTY_HISTORY', 7, { PARTYID: 'x'.repeat(255), ADDED: 1_772_463_623 }, 9);
    addInsert(batch, 'G_AGENT_STATE_HISTORY', 8, { PREVSENTER: 1_772_463_623 }, 9);
    const { shapes, bytes, sizeBytes } = batch;
    const changes = changesOf({ shapes, bytes: bytes.slice(0, sizeBytes) });
    const value = (at: number, table: string, column: string) => {
      const found = changes[at];
      if (!('values' in found)) throw new Error('a new row has values');
      return found.values[idbTable(table).columnNumbers.get(column)!];
    };
    expect(value(0, 'G_PARTY_HISTORY', 'ADDED')).toBe(formatGmt(1_772_463_623));
    expect(value(0, 'G_PARTY_HISTORY', 'ADDED_TS')).toBe(1_772_463_623);
    expect(value(0, 'G_PARTY_HISTORY', 'ADDED_TCODE')).toBe(1_772_463_600);
    expect(value(0, 'G_PARTY_HISTORY', 'PHID')).toBe(7);
    expect(value(1, 'G_AGENT_STATE_HISTORY', 'PREVSENTER')).toBe(formatGmt(1_772_463_623));
  });

  it('a column that the table lacks is a broken invariant', () => {
    expect(() => addInsert(createBatch(), 'G_CALL', 1, { NOTHING: 1 }, 1)).toThrow('no column');
  });
});
