import { changesOf } from '../idb/row-batch-reader.ts';
import type { CellValue, IdbTransaction, RowChange } from '../idb/row-changes.ts';
import { IDB_TABLES, idbTable } from '../idb/schema.ts';
import type { PlainData } from '../kernel/plain-data.ts';

/** Tables as IDB has them by what the RDBMS handed out, for checkers to look at. */

export type Row = { readonly [column: string]: CellValue };

export class RowImage<Table extends string> {
  private readonly numbers: ReadonlyMap<number, Table>;
  private readonly tables = new Map<Table, Map<number, Row>>();
  private readonly positions = new Map<string, number>();
  /** What a transaction did that no database would take twice. */
  broken: string | undefined;

  constructor(
    watched: readonly Table[],
    /** Name of the RDBMS process. */
    private readonly database: string,
  ) {
    this.numbers = new Map(watched.map((name) => [idbTable(name).number, name]));
  }

  onOutput(output: PlainData, process: string): void {
    if (process !== this.database) return;
    const transaction = output as unknown as IdbTransaction;
    if (transaction.kind !== 'idb transaction') return;
    const { icon, position } = transaction;
    // As the database does: a position that is there already changes nothing.
    if (position <= (this.positions.get(icon) ?? 0)) return;
    this.positions.set(icon, position);
    for (const change of changesOf(transaction, ({ table }) => this.numbers.has(table))) {
      this.apply(change);
    }
  }

  rows(table: Table): ReadonlyMap<number, Row> {
    return this.table(table);
  }

  /** Rows of a table that have a value in a column. */
  where(table: Table, column: string, value: CellValue): Row[] {
    return [...this.table(table).values()].filter((row) => row[column] === value);
  }

  /** Takes rows out that have been looked at. */
  forget(table: Table, isDone: (row: Row) => boolean): void {
    const rows = this.table(table);
    for (const [id, row] of rows) if (isDone(row)) rows.delete(id);
  }

  private table(name: Table): Map<number, Row> {
    let rows = this.tables.get(name);
    if (!rows) {
      rows = new Map();
      this.tables.set(name, rows);
    }
    return rows;
  }

  private apply(change: RowChange): void {
    const name = this.numbers.get(change.table)!;
    const { columns } = IDB_TABLES[change.table];
    const rows = this.table(name);
    const known = rows.get(change.row);
    if (change.op === 'delete') {
      rows.delete(change.row);
    } else if (change.op === 'update') {
      if (!known) return;
      const cells = change.columns.map((column, at) => [columns[column].name, change.values[at]]);
      rows.set(change.row, { ...known, ...Object.fromEntries(cells) });
    } else {
      if (known) this.broken ??= `Row ${change.row} of ${name} is written twice.`;
      const cells = change.values.map((value, at) => [columns[at].name, value]);
      rows.set(change.row, Object.fromEntries(cells));
    }
  }
}
