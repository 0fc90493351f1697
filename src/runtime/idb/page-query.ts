import type { PageRequest, RowFilter } from '../../contract/idb.ts';
import type { IdbTable } from '../../engine/idb/schema.ts';

/** Counting goes no further: a larger number helps nobody, and reading all of it takes long. */
export const MAX_COUNTED = 100_000;

type Value = string | number | null;
/** SQL with what is bound to its marks. */
export type Query = { readonly sql: string; readonly values: readonly Value[] };

/** What is wrong with a request, in a sentence; undefined: nothing. */
export function pageProblem({ columnNumbers, name }: IdbTable, request: PageRequest) {
  const named = [request.sort, ...request.filters.map(({ column }) => column)];
  const unknown = named.find((column) => column !== null && !columnNumbers.has(column));
  return unknown ? `The table ${name} has no column ${unknown}.` : undefined;
}

/** Tests that a row has to pass, and the order of those that do. */
export type Search = {
  readonly tests: readonly Query[];
  readonly order: string;
  /** From the newest row back, or from the highest value down. */
  readonly isBack: boolean;
};

export function searchOf({ after, descending, filters, from, sort }: PageRequest): Search {
  const tests = filters.map(filterTest);
  if (from !== null) tests.push({ sql: 'rowid >= ?', values: [from] });
  const isBack = descending && from === null;
  if (after)
    tests.push(sort === null ? afterRow(after.row, isBack) : afterValue(sort, after, isBack));
  const way = isBack ? 'DESC' : 'ASC';
  // Empty cells come first, as SQLite orders them, and the row id decides among equals.
  const order = sort === null ? `rowid ${way}` : `"${sort}" ${way}, rowid ${way}`;
  return { tests, order, isBack };
}

/** One page by key: its cost does not grow with the pages before it. */
export function pageQuery({ name }: IdbTable, { limit, sort }: PageRequest, search: Search): Query {
  const { order, tests } = search;
  const test = `${whereOf(tests)} ORDER BY ${order} LIMIT ${limit}`;
  // Only keys are put in order: whole rows would be carried along, each time a better one comes.
  const found = `WHERE rowid IN (SELECT rowid FROM "${name}" ${test}) ORDER BY ${order}`;
  return {
    sql: `SELECT rowid, * FROM "${name}" ${sort === null ? test : found}`,
    values: valuesOf(tests),
  };
}

/** Says what SQLite has to know to walk along the index of a column of keys, from where it is. */
export function indexTests({ after, sort }: PageRequest, { isBack }: Search): Query[] {
  const begin = after && { sql: `"${sort}" ${isBack ? '<=' : '>='} ?`, values: [after.value] };
  // Each text is so: an index without empty cells is taken only by who asks for none.
  return [{ sql: `"${sort}" >= ''`, values: [] }, ...(begin ? [begin] : [])];
}

/** Row ids of the first ones of a part of the table. */
export function partQuery({ name }: IdbTable, { order, tests }: Search, part: Query): Query {
  const all = [part, ...tests];
  const sql = `SELECT rowid AS id FROM "${name}" ${whereOf(all)} ORDER BY ${order} LIMIT ?`;
  return { sql, values: valuesOf(all) };
}

/** How many rows of a part of the table, or of all of it, pass; no further than a limit. */
export function countQuery({ name }: IdbTable, tests: readonly Query[]): Query {
  const limited = `SELECT 1 FROM "${name}" ${whereOf(tests)} LIMIT ?`;
  return { sql: `SELECT count(*) AS number FROM (${limited})`, values: valuesOf(tests) };
}

function whereOf(tests: readonly Query[]): string {
  return tests.length > 0 ? `WHERE ${tests.map(({ sql }) => sql).join(' AND ')}` : '';
}

function valuesOf(tests: readonly Query[]): Value[] {
  return tests.flatMap(({ values }) => [...values]);
}

function afterRow(row: number, isBack: boolean): Query {
  return { sql: `rowid ${isBack ? '<' : '>'} ?`, values: [row] };
}

/** Behind a row in the order of a column; what is empty comes before all else. */
function afterValue(
  column: string,
  { row, value }: NonNullable<PageRequest['after']>,
  isBack: boolean,
): Query {
  const sign = isBack ? '<' : '>';
  if (value === null) {
    const others = isBack ? '' : ` OR "${column}" IS NOT NULL`;
    return { sql: `(("${column}" IS NULL AND rowid ${sign} ?)${others})`, values: [row] };
  }
  const empty = isBack ? ` OR "${column}" IS NULL` : '';
  const equal = `("${column}" = ? AND rowid ${sign} ?)`;
  return { sql: `("${column}" ${sign} ? OR ${equal}${empty})`, values: [value, value, row] };
}

export function filterTest({ column, operator, value }: RowFilter): Query {
  const name = `"${column}"`;
  if (operator === 'empty') return { sql: `(${name} IS NULL OR ${name} = '')`, values: [] };
  if (operator === 'filled') return { sql: `(${name} IS NOT NULL AND ${name} <> '')`, values: [] };
  if (operator === 'contains')
    return { sql: `instr(lower(${name}), lower(?)) > 0`, values: [value] };
  const typed = typedValue(value);
  if (operator === '!=') return { sql: `${name} IS NOT ?`, values: [typed] };
  return { sql: `${name} ${operator} ?`, values: [typed] };
}

/** Numbers are compared as numbers: SQLite holds no text equal to a number. */
function typedValue(text: string): Value {
  const number = Number(text);
  return text.trim() !== '' && Number.isSafeInteger(number) ? number : text;
}
