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
  /** A row batch (row-batch.ts). */
  readonly shapes: readonly string[];
  readonly bytes: Uint8Array;
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
  const cells = Object.values(named);
  const columns = Object.keys(named);
  for (let at = 0; at < cells.length; at++) values[columnNumber(table, columns[at])] = cells[at];
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

function columnNumber(table: IdbTable, column: string): number {
  const number = table.columnNumbers.get(column);
  if (number === undefined) throw new Error(`${table.name} has no column ${column}`);
  return number;
}

/** X, X_TS and X_TCODE of one moment (docs/fidelity/icon.md §1); X is GMT. */
export function timeColumns(prefix: string, utcSeconds: number): NamedValues {
  const seconds = Math.floor(utcSeconds);
  const names = timeColumnNames.get(prefix) ?? nameTimeColumns(prefix);
  return {
    [names[0]]: formatGmt(seconds),
    [names[1]]: seconds,
    [names[2]]: timeCode(seconds),
  };
}

const timeColumnNames = new Map<string, readonly string[]>();

function nameTimeColumns(prefix: string): readonly string[] {
  const names = [prefix, `${prefix}_TS`, `${prefix}_TCODE`];
  timeColumnNames.set(prefix, names);
  return names;
}

/** Key into G_TIMECODE: five-minute grid (inferred). */
export function timeCode(utcSeconds: number): number {
  return Math.floor(utcSeconds / 300) * 300;
}

/** `YYYY-MM-DD HH:MM:SS` of a UTC second. */
export function formatGmt(utcSeconds: number): string {
  const days = Math.floor(utcSeconds / 86_400);
  const rest = utcSeconds - days * 86_400;
  if (days !== lastDay.days) {
    const { year, month, day } = civilDate(days);
    lastDay.days = days;
    lastDay.text = `${year}-${two(month)}-${two(day)}`;
  }
  const hours = two(Math.floor(rest / 3600));
  return `${lastDay.text} ${hours}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
}

const lastDay = { days: Number.NaN, text: '' };

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
