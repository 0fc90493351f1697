import type { Database, Statement } from 'sql.js';
import type { ProviderChoice } from '../../contract/availability.ts';
import { EXTRACTION_ROUTES } from '../../engine/idb/extraction-routes.ts';
import type { CellValue } from '../../engine/idb/row-changes.ts';
import { IDB_TABLES, type IdbTable, idbTable } from '../../engine/idb/schema.ts';
import type { IdbDatabase } from '../idb/idb-database.ts';
import { loadSqlite } from '../idb/sqlite.ts';
import { SESSION_TABLES, WHOLE_TABLES } from './extract.ts';
import { STAR_DIMENSIONS, STAR_FACTS, STAR_TABLES } from './star.ts';

/**
 * What a merge makes: the raw rows that were taken, each with the DBID of the ICON that it is from,
 * since ids and sessions of data sources are each ICON's own; the star of them; and the choice.
 */

/** 'DLHA' in the header of the file. */
const APPLICATION_ID = 0x444c4841;
const SOURCE = 'SOURCE_ICON';

/** A call or a login session, and why it cannot be relied upon; empty: it can. */
export type Flagged = { readonly id: string; readonly icon: number; readonly why: string };

const FLAGGED_TABLES = [
  ['CALL_FACT', 'CALLID'],
  ['SESSION_FACT', 'LOGINSESSIONID'],
] as const;

/** The header says who has made a file; SQLite keeps that number in its bytes 68 to 71. */
export function isMerged(image: Uint8Array): boolean {
  const { buffer, byteLength, byteOffset } = image;
  return byteLength > 72 && new DataView(buffer, byteOffset).getUint32(68) === APPLICATION_ID;
}

export class MergedDatabase {
  private constructor(private readonly database: Database) {}

  static async create(): Promise<MergedDatabase> {
    const sqlite = await loadSqlite();
    const database = new sqlite.Database();
    database.run(`PRAGMA application_id = ${APPLICATION_ID}`);
    for (const table of IDB_TABLES) database.run(createTable(table));
    for (const sql of STAR_TABLES) database.run(sql);
    database.run('CREATE INDEX IDX_MERGED_IRID ON G_IR (IRID)');
    database.run(
      `CREATE TABLE HA_CHOICE (PROVIDER TEXT NOT NULL, DS_DBID INTEGER, FROM_TS INTEGER NOT NULL,
         TO_TS INTEGER NOT NULL, BETTER_ICON INTEGER NOT NULL, VERDICT TEXT NOT NULL, WORDS TEXT)`,
    );
    return new MergedDatabase(database);
  }

  /** Copies from one IDB what was chosen of it, and all of the small tables. */
  take(
    source: IdbDatabase,
    icon: number,
    chosen: { readonly calls: readonly string[]; readonly sessions: readonly string[] },
  ): void {
    fillTemporary(source, 'CHOSEN_CALL', chosen.calls);
    fillTemporary(source, 'CHOSEN_SESSION', chosen.sessions);
    const calls = 'SELECT ID FROM temp.CHOSEN_CALL';
    const keys = {
      CALLID: calls,
      IRID: `SELECT IRID FROM G_CALL WHERE CALLID IN (${calls})`,
      PARTYID: `SELECT PARTYID FROM G_PARTY WHERE CALLID IN (${calls})`,
    } as const;
    this.database.run('BEGIN');
    for (const { by = 'IRID', column, gives, table } of EXTRACTION_ROUTES) {
      // Other calls of an interaction may come from elsewhere.
      const where = gives === 'CALLID' ? `CALLID IN (${calls})` : `"${column}" IN (${keys[by]})`;
      this.copy(source, icon, table, where);
    }
    for (const [name, column] of SESSION_TABLES) {
      this.copy(
        source,
        icon,
        idbTable(name),
        `"${column}" IN (SELECT ID FROM temp.CHOSEN_SESSION)`,
      );
    }
    for (const table of WHOLE_TABLES) this.copy(source, icon, table, '1');
    this.database.run('COMMIT');
  }

