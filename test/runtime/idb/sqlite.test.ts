import { describe, expect, it } from 'vitest';
import { loadSqlite, openInMemory } from '../../../src/runtime/idb/sqlite.ts';

const FILE_OF_MAIN = "SELECT file FROM pragma_database_list WHERE name = 'main'";

describe('a database in memory', () => {
  it('is no file of sql.js, and leaves none behind', async () => {
    const sqlite = await loadSqlite();
    const database = openInMemory(sqlite);
    expect(database.exec(FILE_OF_MAIN)[0].values).toEqual([['']]);
    database.close();
    // What is opened as a file still is one.
    const file = new sqlite.Database();
    expect(file.exec(FILE_OF_MAIN)[0].values[0][0]).toContain('dbfile_');
    file.close();
  });

  it('holds what a file held, page size included, and gives it out again', async () => {
    const sqlite = await loadSqlite();
    const file = new sqlite.Database();
    file.run('PRAGMA page_size = 8192; PRAGMA user_version = 7');
    file.run('CREATE TABLE T (N INTEGER PRIMARY KEY, TEXT)');
    for (let n = 1; n <= 500; n++) file.run('INSERT INTO T VALUES (?, ?)', [n, `${n}`.repeat(90)]);
    const image = file.export();
    const database = openInMemory(sqlite, image);
    expect(database.exec(FILE_OF_MAIN)[0].values).toEqual([['']]);
    expect(database.exec('PRAGMA page_size; PRAGMA user_version; PRAGMA integrity_check')).toEqual(
      [8192, 7, 'ok'].map((value) => expect.objectContaining({ values: [[value]] })),
    );
    expect(database.exec('SELECT * FROM T')).toEqual(file.exec('SELECT * FROM T'));
    database.run("INSERT INTO T VALUES (501, 'more')");
    const again = openInMemory(sqlite, database.export());
    expect(again.exec('SELECT count(*) FROM T')[0].values).toEqual([[501]]);
    // The file it came from has not changed.
    expect(file.exec('SELECT count(*) FROM T')[0].values).toEqual([[500]]);
  });

  it('says what is wrong with a file that is no database', async () => {
    const sqlite = await loadSqlite();
    const text = new TextEncoder().encode('This is a letter, not a database.'.repeat(40));
    expect(() => openInMemory(sqlite, text)).toThrow('file is not a database');
  });
});
