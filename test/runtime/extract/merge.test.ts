import { describe, expect, it } from 'vitest';
import type { IconState } from '../../../src/engine/icon/icon-state.ts';
import type { CellValue } from '../../../src/engine/idb/row-changes.ts';
import { SECOND_US } from '../../../src/engine/kernel/lab-time.ts';
import {
  createRandomState,
  nextBelow,
  nextUniform,
  type RandomState,
} from '../../../src/engine/kernel/random.ts';
import type { LabCommand } from '../../../src/engine/lab/commands.ts';
import { merge } from '../../../src/runtime/extract/merge.ts';
import type { MergedDatabase } from '../../../src/runtime/extract/merged-database.ts';
import { loadSqlite } from '../../../src/runtime/idb/sqlite.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { brokenPromises, CallTruth, type Readable } from '../../support/call-truth.ts';
import { shippedLab } from '../../support/desk.ts';

const ICONS = ['icon1', 'icon2'];
const MINUTES = 30;
const PEACE_SECONDS = 420;

const pick = <T>(random: RandomState, all: readonly T[]): T => all[nextBelow(random, all.length)];

/** What fails for a while, and how it is mended. */
function drawFailure(random: RandomState): { broken: LabCommand[]; mended: LabCommand[] } {
  const process = (names: readonly string[], verb: 'crash-process' | 'stop-process') => {
    const name = pick(random, names);
    return {
      broken: [{ verb, process: name } as const],
      mended: [{ verb: 'start-process', process: name } as const],
    };
  };
  const link = (from: string, to: string) => {
    const ends = { network: 'public', from, to } as const;
    const back = { network: 'public', from: to, to: from } as const;
    const both = (verb: 'cut' | 'repair') => [
      { verb, ...ends },
      { verb, ...back },
    ];
    return { broken: both('cut'), mended: both('repair') };
  };
  const servers = ['ts-east', 'ts-east-b', 'ts-west'];
  return pick(random, [
    () => process(ICONS, 'crash-process'),
    () => process(ICONS, 'crash-process'),
    () => process(ICONS, 'stop-process'),
    () => link(pick(random, ['icon', 'icon2']), pick(random, servers)),
    () => link(pick(random, ['icon', 'icon2']), pick(random, servers)),
    () => link(pick(random, ['sw-east', 'sw-west']), pick(random, servers)),
    () => process(['idb', 'idb2'], 'crash-process'),
    () => process(servers, 'crash-process'),
    () => {
      const name = pick(random, ICONS);
      return {
        broken: [{ verb: 'hang-process', process: name } as const],
        mended: [{ verb: 'release-process', process: name } as const],
      };
    },
  ])();
}

/** Half an hour of random failures, then peace, and what is merged of it. */
async function run(seed: number) {
  const definition = shippedLab('ha', { seed });
  const traffic = { ...definition.traffic, callsPerHour: Array.from({ length: 24 }, () => 360) };
  const truth = new CallTruth(ICONS);
  let running: RunningLab | undefined;
  const nowOf = () => definition.epochSeconds + (running?.nowUs ?? 0) / SECOND_US;
  running = await RunningLab.create({ ...definition, traffic }, (sink) => truth.sink(sink, nowOf));
  const { lab } = running;
  const { simulation } = lab;
  const advance = (seconds: number) => {
    const untilUs = simulation.nowUs + Math.round(seconds * SECOND_US);
    while (simulation.nextDueUs <= untilUs) {
      simulation.runUntil(simulation.nextDueUs);
      truth.look(lab);
    }
    simulation.advanceClock(untilUs);
  };
  const execute = (commands: readonly LabCommand[]) => {
    for (const command of commands) {
      lab.execute(command);
      if (command.verb === 'crash-process') truth.crashed(command.process, nowOf());
    }
  };
  const random = createRandomState(seed, 'failures');
  advance(60);
  while (simulation.nowUs < MINUTES * 60 * SECOND_US) {
    const { broken, mended } = drawFailure(random);
    execute(broken);
    advance(5 + 90 * nextUniform(random));
    execute(mended);
    advance(10 + 120 * nextUniform(random));
  }
  advance(PEACE_SECONDS);
  const asked = running.idbs.map(({ idb, place: { database, name, process } }) => {
    const { dbid } = simulation.process(process).config as unknown as IconState['config'];
    return { idb, icon: dbid, name, database };
  });
  const icons = new Map(asked.map(({ icon, name }) => [icon, name.toLowerCase()]));
  const toSeconds = Math.floor(nowOf());
  const question = { fromSeconds: definition.epochSeconds, toSeconds, noDataSeconds: 300 };
  const { database, totals } = await merge(asked, question);
  running.close();
  return { database, totals, toSeconds, truth, icons };
}

describe('the merged extraction of two ICONs', () => {
  const seeds = [1, 2, 8, 12];
  it.each(seeds)('seed %i: what one saw whole is there, all else is flagged', async (seed) => {
    const { database, icons, toSeconds, totals, truth } = await run(seed);
    const { carefully, sentences } = brokenPromises(truth, database, icons, toSeconds);
    expect(sentences).toEqual([]);
    // Some data is lost, and few calls are flagged out of care alone.
    expect(totals.unreliable).toBeGreaterThan(0);
    expect(totals.calls).toBeGreaterThan(100);
    expect(carefully).toBeLessThan(totals.calls / 20);
    database.close();
  });

  it('the truth sees what a merge leaves out, doubles or does not flag', async () => {
    const { database, icons, toSeconds, truth } = await run(4);
    const spoilt = async (sql: string) => {
      const copy = await spoil(database, sql);
      return brokenPromises(truth, copy, icons, toSeconds).sentences.join('\n');
    };
    expect(await spoilt('UPDATE CALL_FACT SET UNRELIABLE = NULL')).toMatch(/without a flag/);
    expect(await spoilt('DELETE FROM CALL_FACT WHERE UNRELIABLE IS NULL')).toMatch(/saw it whole/);
    expect(await spoilt('DELETE FROM HA_CHOICE')).toMatch(/no interval says so/);
    expect(await spoilt('UPDATE CALL_FACT SET TERMINATED_TS = NULL')).toMatch(/from when it says/);
    database.close();
  });
});

/** The same database with one thing changed. */
async function spoil(database: MergedDatabase, statement: string): Promise<Readable> {
  const copy = new (await loadSqlite()).Database(database.image());
  copy.run(statement);
  return { read: (sql) => (copy.exec(sql)[0]?.values ?? []) as CellValue[][] };
}
