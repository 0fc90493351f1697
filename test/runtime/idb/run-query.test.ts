import { describe, expect, it } from 'vitest';
import { IdbDatabase } from '../../../src/runtime/idb/idb-database.ts';
import { runQuery } from '../../../src/runtime/idb/run-query.ts';

const image = async () => (await IdbDatabase.create()).image();

describe('SQL on a copy of IDB', () => {
  it('answers columns and rows, of the last statement', async () => {
    const result = await runQuery(await image(), 'SELECT 1; SELECT 2 AS two, NULL AS none', 10);
    expect(result).toMatchObject({
      ok: true,
      answer: { columns: ['two', 'none'], rows: [[2, null]], isCut: false },
    });
  });

  it('stops at the limit of rows and says so', async () => {
    const sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
    const result = await runQuery(await image(), sql, 25);
    expect(result.ok && [result.answer.rows.length, result.answer.isCut]).toEqual([25, true]);
  });

  it('hands on numbers that a double does not hold as their digits', async () => {
    const result = await runQuery(await image(), "SELECT 9007199254740993, x'0102'", 1);
    expect(result.ok && result.answer.rows).toEqual([['9007199254740993', '2 bytes']]);
  });

  it('a mistake is told as SQLite tells it, and what it did stays in the copy', async () => {
    const own = await image();
    const size = own.length;
    expect(await runQuery(Uint8Array.from(own), 'SELECT nope FROM G_CALL', 10)).toEqual({
      ok: false,
      message: 'no such column: nope',
    });
    await runQuery(Uint8Array.from(own), 'DROP TABLE G_CALL', 10);
    expect(own.length).toBe(size);
    expect((await runQuery(own, 'SELECT count(*) FROM G_CALL', 10)).ok).toBe(true);
  });
});
