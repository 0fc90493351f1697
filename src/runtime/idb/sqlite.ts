import initSqlJs, { type Database, type SqlJsStatic, type Statement } from 'sql.js';

/**
 * SQLite as sql.js brings it. A database of sql.js is a file that grows by moving: all of it is
 * copied to a larger place, which at 100 MB stops the lab. In SQLite's own memory it grows by
 * pages. sql.js opens nothing but files; the functions beneath it, which it publishes without their
 * types, can.
 */

type Native = {
  stringToNewUTF8(text: string): number;
  _free(at: number): void;
  _sqlite3_open(name: number, at: number): number;
  _sqlite3_backup_init(to: number, toName: number, from: number, fromName: number): number;
  _sqlite3_backup_step(backup: number, pages: number): number;
  _sqlite3_backup_finish(backup: number): number;
};

const SQLITE_OK = 0;
const ALL_PAGES = -1;
const LOWEST_POINTER = 1000;

let engine: Promise<SqlJsStatic> | undefined;

/** SQLite is loaded once a process; later calls share it. */
export function loadSqlite(): Promise<SqlJsStatic> {
  engine ??= initSqlJs();
  return engine;
}

/** A database in memory: a new one, or with what a file holds. Throws if that is no database. */
export function openInMemory(sqlite: SqlJsStatic, image?: Uint8Array): Database {
  const native = sqlite as unknown as Native;
  const name = native.stringToNewUTF8(':memory:');
  const open = native._sqlite3_open;
  native._sqlite3_open = (_file, at) => open(name, at);
  let database: Database;
  try {
    // sql.js deletes the file that it thinks is open: there has to be one, if an empty one.
    database = new sqlite.Database(new Uint8Array(0));
  } finally {
    native._sqlite3_open = open;
    native._free(name);
  }
  if (image) fill(native, database, new sqlite.Database(image));
  return database;
}

/** sql.js's own name for it is shortened: it is the one property that can be an address. */
export function pointerOf(opened: Database | Statement): number {
  const values: readonly unknown[] = Object.values(opened);
  const pointer = values.find((value) => typeof value === 'number' && value > LOWEST_POINTER);
  if (typeof pointer === 'number') return pointer;
  throw new Error('this version of sql.js hides its pointers; see src/runtime/idb');
}

/** Copies all of a database, and closes it. */
function fill(native: Native, to: Database, from: Database): void {
  const name = native.stringToNewUTF8('main');
  try {
    // Says in words what is wrong with a file that is no database.
    from.exec('SELECT count(*) FROM sqlite_master');
    const backup = native._sqlite3_backup_init(pointerOf(to), name, pointerOf(from), name);
    if (backup === 0) throw new Error('SQLite could not begin to copy the database');
    native._sqlite3_backup_step(backup, ALL_PAGES);
    const code = native._sqlite3_backup_finish(backup);
    if (code !== SQLITE_OK) throw new Error(`the database could not be copied (${code})`);
  } finally {
    native._free(name);
    from.close();
  }
}
