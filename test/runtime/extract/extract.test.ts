import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDB_TABLES } from '../../../src/engine/idb/schema.ts';
import { extract, OtherSnapshotError } from '../../../src/runtime/extract/extract.ts';
import { Warehouse } from '../../../src/runtime/extract/warehouse.ts';
import { IdbDatabase } from '../../../src/runtime/idb/idb-database.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { desk } from '../../support/desk.ts';
import { lab50, SECOND } from '../../support/lab50.ts';
import { printed } from '../../support/printed.ts';
import { sayTo } from '../../support/say.ts';

const folder = mkdtempSync(join(tmpdir(), 'extract-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Snapshots of a lab at work, five lab minutes apart, and what each table had then. */
const snapshots: Uint8Array[] = [];
beforeAll(async () => {
  const running = await RunningLab.create(lab50());
  for (let minutes = 5; minutes <= 25; minutes += 5) {
    running.lab.simulation.runUntil(minutes * 60 * SECOND);
    snapshots.push(running.idb.snapshot());
  }
  running.close();
});

const STARS = ['CALL_FACT', 'PARTY_FACT', 'SESSION_FACT', 'AGENT_DIM', 'SWITCH_DIM'];
/** Everything that an extraction has brought, in an order of its own. */
function contents(target: Warehouse): Map<string, unknown[][]> {
  const tables = [...IDB_TABLES.map(({ name }) => name), ...STARS];
  return new Map(tables.map((name) => [name, target.rowsOf(name)]));
}

async function from(index: number, target: Warehouse, batch = 5000, onBatch?: () => Promise<void>) {
  const source = await IdbDatabase.open(snapshots[index]);
  try {
    return await extract(source, target, batch, onBatch);
  } finally {
    source.close();
  }
}

describe('extraction', () => {
  it('from snapshot to snapshot brings what one extraction of the last would', async () => {
    const once = await Warehouse.create();
    const all = await from(4, once, 1_000_000);
    expect(all.interactions).toBeGreaterThan(200);
    const step = await Warehouse.create();
    const totals = [];
    for (const index of snapshots.keys()) totals.push(await from(index, step, 40));
    expect(contents(step)).toEqual(contents(once));
    // Each run took what had come or changed, and not everything again.
    expect(totals[4].interactions).toBeLessThan(all.interactions / 2);
    expect(totals[1].interactions).toBeGreaterThan(0);
  });

  it('twice the same is once, and takes next to nothing', async () => {
    const target = await Warehouse.create();
    await from(2, target);
    const before = contents(target);
    const { interactions } = await from(2, target);
    expect(contents(target)).toEqual(before);
    expect(interactions).toBeLessThan(10);
  });

  it.each([0, 1, 3])(
    'cut short after batch %i it goes on, also with a newer snapshot',
    async (at) => {
      const target = await Warehouse.create();
      let [batches, image] = [0, target.image()];
      const stop = async () => {
        if (batches++ > at) throw new Error('the lights go out');
        image = target.image();
      };
      await expect(from(1, target, 20, stop)).rejects.toThrow('the lights go out');
      const resumed = (await Warehouse.open(image))!;
      await from(3, resumed, 20);
      await from(3, resumed, 20);
      const once = await Warehouse.create();
      await from(3, once);
      expect(contents(resumed)).toEqual(contents(once));
    },
  );

  it('the facts agree with the rows that they are made of', async () => {
    const target = await Warehouse.create();
    await from(4, target);
    expect(target.count('CALL_FACT')).toBe(target.count('G_CALL'));
    expect(target.count('PARTY_FACT')).toBe(target.count('G_PARTY'));
    expect(target.count('SESSION_FACT')).toBe(target.count('G_LOGIN_SESSION'));
    const path = join(folder, 'facts.db');
    writeFileSync(path, target.image());
    const ask = (sql: string) => execFileSync('sqlite3', [path, sql], { encoding: 'utf8' }).trim();
    expect(ask('PRAGMA integrity_check')).toBe('ok');
    const wrong = `SELECT count(*) FROM CALL_FACT f JOIN G_CALL_STAT s ON s.CALLID = f.CALLID
      WHERE f.DURATION <> s.T_DURATION`;
    expect(ask(wrong)).toBe('0');
    const lost = `SELECT count(*) FROM PARTY_FACT
      WHERE CALLID NOT IN (SELECT CALLID FROM CALL_FACT)`;
    expect(ask(lost)).toBe('0');
    expect(
      Number(ask('SELECT count(*) FROM PARTY_FACT JOIN AGENT_DIM USING (AGENT_KEY)')),
    ).toBeGreaterThan(100);
  });

  it('what a stored procedure changes is not numbered, and is taken all the same', async () => {
    const running = await RunningLab.create(desk());
    const { run, say: sayOnly } = sayTo(running);
    const say = (line: string) => {
      sayOnly(line);
      run(5);
    };
    run(180);
    for (const line of ['login 6001', 'ready']) say(`phone 3001 ${line}`);
    for (const line of ['call 8002 5550100', 'phone 3001 answer', 'phone 3001 hang up']) say(line);
    const target = await Warehouse.create();
    await extract(running.idb, target, 100);
    const merged = () =>
      target.rowsOf('CALL_FACT').map(([callId, irid, root]) => {
        return [callId, irid === root];
      });
    expect(merged().every(([, isOwn]) => isOwn)).toBe(true);
    run(60);
    say('procedure gsysIRMerge');
    await extract(running.idb, target, 100);
    expect(
      merged()
        .map(([, isOwn]) => isOwn)
        .sort(),
    ).toEqual([false, true]);
    const once = await Warehouse.create();
    await extract(running.idb, once, 100);
    expect(contents(target)).toEqual(contents(once));
    running.close();
  });

  it('an older snapshot is refused, and nothing is changed by it', async () => {
    const target = await Warehouse.create();
    await from(3, target);
    const before = contents(target);
    await expect(from(1, target)).rejects.toThrow(OtherSnapshotError);
    expect(contents(target)).toEqual(before);
  });
});

describe('an extraction of another run', () => {
  it('is refused, even when it has more and looks newer', async () => {
    const target = await Warehouse.create();
    await from(0, target);
    const before = contents(target);
    const other = await RunningLab.create(lab50({ seed: 8 }));
    other.lab.simulation.runUntil(25 * 60 * SECOND);
    await expect(extract(other.idb, target, 100)).rejects.toThrow(OtherSnapshotError);
    expect(contents(target)).toEqual(before);
    other.close();
  });
});

describe('duplexlab extract', () => {
  it('goes on where it was, from one call of the program to the next', async () => {
    const [first, last, into] = ['first.db', 'last.db', 'into.db'].map((name) =>
      join(folder, name),
    );
    writeFileSync(first, snapshots[0]);
    writeFileSync(last, snapshots[4]);
    const told = await printed(['extract', first, '--into', into]);
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/Taken: \d+ interactions and \d+ login sessions/);
    expect((await printed(['extract', last, '--into', into, '--batch', '50'])).code).toBe(0);
    const again = await printed(['extract', last, '--into', into, '--json']);
    const { facts, interactions } = JSON.parse(again.out);
    expect(facts.CALL_FACT).toBeGreaterThan(200);
    expect(interactions).toBeLessThan(10);
    const older = await printed(['extract', first, '--into', into]);
    expect([older.code, older.err]).toEqual([2, expect.stringMatching(/is older than what/)]);
  });

  it.each([
    [['extract'], /Name a snapshot and where it goes/],
    [['extract', 'package.json', '--into', 'x.db'], /is no IDB snapshot of Duplex Lab/],
    [['extract', 'no-such.db', '--into', 'x.db'], /cannot be read \(ENOENT\)/],
  ])('%j is refused with a sentence', async (args, sentence) => {
    const { code, err } = await printed(args);
    expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
    expect(existsSync('x.db')).toBe(false);
  });

  it('a folder that is missing is told before the work', async () => {
    const source = join(folder, 'b.db');
    writeFileSync(source, snapshots[0]);
    const into = join(folder, 'no', 'x.db');
    const { code, err } = await printed(['extract', source, '--into', into]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/the folder .* is missing or read-only/),
    ]);
  });

  it('a file that it has not made stays as it is', async () => {
    const path = join(folder, 'mine.db');
    writeFileSync(path, 'my notes');
    writeFileSync(join(folder, 'a.db'), snapshots[0]);
    const { code, err } = await printed(['extract', join(folder, 'a.db'), '--into', path]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/is no SQLite file; it is not overwritten/),
    ]);
    expect(readFileSync(path, 'utf8')).toBe('my notes');
    const snapshot = join(folder, 'c.db');
    writeFileSync(snapshot, snapshots[1]);
    const other = await printed(['extract', join(folder, 'a.db'), '--into', snapshot]);
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringMatching(/was not made by "duplexlab extract"/),
    ]);
  });
});
