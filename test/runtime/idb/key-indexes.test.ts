import { beforeAll, describe, expect, it } from 'vitest';
import { idbTable } from '../../../src/engine/idb/schema.ts';
import { callStory, listCalls } from '../../../src/runtime/calls/call-story.ts';
import { callSearch } from '../../../src/runtime/idb/call-search.ts';
import { IdbDatabase } from '../../../src/runtime/idb/idb-database.ts';
import { isKeyOrdered } from '../../../src/runtime/idb/key-indexes.ts';
import { indexTests, pageQuery, searchOf } from '../../../src/runtime/idb/page-query.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

const plan = (idb: IdbDatabase, sql: string) =>
  idb.read(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => String(detail));

describe('indexes of the emulator', () => {
  let running: RunningLab;
  let image: Uint8Array;
  beforeAll(async () => {
    running = await RunningLab.create(lab50());
    running.lab.simulation.runUntil(4 * MINUTE);
    image = running.idb.image();
    running.idb.indexKeys();
  });

  it('are used for what a story asks, and change no story', async () => {
    for (const [table, column] of [
      ['G_PARTY', 'CALLID'],
      ['G_CALL', 'PARENTCALLID'],
      ['G_PARTY_STAT', 'PARTYID'],
      ['G_VIRTUAL_QUEUE', 'ORIGCALLID'],
    ]) {
      const sql = `SELECT rowid, * FROM "${table}" WHERE "${column}" IN ('a','b')`;
      expect(plan(running.idb, sql)[0]).toContain(`USING INDEX EMULATOR_${table}_${column}`);
    }
    const without = await RunningLab.create(lab50());
    without.lab.simulation.runUntil(4 * MINUTE);
    const { calls } = listCalls(running, { text: '', limit: 20 });
    expect(calls.length).toBeGreaterThan(5);
    for (const { uuid } of calls)
      expect(callStory(running, uuid)).toEqual(callStory(without, uuid));
  });

  it('lead to a page in the order of their column, without the rest of the table', () => {
    const none = { sort: 'CALLID', filters: [], from: null, limit: 100, table: 'G_CALL' } as const;
    for (const descending of [true, false]) {
      for (const after of [null, { row: 7, value: 'x' }]) {
        const asked = { ...none, after, descending };
        const search = searchOf(asked);
        const tests = [...search.tests, ...indexTests(asked, search)];
        const { sql } = pageQuery(idbTable('G_CALL'), asked, { ...search, tests });
        const steps = plan(running.idb, sql);
        expect(steps.join()).toContain('SEARCH G_CALL USING COVERING INDEX EMULATOR_G_CALL_CALLID');
        expect(steps.filter((step) => step.startsWith('SCAN G_CALL'))).toEqual([]);
        // Without a word about empty cells the index is not taken.
        const plain = pageQuery(idbTable('G_CALL'), asked, searchOf({ ...asked, after: null }));
        expect(plan(running.idb, plain.sql).join()).toContain('SCAN G_CALL');
      }
    }
    expect(isKeyOrdered(idbTable('G_CALL'), 'CALLID')).toBe(true);
    // Some calls have no parent: those come first or last, and are not in the index.
    expect(isKeyOrdered(idbTable('G_CALL'), 'PARENTCALLID')).toBe(false);
  });

  it('are in no snapshot', async () => {
    const plain = await IdbDatabase.open(image);
    expect(Buffer.from(running.idb.snapshot()).equals(plain.snapshot())).toBe(true);
    const own = `SELECT count(*) AS n FROM sqlite_master WHERE name LIKE 'EMULATOR%'`;
    expect(running.idb.read(own)[0]['n']).toBeGreaterThan(20);
    expect((await IdbDatabase.open(running.idb.snapshot())).read(own)[0]['n']).toBe(0);
  });
});

describe('a search for calls', () => {
  it('reads no whole table, whatever it looks for', async () => {
    const idb = await IdbDatabase.create();
    idb.indexKeys();
    const steps = plan(idb, callSearch('no such call', 100, 20_000).replaceAll('?1', "'x'"));
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.filter((step) => /SCAN (G_|TABLE)/.test(step))).toEqual([]);
    // As it was: one look for both.
    const either = `SELECT rowid FROM G_CALL WHERE rowid > 5 OR "CALLID" = 'x' ORDER BY rowid DESC`;
    expect(plan(idb, either).some((step) => step.includes('SCAN G_CALL'))).toBe(true);
  });

  it('looks at the newest ones only, and finds any by its whole id', async () => {
    const running = await RunningLab.create(lab50());
    running.lab.simulation.runUntil(4 * MINUTE);
    const all = running.idb.newestCalls('', 1000);
    const [newest, oldest] = [all[0], all.at(-1)!];
    const idOf = ({ cells }: typeof newest) => String(cells['CALLID']);
    const found = (text: string, searched?: number) =>
      running.idb.newestCalls(text, 1000, searched).map(idOf);
    const part = (call: typeof newest) => idOf(call).slice(0, -1);
    expect(found(part(oldest))).toContain(idOf(oldest));
    expect(found(part(newest), 5)).toContain(idOf(newest));
    expect(found(part(oldest), 5)).not.toContain(idOf(oldest));
    expect(found(idOf(oldest), 5)).toEqual([idOf(oldest)]);
    // Also by a number that only its parties have.
    const [party] = running.idb.read(
      `SELECT ENDPOINTDN, CALLID FROM G_PARTY WHERE CALLID = '${idOf(oldest)}' ORDER BY rowid DESC`,
    );
    const dn = String(party['ENDPOINTDN']);
    expect(found(dn)).toContain(idOf(oldest));
    expect(found(dn, 1)).not.toContain(idOf(oldest));
  });
});
