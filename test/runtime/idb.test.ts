import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDB_TABLES, idbTable } from '../../src/engine/idb/schema.ts';
import { IdbDatabase } from '../../src/runtime/idb/idb-database.ts';
import { explain } from '../../src/runtime/journal/explain.ts';
import { programRoot } from '../../src/runtime/program-root.ts';
import { RunningLab } from '../../src/runtime/running-lab.ts';
import { lab50, MINUTE } from '../support/lab50.ts';

const hasSqlite = findSqlite();

/** The ordinary sqlite3 program; where everything is required its absence is a failure. */
function findSqlite(): boolean {
  const found = spawnSync('sqlite3', ['-version']).status === 0;
  if (!found && process.env['DUPLEXLAB_REQUIRE_BROWSER'] === '1') {
    throw new Error('The sqlite3 program is required and was not found.');
  }
  if (!found) console.warn('No sqlite3 program was found: the test of the snapshot is skipped.');
  return found;
}

describe('the Interaction Database', () => {
  let running: RunningLab;
  let folder: string;
  beforeAll(async () => {
    running = await RunningLab.create(lab50());
    running.lab.simulation.runUntil(6 * MINUTE);
    folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  });
  afterAll(() => {
    running.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!hasSqlite)(
    'its snapshot opens in sqlite3: whole, every table and column there',
    () => {
      const file = join(folder, 'idb.sqlite');
      writeFileSync(file, running.idb.snapshot());
      const sqlite = (sql: string) =>
        execFileSync('sqlite3', [file, sql], { encoding: 'utf8' }).trim();
      expect(sqlite('PRAGMA integrity_check')).toBe('ok');
      expect(sqlite('PRAGMA foreign_key_check')).toBe('');
      const data = readFileSync(join(programRoot(), 'resources/idb/idb-schema.tsv'), 'utf8');
      const tables = new Set(
        data
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split('\t')[0]),
      );
      expect(IDB_TABLES.map(({ name }) => name)).toEqual([...tables]);
      const names = sqlite("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
      const expected = [...IDB_TABLES.map(({ name }) => name), 'DUPLEXLAB_QUEUE_POSITION'].sort();
      expect(names.split('\n')).toEqual(expected);
      for (const { name, columns } of IDB_TABLES) {
        const found = sqlite(`SELECT group_concat(name, ' ') FROM pragma_table_info('${name}')`);
        expect(found).toBe(columns.map((column) => column.name).join(' '));
      }
    },
  );

  it('keeps the row counts that counting would give, also from an image', async () => {
    const counted = (idb: IdbDatabase) =>
      IDB_TABLES.map(({ name }) => idb.page(name, 0, 100_000).rows.length);
    const kept = (idb: IdbDatabase) => IDB_TABLES.map(({ name }) => idb.count(name));
    expect(kept(running.idb)).toEqual(counted(running.idb));
    expect(Math.max(...kept(running.idb))).toBeGreaterThan(100);
    const copy = await IdbDatabase.open(running.idb.image());
    expect(kept(copy)).toEqual(kept(running.idb));
    copy.close();
  });

  it('pages by key, newest or oldest first, and keeps every digit', () => {
    const all = running.idb.page('G_CALL', 0, 1000);
    const pages: number[] = [];
    for (let after = 0; ; ) {
      const { rowIds } = running.idb.page('G_CALL', after, 7);
      if (rowIds.length === 0) break;
      pages.push(...rowIds);
      after = rowIds.at(-1)!;
    }
    expect(pages).toEqual(all.rowIds);
    expect(running.idb.page('G_CALL', 0, 1000, true).rowIds).toEqual([...all.rowIds].reverse());
    const { columnNumbers } = idbTable('G_CALL');
    const [row] = all.rows;
    const connection = String(row[columnNumbers.get('CONNID')!]);
    expect(row[columnNumbers.get('CONNIDNUM')!]).toBe(BigInt(`0x${connection}`).toString());
  });

  it('a row tells the event that wrote it, and that event its causes back to the start', () => {
    const { rowIds } = running.idb.page('G_PARTY', 0, 1000, true);
    const ended = rowIds.find(
      (row) => running.idbs[0].rowCauses.causesOf(idbTable('G_PARTY').number, row).length > 2,
    )!;
    const causes = running.idbs[0].rowCauses.causesOf(idbTable('G_PARTY').number, ended);
    expect(causes.map(({ op }) => op)).toEqual(['insert', 'update', 'update']);
    const titles = causes.map(({ seq }) => explain(running.journal, seq).chain[0].title);
    expect(titles).toEqual(['EventCallPartyAdded', 'EventCallPartyState', 'EventCallPartyDeleted']);
    const { chain, origin, cutOff } = explain(running.journal, causes[0].seq);
    expect(cutOff).toBe(false);
    expect(chain.some(({ title }) => title === 'cti')).toBe(true);
    expect([...chain, ...origin].at(-1)).toMatchObject({ kind: 'start', cause: 0 });
  });
});
