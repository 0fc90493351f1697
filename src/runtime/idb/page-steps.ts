import type { IdbPage, PageRequest, RowFilter } from '../../contract/idb.ts';
import { type IdbTable, idbTable } from '../../engine/idb/schema.ts';
import type { Steps } from '../../engine/kernel/steps.ts';
import type { IdbDatabase } from './idb-database.ts';
import { isKeyOrdered } from './key-indexes.ts';
import {
  countQuery,
  filterTest,
  indexTests,
  MAX_COUNTED,
  pageProblem,
  pageQuery,
  partQuery,
  type Query,
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
  if (isIndexed(table, request)) {
    const tests = [...search.tests, ...indexTests(request, search)];
    return pageAtOnce(idb, request, { ...search, tests });
  }
  const isScan = request.sort !== null || request.filters.length > 0;
  if (!isScan || isSmall(idb, table.name, partRows)) return pageAtOnce(idb, request, search);
  const found = new FoundRows(idb, table, request, search);
  yield* scanParts(idb, table.name, { isBack: search.isBack, partRows }, (part) =>
    found.look(part),
  );
  const sql = `SELECT rowid, * FROM "${table.name}" WHERE rowid IN (${found.best().join()})`;
  const rows = idb.rowsOf(`${sql} ORDER BY ${search.order}`, [], false);
  return { ...rows, ...found.count() };
}

/** No more of the table is read than the page has. */
function isIndexed(table: IdbTable, { after, filters, from, sort }: PageRequest): boolean {
  if (sort === null || filters.length > 0 || from !== null) return false;
  return typeof after?.value !== 'number' && after?.value !== null && isKeyOrdered(table, sort);
}

function pageAtOnce(idb: IdbDatabase, request: PageRequest, search: Search): IdbPage {
  const table = idbTable(request.table);
  const { sql, values } = pageQuery(table, request, search);
  return { ...idb.rowsOf(sql, values), ...countAtOnce(idb, table, request.filters) };
}

/** What the parts of a table have for a page, and how many rows pass its filters. */
class FoundRows {
  private ids: number[] = [];
  private counted = 0;
  private readonly filters: readonly Query[];

  constructor(
    private readonly idb: IdbDatabase,
    private readonly table: IdbTable,
    private readonly request: PageRequest,
    private readonly search: Search,
  ) {
    this.filters = request.filters.map(filterTest);
  }

  /** True when no other part is needed. */
  look(part: Query): boolean {
    const { limit, sort } = this.request;
    if (this.isCounting) {
      const { sql, values } = countQuery(this.table, [part, ...this.filters]);
      const [counted] = this.idb.read(sql, [...values, MAX_COUNTED + 1]);
      this.counted += Number(counted['number']);
      // Nothing of it passes.
      if (counted['number'] === 0) return false;
    }
    if (sort !== null || this.ids.length < limit) this.take(part);
    return sort === null && this.ids.length >= limit && !this.isCounting;
  }

  /** In the order in which rows were written the first ones; by values the best of all parts. */
  best(): readonly number[] {
    if (this.request.sort !== null) this.keepBest();
    return this.ids.slice(0, this.request.limit);
  }

  count(): Pick<IdbPage, 'total' | 'isMore'> {
    if (this.filters.length > 0) return countOf(this.counted);
    return { total: this.idb.count(this.table.name), isMore: false };
  }

  private get isCounting(): boolean {
    return this.filters.length > 0 && this.counted <= MAX_COUNTED;
  }

  private take(part: Query): void {
    const { idb, request, search, table } = this;
    const { sql, values } = partQuery(table, search, part);
    for (const { id } of idb.read(sql, [...values, request.limit])) this.ids.push(Number(id));
    const isPool = request.sort !== null && this.ids.length > request.limit * POOL_PAGES;
    if (isPool) this.keepBest();
  }

  private keepBest(): void {
    const pooled = { sql: `rowid IN (${this.ids.join()})`, values: [] };
    const { sql } = partQuery(this.table, { ...this.search, tests: [] }, pooled);
    this.ids = this.idb.readRows(sql, [this.request.limit]).map(([id]) => Number(id));
  }
}

function countAtOnce(idb: IdbDatabase, table: IdbTable, filters: readonly RowFilter[]) {
  if (filters.length === 0) return { total: idb.count(table.name), isMore: false };
  const { sql, values } = countQuery(table, filters.map(filterTest));
  return countOf(Number(idb.read(sql, [...values, MAX_COUNTED + 1])[0]['number']));
}

function countOf(counted: number): Pick<IdbPage, 'total' | 'isMore'> {
  return { total: Math.min(counted, MAX_COUNTED), isMore: counted > MAX_COUNTED };
}