  /** The star, with where each fact is from and whether it can be relied upon. */
  makeFacts(calls: readonly Flagged[], sessions: readonly Flagged[]): void {
    this.database.run('BEGIN');
    this.makeEach(STAR_FACTS.interaction, 'SELECT DISTINCT IRID FROM G_CALL');
    this.makeEach(STAR_FACTS.session, 'SELECT LOGINSESSIONID FROM G_LOGIN_SESSION');
    for (const sql of STAR_DIMENSIONS) this.database.run(sql);
    for (const [at, [table, key]] of FLAGGED_TABLES.entries()) {
      this.database.run(`ALTER TABLE ${table} ADD COLUMN ${SOURCE} INTEGER`);
      this.database.run(`ALTER TABLE ${table} ADD COLUMN UNRELIABLE TEXT`);
      const sql = `UPDATE ${table} SET ${SOURCE} = ?, UNRELIABLE = ? WHERE ${key} = ?`;
      this.runEach(
        sql,
        [calls, sessions][at].map(({ icon, id, why }) => [icon, why === '' ? null : why, id]),
      );
    }
    this.database.run('COMMIT');
  }

  noteChoices(choices: readonly ProviderChoice[], iconOf: (idb: number) => number): void {
    const rows = choices.flatMap(({ intervals, provider, source }) =>
      intervals.map(({ better, from, lacks, to, verdict, words }) => {
        const why = [words, ...lacks].join('; ');
        return [provider, source, from, to, iconOf(better), verdict, why];
      }),
    );
    this.runEach('INSERT INTO HA_CHOICE VALUES (?, ?, ?, ?, ?, ?, ?)', rows);
  }

  read(sql: string): CellValue[][] {
    const [found] = this.database.exec(sql);
    return (found?.values ?? []) as CellValue[][];
  }

  image(): Uint8Array {
    return this.database.export();
  }

  close(): void {
    this.database.close();
  }

  private makeEach(facts: readonly string[], ids: string): void {
    const all = this.read(ids);
    for (const sql of facts) this.runEach(sql, all);
  }

  private copy(source: IdbDatabase, icon: number, { columns, name }: IdbTable, where: string) {
    const rows = source.readRows(`SELECT * FROM "${name}" WHERE ${where} ORDER BY rowid`);
    const marks = ['?', ...columns.map(() => '?')].join(',');
    this.runEach(
      `INSERT INTO "${name}" VALUES (${marks})`,
      rows.map((cells) => [icon, ...cells]),
    );
  }

  private runEach(sql: string, rows: readonly (readonly CellValue[])[]): void {
    if (rows.length === 0) return;
    const statement: Statement = this.database.prepare(sql);
    for (const row of rows) statement.run([...row]);
    statement.free();
  }
}

function createTable({ columns, name, rowIdColumn }: IdbTable): string {
  const cells = columns.map((column) => `"${column.name}" ${column.type}`);
  const isKey = (at: number) => at === rowIdColumn || (rowIdColumn < 0 && columns[at].primaryKey);
  const keys = columns.flatMap((column, at) => (isKey(at) ? [`"${column.name}"`] : []));
  const key = keys.length > 0 ? [`PRIMARY KEY (${[SOURCE, ...keys].join(', ')})`] : [];
  return `CREATE TABLE "${name}" (${[`${SOURCE} INTEGER NOT NULL`, ...cells, ...key].join(', ')})`;
}

function fillTemporary(source: IdbDatabase, name: string, ids: readonly string[]): void {
  source.run(`DROP TABLE IF EXISTS temp.${name}`);
  source.run(`CREATE TEMP TABLE ${name} (ID TEXT PRIMARY KEY)`);
  for (const id of ids) source.readRows(`INSERT INTO temp.${name} VALUES (?)`, [id]);
}
