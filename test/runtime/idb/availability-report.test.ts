import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { labAvailability } from '../../../src/runtime/lab-availability.ts';
import { programRoot } from '../../../src/runtime/program-root.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { desk } from '../../support/desk.ts';
import { printed } from '../../support/printed.ts';
import { sayTo } from '../../support/say.ts';

const folder = mkdtempSync(join(tmpdir(), 'availability-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A lab in which ICON loses a T-Server for a while, and a call goes on meanwhile. */
async function story(): Promise<RunningLab> {
  const running = await RunningLab.create(desk());
  const { run, say } = sayTo(running);
  run(20);
  say('call 8001 5550100');
  run(5);
  say('cut public icon ts-east');
  run(60);
  say('repair public icon ts-east');
  run(10);
  say('outside 5550100 hang up');
  run(10);
  return running;
}

describe('how far an IDB can be trusted', () => {
  it('the query for sqlite3 says of each provider what the lab says', async () => {
    const running = await story();
    const path = join(folder, 'query.db');
    writeFileSync(path, running.idb.snapshot());
    const sql = readFileSync(join(programRoot(), 'docs', 'sql', 'idb-availability.sql'), 'utf8');
    const { fromSeconds } = labAvailability(running);
    const verdicts = new Set<string>();
    for (const later of [0, 60, 110, 150, 1000]) {
      const now = fromSeconds + later;
      const parameters = [`.parameter set :now ${now}`, '.parameter set :window 120'];
      const commands = ['.parameter init', ...parameters, '.mode json'];
      const input = `${commands.join('\n')}\n${sql}`;
      const rows = JSON.parse(execFileSync('sqlite3', [path], { input, encoding: 'utf8' }));
      const report = labAvailability(running, fromSeconds, now);
      const told = report.providers.map(({ availability, icon, provider }) => {
        return { icon, provider, availability };
      });
      const byProvider = (a: { provider: string }, b: { provider: string }) =>
        a.provider < b.provider ? -1 : 1;
      const asked = rows.map(({ icon, provider, availability }: (typeof told)[number]) => {
        return { icon, provider, availability };
      });
      expect(asked).toEqual([...told].sort(byProvider));
      for (const { availability } of told) verdicts.add(availability);
    }
    expect([...verdicts].sort()).toEqual(['newData', 'notAvailable']);
    running.close();
  });

  it('a snapshot says what the lab said, as text and as data', async () => {
    const running = await story();
    const path = join(folder, 'snapshot.db');
    writeFileSync(path, running.idb.snapshot());
    const report = labAvailability(running);
    const text = await printed(['gaps', path]);
    expect(text.code).toBe(0);
    expect(text.out).toMatch(/begins: connection to the data source lost/);
    expect(text.out).toMatch(/not visible for its whole life/);
    const { out } = await printed(['gaps', path, '--json']);
    const { sources, unreliableCalls } = JSON.parse(out);
    const own = sources.find(({ provider }: { provider: string }) => provider === 'GCC');
    const wanted = report.sources.find(({ provider }) => provider === 'GCC')!;
    expect(own.gaps.at(-1)).toEqual(wanted.gaps.at(-1));
    expect(unreliableCalls).toEqual(report.unreliableCalls);
    running.close();
  });

  it.each([
    [['gaps'], /Name one IDB snapshot/],
    [['gaps', 'no-such-file.db'], /The file no-such-file.db cannot be read \(ENOENT\)/],
    [['gaps', 'package.json'], /package.json is no IDB snapshot of Duplex Lab/],
    [['gaps', 'package.json', '--at', 'noon'], /is no IDB snapshot|--at takes a moment in GMT/],
  ])('%j is refused with a sentence', async (args, sentence) => {
    const { code, err } = await printed(args);
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
  });
});
