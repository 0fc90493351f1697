import type { Database, SqlJsStatic, Statement } from 'sql.js';
import { SEARCHED_CALLS } from '../../contract/calls.ts';
import type { IdbPage, PageRequest } from '../../contract/idb.ts';
import type { ProcedureCall } from '../../engine/idb/procedures.ts';
import {
  type CellValue,
  formatGmt,
  type IdbTransaction,
  timeCode,
} from '../../engine/idb/row-changes.ts';
import {
  createStatements,
  IDB_TABLES,
  idbTable,
  QUEUE_POSITION_TABLE,
} from '../../engine/idb/schema.ts';
import { runSteps } from '../../engine/kernel/steps.ts';
import { BatchWriter, type RowCounts } from './batch-writer.ts';
import { callSearch } from './call-search.ts';
import { KEY_INDEXES } from './key-indexes.ts';
import { pageInSteps } from './page-steps.ts';
import { type ProcedureStatement, procedureStatements } from './procedures.ts';
import { loadSqlite, openInMemory } from './sqlite.ts';

/** 'DLAB' in the header of every snapshot, and the version of the emulator's schema. */
const APPLICATION_ID = 0x444c4142;
const SCHEMA_VERSION = 1;
/** A copy is made page by page: with pages twice as large, it takes two thirds of the time. */
const PAGE_BYTES = 8192;
type SqliteValue = number | bigint | string | null;
/** sql.js can read 64-bit integers, which its published types leave out. */
type BigIntStatement = Statement & {
  get(parameters: null, options: { useBigInt: true }): SqliteValue[];
};

