import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printed } from '../support/printed.ts';
import { startProgram } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'merge-'));
const [one, two, into, foreign] = ['one.db', 'two.db', 'merged.db', 'payroll.db'].map((name) =>
  join(folder, name),
);
const rows = (sql: string, path = into) =>
  execFileSync('sqlite3', [path, sql], { encoding: 'utf8' }).trim();

beforeAll(async () => {
  const told = await printed(['run', 'ha', '--until', '6m', '--export', one, '--export', two]);
  expect(told.err).toBe(`IDB snapshot of ICON1: ${one}\nIDB snapshot of ICON2: ${two}\n`);
  execFileSync('sqlite3', [foreign, 'CREATE TABLE SALARIES (NAME TEXT)']);
  expect(told.out).toMatch(/IDB tables with rows of ICON1:[\s\S]*IDB tables with rows of ICON2:/);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('snapshots of two ICONs', () => {
  it('merge: each call once, with where it is from; the same again gives the same', async () => {
    const told = await printed(['merge', one, two, '--into', into]);
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/^\d+ calls: \d+ from one.db, \d+ from two.db; 0 of them cannot/);
    const calls = rows('SELECT count(*) FROM G_CALL', one);
    expect(rows('SELECT count(*), count(DISTINCT CALLID) FROM CALL_FACT')).toBe(
      `${calls}|${calls}`,
    );
    // Every raw row of a call is from the ICON that the call is from.
    const strangers =
      'SELECT count(*) FROM G_PARTY p JOIN CALL_FACT c USING (CALLID) ' +
      'WHERE p.SOURCE_ICON <> c.SOURCE_ICON';
    expect(rows(strangers)).toBe('0');
    expect(rows('SELECT count(DISTINCT SOURCE_ICON) FROM G_DSS_GCC_PROVIDER')).toBe('2');
    expect(rows("SELECT count(*) FROM HA_CHOICE WHERE PROVIDER = 'GCC'")).not.toBe('0');
    const first = readFileSync(into);
    await printed(['merge', one, two, '--into', into]);
    expect(readFileSync(into).equals(first)).toBe(true);
  });

  it('what extract has made of them can be merged as well', async () => {
    const facts = [one, two].map((path) => path.replace('.db', '-facts.db'));
    for (const [at, path] of [one, two].entries()) {
      await printed(['extract', path, '--into', facts[at]]);
    }
    const other = join(folder, 'of-facts.db');
    const told = await printed(['merge', ...facts, '--into', other, '--json']);
    expect(told.code).toBe(0);
    const sql = 'SELECT * FROM CALL_FACT ORDER BY CALLID';
    expect(rows(sql, other)).toBe(rows(sql));
  });

  it('gaps of both say which IDB is the better one', async () => {
    const { code, out } = await printed(['gaps', one, two]);
    expect(code).toBe(0);
    expect(out).toMatch(/GCC, all data sources:\n {2}2026-03-02 15:00:\d\d to .* one.db: none has/);
  });

  it.each([
    ['one file', () => ['merge', one, '--into', into], /Name snapshots of two ICONs/],
    ['the same twice', () => ['merge', one, one, '--into', into], /of the same ICON/],
    ['three', () => ['gaps', one, two, one], /or those of two ICONs/],
    ['an input as target', () => ['merge', one, two, '--into', `${folder}/./one.db`], /one of the/],
    ['a foreign file as target', () => ['merge', one, two, '--into', foreign], /left as it is/],
    ['a device', () => ['merge', one, two, '--into', '/dev/null'], /no ordinary file/],
    ['a merged file', () => ['merge', into, two, '--into', `${into}2`], /what a merge has made/],
    ['no snapshot', () => ['merge', one, 'package.json', '--into', into], /is no IDB snapshot/],
    [
      'three IDBs',
      () => ['run', 'ha', '--export', 'a', '--export', 'b', '--export', 'c'],
      /ha has 2 IDBs/,
    ],
    [
      'one file twice',
      () => [
        'run',
        'ha',
        '--export',
        one,
        '--export',
        join(folder, '..', basename(folder), 'one.db'),
      ],
      /a file of its own/,
    ],
  ])('%s: says what is wrong, and writes nothing', async (_what, args, sentence) => {
    const { code, err, out } = await printed(args());
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(sentence);
  });

  it('without sessions of data sources nobody can tell how good an IDB is', async () => {
    const early = ['early1.db', 'early2.db'].map((name) => join(folder, name));
    const exports = early.flatMap((path) => ['--export', path]);
    await printed(['run', 'ha', '--until', '1ms', ...exports]);
    const { code, err } = await printed(['merge', ...early, '--into', into]);
    expect(code).toBe(2);
    expect(err).toMatch(/has no sessions of data sources/);
  });

  it('one --export takes the first IDB, and says so', async () => {
    const { err } = await printed(['run', 'ha', '--until', '1s', '--export', join(folder, 'a.db')]);
    expect(err).toMatch(/The IDB of ICON2 is not exported: a second --export FILE takes it/);
  });

  it('of two runs are no pair', async () => {
    const other = join(folder, 'other.db');
    const exports = ['--export', join(folder, 'x.db'), '--export', other];
    await printed(['run', 'ha', '--until', '6m', '--seed', '99', ...exports]);
    const { code, err } = await printed(['merge', one, other, '--into', into]);
    expect(code).toBe(2);
    expect(err).toMatch(/have no call in common/);
  });

  it('may have no call in common where they never worked at the same time', async () => {
    const [early, late, merged] = ['am.db', 'pm.db', 'day.db'].map((name) => join(folder, name));
    const lab = (lines: readonly string[]) =>
      startProgram(['shell', 'ha', '--scratch', '--host', 'lab'], {}, `${lines.join('\n')}\n`);
    const program = lab([
      'do stop-process process=icon2',
      ':run 6m',
      'do stop-process process=icon1',
      ':run 2m',
      'do start-process process=icon2',
      ':run 6m',
      `:snapshot ${early} ${late}`,
    ]);
    expect(await program.ended).toBe(0);
    const { code, out } = await printed(['merge', early, late, '--into', merged, '--json']);
    expect(code).toBe(0);
    expect(Math.min(...JSON.parse(out).taken)).toBeGreaterThan(0);
  });

  it('a later one counts where the other one has ended', async () => {
    const [early, merged] = ['early.db', 'late.db'].map((name) => join(folder, name));
    await printed(['run', 'ha', '--until', '4m', '--export', early]);
    const { out } = await printed(['merge', early, two, '--into', merged, '--json']);
    const calls = rows('SELECT count(*) FROM G_CALL', two);
    expect(JSON.parse(out)).toMatchObject({ calls: Number(calls) });
    const states = 'SELECT count(*) FROM G_AGENT_STATE_HISTORY';
    expect(rows(states, merged)).toBe(rows(states, two));
  });
});
