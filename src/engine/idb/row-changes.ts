import { civilDate } from '../kernel/lab-time.ts';
import { type IdbTable, idbTable } from './schema.ts';

export type CellValue = number | string | null;

/** One change of one row. Rows are named by table number and row id; plain data. */
export type RowChange =
  | {
      /** `replace` is an insert that may be repeated: what is stored twice is stored once. */
      readonly op: 'insert' | 'replace';
      readonly table: number;
      readonly row: number;
      readonly cause: number;
      /** One value for each column, in schema order. */
      readonly values: readonly CellValue[];
    }
  | {
      readonly op: 'update';
      readonly table: number;
      readonly row: number;
      readonly cause: number;
      readonly columns: readonly number[];
      readonly values: readonly CellValue[];
    }
  | {
      readonly op: 'delete';
      readonly table: number;
      readonly row: number;
      readonly cause: number;
    };

/** What the RDBMS hands out when it commits: rows and queue position, in one transaction. */
export type IdbTransaction = {
  readonly kind: 'idb transaction';
  readonly icon: string;
  readonly position: number;
  readonly changes: readonly RowChange[];
};

export type NamedValues = { readonly [column: string]: CellValue };

export function insertRow(
  tableName: string,
  row: number,
  named: NamedValues,
  cause: number,
): RowChange {
  const table = idbTable(tableName);
  const values: CellValue[] = new Array(table.columns.length).fill(null);
  if (table.rowIdColumn >= 0) values[table.rowIdColumn] = row;
  for (const column of Object.keys(named)) values[columnNumber(table, column)] = named[column];
  return { op: 'insert', table: table.number, row, cause, values };
}

/** A row that a crash may make ICON write again. */
export function replaceRow(
  tableName: string,
  row: number,
  named: NamedValues,
  cause: number,
): RowChange {
  return { ...insertRow(tableName, row, named, cause), op: 'replace' } as RowChange;
}

export function updateRow(
  tableName: string,
  row: number,
  named: NamedValues,
  cause: number,
): RowChange {
  const table = idbTable(tableName);
  const columns: number[] = [];
  const values: CellValue[] = [];
  for (const column of Object.keys(named)) {
    columns.push(columnNumber(table, column));
    values.push(named[column]);
  }
  return { op: 'update', table: table.number, row, cause, columns, values };
}

export function deleteRow(tableName: string, row: number, cause: number): RowChange {
  return { op: 'delete', table: idbTable(tableName).number, row, cause };
}

function columnNumber(table: IdbTable, column: string): number {
  const number = table.columnNumbers.get(column);
  if (number === undefined) throw new Error(`${table.name} has no column ${column}`);
  return number;
}

/** The rows of one event mostly carry one second: its text is made once. */
const lastGmt = { seconds: -1, text: '' };

/** X, X_TS and X_TCODE of one moment (docs/fidelity/icon.md §1); X is GMT. */
export function timeColumns(prefix: string, utcSeconds: number): NamedValues {
  const seconds = Math.floor(utcSeconds);
  if (seconds !== lastGmt.seconds) {
    lastGmt.seconds = seconds;
    lastGmt.text = formatGmt(seconds);
  }
  return {
    [prefix]: lastGmt.text,
    [`${prefix}_TS`]: seconds,
    [`${prefix}_TCODE`]: timeCode(seconds),
  };
}

/** Key into G_TIMECODE: five-minute grid (inferred). */
export function timeCode(utcSeconds: number): number {
  return Math.floor(utcSeconds / 300) * 300;
}

/** `YYYY-MM-DD HH:MM:SS` of a UTC second. */
export function formatGmt(utcSeconds: number): string {
  const days = Math.floor(utcSeconds / 86_400);
  const rest = utcSeconds - days * 86_400;
  const two = (value: number) => String(value).padStart(2, '0');
  const { year, month, day } = civilDate(days);
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':');
  return `${year}-${two(month)}-${two(day)} ${clock}`;
}