/** Whole numbers beyond what a double holds exactly (CONNIDNUM) are handed on as their digits. */
function toCell(value: SqliteValue): CellValue {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** A row with its cells by column. */
export interface SelectedRow {
  readonly table: string;
  readonly row: number;
  readonly cells: Readonly<Record<string, CellValue>>;
}

/** What changes rows: a transaction of ICON, or a stored procedure. */
export type IdbChange = IdbTransaction | ProcedureCall;

/** The Interaction Database: real SQLite in memory, changed only by committed transactions. */
export class IdbDatabase {
  private readonly statements = new Map<string, Statement>();
  private readonly writer: BatchWriter;
  private readonly begin: Statement;
  private readonly commit: Statement;
  private readonly setPosition: Statement;
  /** Queue position up to which each ICON's rows are here, as the database itself says. */
  private readonly positions = new Map<string, number>();
  /** Kept, since counting a large table reads all of it. */
  private rowCounts: RowCounts;
  private onChange: ((change: IdbChange) => void) | undefined;

  private constructor(
    private readonly sqlite: SqlJsStatic,
    private readonly database: Database,
  ) {
    database.run('PRAGMA temp_store = MEMORY');
    this.writer = new BatchWriter(sqlite, database);
    this.begin = database.prepare('BEGIN');
    this.commit = database.prepare('COMMIT');
    this.setPosition = database.prepare(
      `INSERT INTO ${QUEUE_POSITION_TABLE} VALUES (?, ?)
       ON CONFLICT (ICON) DO UPDATE SET POSITION = excluded.POSITION`,
    );
    const [stored] = database.exec(`SELECT ICON, POSITION FROM ${QUEUE_POSITION_TABLE}`);
    for (const [icon, position] of stored?.values ?? []) {
      this.positions.set(String(icon), Number(position));
    }
    this.rowCounts = { present: this.countRows(), added: IDB_TABLES.map(() => 0) };
  }

  static async create(): Promise<IdbDatabase> {
    const sqlite = await loadSqlite();
    const database = openInMemory(sqlite);
    database.run(`PRAGMA page_size = ${PAGE_BYTES}`);
    database.run(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.run(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    for (const statement of createStatements()) database.run(statement);
    return new IdbDatabase(sqlite, database);
  }

  static async open(image: Uint8Array): Promise<IdbDatabase> {
    const sqlite = await loadSqlite();
    return new IdbDatabase(sqlite, openInMemory(sqlite, image));
  }

  /** Makes calls quick to look up; rows take a little longer to be written then. */
  indexKeys(): void {
    for (const { create } of KEY_INDEXES) this.database.run(create);
  }

  /** Hears of every change that was made, in order. */
  listen(onChange: (change: IdbChange) => void): void {
    this.onChange = onChange;
  }

  /** Applies a transaction once: false if its position is in the database already. */
  apply(transaction: IdbTransaction): boolean {
    const { icon, position } = transaction;
    if (position <= (this.positions.get(icon) ?? 0)) return false;
    this.begin.run();
    this.writer.write(transaction, this.rowCounts);
    this.setPosition.run([transaction.icon, transaction.position]);
    this.commit.run();
    this.positions.set(icon, position);
    this.onChange?.(transaction);
    return true;
  }

  /** Runs a stored procedure as one transaction; `onRow` hears of the rows that it changed. */
  call(
    call: ProcedureCall,
    onRow: (op: ProcedureStatement['op'], table: number, row: number) => void,
  ): void {
    const { utcSeconds, parameters } = call;
    const values: Record<string, string | number> = {
      ':now': formatGmt(utcSeconds),
      ':ts': utcSeconds,
      ':tcode': timeCode(utcSeconds),
      ':p1': parameters[0] ?? '',
    };
    this.begin.run();
    for (const { sql, table, op } of procedureStatements(call)) {
      const used = Object.entries(values).filter(([name]) => sql.includes(name));
      const statement = this.prepared(sql);
      statement.bind(Object.fromEntries(used));
      const number = table === '' ? -1 : idbTable(table).number;
      while (statement.step()) {
        if (op === 'insert') this.rowCounts.added[number]++;
        onRow(op, number, Number(statement.get()[0]));
      }
      statement.reset();
    }
    this.commit.run();
    this.rowCounts = { ...this.rowCounts, present: this.countRows() };
    this.onChange?.(call);
  }

  /** The database file as it stands, for a checkpoint. */
  image(): Uint8Array {
    return this.database.export();
  }

  /** A compact file whose bytes depend on nothing but the rows, for people. */
  snapshot(): Uint8Array {
    const copy = new this.sqlite.Database(this.database.export());
    for (const { name } of KEY_INDEXES) copy.run(`DROP INDEX IF EXISTS "${name}"`);
    copy.run('VACUUM');
    const bytes = copy.export();
    copy.close();
    return bytes;
  }

  /** Rows in each table that has any, in schema order. */
  counts(): { table: string; rows: number }[] {
    return IDB_TABLES.map(({ name }) => ({ table: name, rows: this.count(name) })).filter(
      ({ rows }) => rows > 0,
    );
  }

  /** Of the database file. */
  get sizeBytes(): number {
    return this.pages('page_count') * PAGE_BYTES;
  }

  /** Without pages whose rows have been deleted. */
  get usedBytes(): number {
    return (this.pages('page_count') - this.pages('freelist_count')) * PAGE_BYTES;
  }

  private pages(which: 'page_count' | 'freelist_count'): number {
    const statement = this.prepared(`PRAGMA ${which}`);
    statement.step();
    const [count] = statement.get();
    statement.reset();
    return Number(count);
  }

  /** Of all tables. */
  totalRows(): number {
    return this.rowCounts.present.reduce((sum, count) => sum + count, 0);
  }

  hasTable(name: string): boolean {
    return IDB_TABLES.some((table) => table.name === name);
  }

  count(table: string): number {
    return this.rowCounts.present[idbTable(table).number];
  }

  /** Rows that came into a table since this was opened, those that are gone again included. */
  added(table: string): number {
    return this.rowCounts.added[idbTable(table).number];
  }

  /** One page by row id: `after` 0 starts at the beginning. */
  page(table: string, after: number, limit: number, newestFirst = false): IdbPage {
    return this.pageOf({
      table,
      limit,
      sort: null,
      descending: newestFirst,
      filters: [],
      after: after === 0 ? null : { row: after, value: null },
      from: null,
    });
  }

  /** A page as a screen asks for it; throws a sentence for a column that is not there. */
  pageOf(request: PageRequest): IdbPage {
    return runSteps(pageInSteps(this, request));
  }

  /** What `SELECT rowid, *` answers; the statement is kept, but for what is asked once. */
  rowsOf(
    sql: string,
    values: readonly (string | number | null)[],
    isKept = true,
  ): Pick<IdbPage, 'rows' | 'rowIds'> {
    const statement = (isKept ? this.prepared(sql) : this.database.prepare(sql)) as BigIntStatement;
    const rows: CellValue[][] = [];
    const rowIds: number[] = [];
    statement.bind([...values]);
    while (statement.step()) {
      const [rowId, ...cells] = statement.get(null, { useBigInt: true });
      rowIds.push(Number(rowId));
      rows.push(cells.map(toCell));
    }
    if (isKept) statement.reset();
    else statement.free();
    return { rows, rowIds };
  }

  /** Rows in which a column has one of these values. */
  select(table: string, column: string, values: readonly string[]): SelectedRow[] {
    const marks = values.map(() => '?').join(',');
    const sql = `SELECT rowid, * FROM "${table}" WHERE "${column}" IN (${marks}) ORDER BY rowid`;
    return this.selected(table, sql, values);
  }

  /**
   * Rows of G_CALL, newest first, that have a text in a number or in their CallUUID; of the newest
   * `searched` ones only, as no index helps, and one with the whole CallUUID. They have the columns
   * that a list tells.
   */
  newestCalls(text: string, limit: number, searched = SEARCHED_CALLS): SelectedRow[] {
    // Most texts are found often enough among the newest of these.
    const find = (newest: number) =>
      this.read(callSearch(text, limit, newest), [text]).map(
        ({ row, ...cells }): SelectedRow => ({ table: 'G_CALL', row: Number(row), cells }),
      );
    const near = find(Math.ceil(searched / 10));
    return near.length === limit ? near : find(searched);
  }

  /** What a query answers, by the names of its columns. */
  read(sql: string, values: readonly (string | number | null)[] = []): Record<string, CellValue>[] {
    const statement = this.prepared(sql) as BigIntStatement;
    const names = statement.getColumnNames();
    const rows: Record<string, CellValue>[] = [];
    statement.bind([...values]);
    while (statement.step()) {
      const cells = statement.get(null, { useBigInt: true });
      rows.push(Object.fromEntries(names.map((name, at) => [name, toCell(cells[at])])));
    }
    statement.reset();
    return rows;
  }

  /** The same without names; the statement is not kept. */
  readRows(sql: string, values: readonly (string | number)[] = []): CellValue[][] {
    const statement = this.database.prepare(sql) as BigIntStatement;
    const rows: CellValue[][] = [];
    statement.bind([...values]);
    while (statement.step()) rows.push(statement.get(null, { useBigInt: true }).map(toCell));
    statement.free();
    return rows;
  }

  /** For what reads a database of its own and may put temporary tables into it. */
  run(sql: string): void {
    this.database.run(sql);
  }

  private selected(table: string, sql: string, values: readonly string[]): SelectedRow[] {
    const { columns } = idbTable(table);
    const statement = this.prepared(sql) as BigIntStatement;
    const rows: SelectedRow[] = [];
    statement.bind([...values]);
    while (statement.step()) {
      const [rowId, ...cells] = statement.get(null, { useBigInt: true });
      const named = columns.map(({ name }, at) => [name, toCell(cells[at])] as const);
      rows.push({ table, row: Number(rowId), cells: Object.fromEntries(named) });
    }
    statement.reset();
    return rows;
  }

  close(): void {
    this.writer.close();
    this.database.close();
  }

  private countRows(): number[] {
    return IDB_TABLES.map(({ name }) => {
      const [result] = this.database.exec(`SELECT count(*) FROM "${name}"`);
      return Number(result.values[0][0]);
    });
  }

  private prepared(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}
