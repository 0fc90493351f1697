import { z } from 'zod';
import type { CellValue } from '../engine/idb/row-changes.ts';

/** What a screen may ask of the tables of IDB. */

export const FILTER_OPERATORS = {
  '=': 'is',
  '!=': 'is not',
  contains: 'contains',
  '<': 'is less than',
  '>': 'is more than',
  empty: 'is empty',
  filled: 'is not empty',
} as const;
export type FilterOperator = keyof typeof FILTER_OPERATORS;

const columnName = z.string().regex(/^[A-Za-z0-9_]{1,64}$/);
const cell = z.union([z.string().max(4000), z.number(), z.null()]);

export const rowFilter = z.strictObject({
  column: columnName,
  operator: z.enum(Object.keys(FILTER_OPERATORS) as [FilterOperator, ...FilterOperator[]]),
  value: z.string().max(4000),
});
export type RowFilter = z.output<typeof rowFilter>;

/** Who reads: what takes long and was asked for the same reader before is given up. */
export const reader = z.string().max(64).optional();

export const pageRequest = z.strictObject({
  table: z.string().regex(/^[A-Z0-9_]{1,64}$/),
  limit: z.number().int().min(1).max(1000),
  /** Column by which rows are ordered; null: in the order in which they were written. */
  sort: columnName.nullable(),
  descending: z.boolean(),
  filters: z.array(rowFilter).max(20).readonly(),
  /** The last row of the page before: its row id, and its value in the sorted column. */
  after: z.strictObject({ row: z.number().int(), value: cell }).nullable(),
  /** Begin with this row; for links. Rows come in the order in which they were written. */
  from: z.number().int().min(0).nullable(),
  database: z.string().max(64).optional(),
  reader,
});
export type PageRequest = z.output<typeof pageRequest>;

export interface IdbPage {
  readonly rows: readonly (readonly CellValue[])[];
  readonly rowIds: readonly number[];
  /** Rows that the filters let through. */
  readonly total: number;
  /** More than `total`: counting went no further. */
  readonly isMore: boolean;
}

/** Where else a value of a key stands. */
export interface RowLink {
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  /** The first of them. */
  readonly row: number;
}

/** Longest that a query may take, and how much it may answer. */
export const QUERY_LIMITS = { seconds: 10, rows: 10_000 } as const;

export interface QueryAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
  readonly isCut: boolean;
  readonly milliseconds: number;
}

export type QueryResult =
  | { readonly ok: true; readonly answer: QueryAnswer }
  | { readonly ok: false; readonly message: string };
