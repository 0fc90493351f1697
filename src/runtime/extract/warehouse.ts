import type { Database, Statement } from 'sql.js';
import type { CellValue } from '../../engine/idb/row-changes.ts';
import { createStatements, type IdbTable } from '../../engine/idb/schema.ts';
import { loadSqlite } from '../idb/sqlite.ts';
import { STAR_FACTS, STAR_TABLES } from './star.ts';

/**
 * Where an extraction goes: the raw rows in tables as they are in IDB, a small star made of them,
 * and how far it has come. All that one batch brings is one transaction.
 */

/** 'DLAE' in the header of the file. */
const APPLICATION_ID = 0x444c4145;

/** Numbers that are kept from run to run; 0 without. */
export const PROGRESS_NAMES = [
  /** Up to which GSYS_SEQ or GSYS_USEQ of each provider all is here. */
  'GCC',
  'GUD',
  'GLS',
  /** Up to which LASTCHANGE_TS: stored procedures change rows without numbering that. */
  'TIME',
  /** The same of the run that is under way, and the last row of G_IR that it has done. */
  'next GCC',
  'next GUD',
  'next GLS',
  'next TIME',
  'position',
] as const;
export type ProgressName = (typeof PROGRESS_NAMES)[number];
export type Progress = Record<ProgressName, number>;

const OWN_TABLES = ['EXTRACT_PROGRESS', 'CALL_FACT', 'PARTY_FACT', 'SESSION_FACT', 'G_IR'];

export class Warehouse {
  private readonly inserts = new Map<string, Statement>();

  private constructor(private readonly database: Database) {}

  static async create(): Promise<Warehouse> {
    const sqlite = await loadSqlite();
    const database = new sqlite.Database();
    database.run(`PRAGMA application_id = ${APPLICATION_ID}`);
    for (const sql of createStatements()) database.run(sql);
    for (const sql of STAR_TABLES) database.run(sql);
    database.run('CREATE TABLE EXTRACT_PROGRESS (NAME TEXT PRIMARY KEY, VALUE INTEGER NOT NULL)');
    return new Warehouse(database);
  }

  /** Undefined for a file that no extraction has made. */
  static async open(image: Uint8Array): Promise<Warehouse | undefined> {
    const sqlite = await loadSqlite();
    const database = new sqlite.Database(Uint8Array.from(image));
    try {
      const [found] = database.exec('PRAGMA application_id');
      const isOurs = found.values[0][0] === APPLICATION_ID;
      for (const table of isOurs ? OWN_TABLES : []) database.exec(`SELECT 1 FROM ${table} LIMIT 1`);
      if (isOurs) return new Warehouse(database);
    } catch {
      // No database at all, or a damaged one.
    }
    database.close();
    return undefined;
  }

  progress(): Progress {
    const [stored] = this.database.exec('SELECT NAME, VALUE FROM EXTRACT_PROGRESS');
    const known = new Map(stored?.values.map(([name, value]) => [name, Number(value)]));
    const named = PROGRESS_NAMES.map((name) => [name, known.get(name) ?? 0] as const);
    return Object.fromEntries(named) as Progress;
  }

  /** All or nothing of what `work` does, with the progress that it makes. */
  transaction(progress: Partial<Progress>, work: () => void): void {
    this.database.run('BEGIN');
    try {
      work();
      for (const [name, value] of Object.entries(progress)) {
        this.database.run('INSERT OR REPLACE INTO EXTRACT_PROGRESS VALUES (?, ?)', [name, value]);
      }
      this.database.run('COMMIT');
    } catch (error) {
      this.database.run('ROLLBACK');
      throw error;
    }
  }

  /** Rows with their id before their cells; one that is here already is written over. */
  put({ name, columns }: IdbTable, rows: readonly (readonly CellValue[])[]): void {
    let insert = this.inserts.get(name);
    if (!insert) {
      const names = ['rowid', ...columns.map((column) => `"${column.name}"`)];
      const marks = names.map(() => '?').join(',');
      insert = this.database.prepare(
        `INSERT OR REPLACE INTO "${name}" (${names.join(',')}) VALUES (${marks})`,
      );
      this.inserts.set(name, insert);
    }
    for (const row of rows) insert.run([...row]);
  }

  /** The star rows of these interactions, or of these login sessions, made anew. */
  makeFacts(kind: keyof typeof STAR_FACTS, ids: readonly string[]): void {
    for (const sql of STAR_FACTS[kind]) {
      const statement = this.database.prepare(sql);
      for (const id of ids) statement.run([id]);
      statement.free();
    }
  }

  run(sql: string): void {
    this.database.run(sql);
  }

  /** All rows of a table by their first column, for whoever compares. */
  rowsOf(table: string): unknown[][] {
    const [found] = this.database.exec(`SELECT * FROM "${table}" ORDER BY 1, 2`);
    return found?.values ?? [];
  }

  /** The row with the highest id. */
  newest(table: string, column: string): { id: number; key: string } | undefined {
    const sql = `SELECT ID, "${column}" FROM "${table}" ORDER BY ID DESC LIMIT 1`;
    const [found] = this.database.exec(sql);
    return found && { id: Number(found.values[0][0]), key: String(found.values[0][1]) };
  }

  count(table: string): number {
    return Number(this.database.exec(`SELECT count(*) FROM "${table}"`)[0].values[0][0]);
  }

  image(): Uint8Array {
    // Prepared statements do not outlive an export.
    this.inserts.clear();
    return this.database.export();
  }

  close(): void {
    this.database.close();
  }
}
