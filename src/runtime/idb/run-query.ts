import type { Statement } from 'sql.js';
import type { QueryResult } from '../../contract/idb.ts';
import type { CellValue } from '../../engine/idb/row-changes.ts';
import { loadSqlite } from './sqlite.ts';

/** sql.js can read 64-bit integers, which its published types leave out. */
type BigIntReader = { get(parameters: null, options: { useBigInt: true }): Cell[] };
type Cell = string | number | bigint | Uint8Array | null;

/** Runs SQL on a copy of an IDB: whatever it does, the lab's own does not change. */
export async function runQuery(
  image: Uint8Array,
  sql: string,
  maxRows: number,
): Promise<QueryResult> {
  const sqlite = await loadSqlite();
  const database = new sqlite.Database(image);
  const startedMs = performance.now();
  try {
    let columns: string[] = [];
    let rows: CellValue[][] = [];
    let isCut = false;
    for (const statement of database.iterateStatements(sql)) {
      columns = statement.getColumnNames();
      rows = [];
      isCut = false;
      while (statement.step()) {
        if (rows.length === maxRows) {
          isCut = true;
          break;
        }
        const cells = (statement as Statement as BigIntReader).get(null, { useBigInt: true });
        rows.push(cells.map(toCell));
      }
    }
    const milliseconds = performance.now() - startedMs;
    return { ok: true, answer: { columns, rows, isCut, milliseconds } };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    database.close();
  }
}

function toCell(value: Cell): CellValue {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}
