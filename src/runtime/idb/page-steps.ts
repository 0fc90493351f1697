import type { IdbPage, PageRequest, RowFilter } from '../../contract/idb.ts';
import { type IdbTable, idbTable } from '../../engine/idb/schema.ts';
import { type Steps, stepsWithin } from '../../engine/kernel/steps.ts';
import type { IdbDatabase } from './idb-database.ts';
import {
  countQuery,
  filterTest,
  MAX_COUNTED,
  pageProblem,
  pageQuery,
  partQuery,
  type Search,
  searchOf,
} from './page-query.ts';
import { isSmall, PART_ROWS, scanParts } from './table-scan.ts';

/** Candidates for the page among which the best are looked for, in times of its rows. */
const POOL_PAGES = 8;

/**
 * A page as a screen asks for it; throws a sentence for a column that is not there. One that is
 * ordered by values or filtered reads all of the table: in parts, between which the lab may go on.
 * Rows that change meanwhile are as they are at the end.
 */
export function* pageInSteps(
  idb: IdbDatabase,
  request: PageRequest,
  partRows = PART_ROWS,
): Steps<IdbPage> {
  const table = idbTable(request.table);
  const problem = pageProblem(table, request);
  if (problem) throw new Error(problem);
  const search = searchOf(request);
  const isScan = request.sort !== null || request.filters.length > 0;
  if (!isScan || isSmall(idb, table.name, partRows)) {
    const { sql, values } = pageQuery(table, request, search);
    return { ...idb.rowsOf(sql, values), ...countAtOnce(idb, table, request.filters) };
  }
  const hasCount = request.filters.length > 0;
  const finding = request.sort === null ? firstRows : bestRows;
  const share = hasCount ? 0.5 : 1;
  const place = { idb, table, partRows };
  const ids = yield* stepsWithin(finding(place, search, request.limit), 0, share);
  const counting = countRows(place, request.filters);
  const counted = hasCount ? yield* stepsWithin(counting, share, 1) : undefined;
  const sql = `SELECT rowid, * FROM "${table.name}" WHERE rowid IN (${ids.join()})`;
  const rows = idb.rowsOf(`${sql} ORDER BY ${search.order}`, [], false);
  return { ...rows, ...(counted ?? { total: idb.count(table.name), isMore: false }) };
}

type Place = {
  readonly idb: IdbDatabase;
  readonly table: IdbTable;
  readonly partRows: number;
};

/** In the order in which rows were written: as soon as there are enough. */
function* firstRows(
  { idb, partRows, table }: Place,
  search: Search,
  limit: number,
): Steps<readonly number[]> {
  const ids: number[] = [];
  yield* scanParts(idb, table.name, { isBack: search.isBack, partRows }, (part) => {
    ids.push(...idsIn(idb, partQuery(table, search, part), limit - ids.length));
    return ids.length === limit;
  });
  return ids;
}

/** By values: the first ones of each part, and of those the first ones. */
function* bestRows(
  { idb, partRows, table }: Place,
  search: Search,
  limit: number,
): Steps<readonly number[]> {
  let pool: number[] = [];
  const keepBest = () => {
    const pooled = { sql: `rowid IN (${pool.join()})`, values: [] };
    const { sql } = partQuery(table, { ...search, tests: [] }, pooled);
    pool = idb.readRows(sql, [limit]).map(([id]) => Number(id));
  };
  yield* scanParts(idb, table.name, { isBack: search.isBack, partRows }, (part) => {
    pool.push(...idsIn(idb, partQuery(table, search, part), limit));
    if (pool.length > limit * POOL_PAGES) keepBest();
    return false;
  });
  keepBest();
  return pool;
}

function idsIn(
  idb: IdbDatabase,
  { sql, values }: ReturnType<typeof partQuery>,
  limit: number,
): number[] {
  return idb.read(sql, [...values, limit]).map(({ id }) => Number(id));
}

function* countRows(
  { idb, partRows, table }: Place,
  filters: readonly RowFilter[],
): Steps<Pick<IdbPage, 'total' | 'isMore'>> {
  const tests = filters.map(filterTest);
  let counted = 0;
  yield* scanParts(idb, table.name, { isBack: false, partRows }, (part) => {
    const { sql, values } = countQuery(table, [part, ...tests]);
    counted += Number(idb.read(sql, [...values, MAX_COUNTED + 1])[0]['number']);
    return counted > MAX_COUNTED;
  });
  return countOf(counted);
}

function countAtOnce(idb: IdbDatabase, table: IdbTable, filters: readonly RowFilter[]) {
  if (filters.length === 0) return { total: idb.count(table.name), isMore: false };
  const { sql, values } = countQuery(table, filters.map(filterTest));
  return countOf(Number(idb.read(sql, [...values, MAX_COUNTED + 1])[0]['number']));
}

function countOf(counted: number): Pick<IdbPage, 'total' | 'isMore'> {
  return { total: Math.min(counted, MAX_COUNTED), isMore: counted > MAX_COUNTED };
}
