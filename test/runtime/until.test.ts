import { beforeAll, describe, expect, it } from 'vitest';
import { LADDER_CLIENTS } from '../../src/contract/ladder.ts';
import type { UntilWhat } from '../../src/contract/limits.ts';
import { History, RunningLab } from '../../src/runtime/running-lab.ts';
import { awaitIn } from '../../src/runtime/until.ts';
import { lab50, MINUTE, SECOND } from '../support/lab50.ts';

describe('running until', () => {
  let running: RunningLab;
  beforeAll(async () => {
    running = await RunningLab.create(lab50());
  });

  /** Steps until it is so; answers the kind of the last event, or undefined after a while. */
  function run(what: UntilWhat, text: string, limitUs = 5 * MINUTE): string | undefined {
    const { simulation } = running.lab;
    const awaited = awaitIn(running, what, text);
    if (typeof awaited === 'string') throw new Error(awaited);
    const endUs = simulation.nowUs + limitUs;
    let found: string | undefined;
    while (!found && simulation.nowUs < endUs) {
      simulation.step();
      if (awaited.isSo()) found = simulation.lastKind;
    }
    awaited.end();
    expect(running.history.watch).toBeUndefined();
    return found;
  }

  it('a message is delivered, also inside of one that is ordered', () => {
    expect(run('message', 'Initialization request')).toBe('sessionMessage');
    const wishes = () =>
      LADDER_CLIENTS.flatMap((client) => running.ladder.newest(client, ['desired'], 1000));
    expect(wishes()).toEqual([]);
    expect(run('message', 'state transfer desired')).toBe('sessionMessage');
    expect(wishes()).toHaveLength(1);
    expect(run('message', 'heartbeat')).toBe('datagram');
    expect(run('message', 'no such message', MINUTE)).toBeUndefined();
  });

  it('a log line says something; trace lines are not meant', () => {
    expect(run('log line', 'PAIRED-disabled')).toBeDefined();
    expect(running.journal.logLines.at(-1)?.text.toLowerCase()).toContain('paired-disabled');
  });

  it('a row is added to a table, and to no other', () => {
    const before = running.idb.count('G_PARTY');
    expect(run('row', 'g_party')).toBe('diskSynced');
    expect(running.idb.count('G_PARTY')).toBeGreaterThan(before);
    expect(awaitIn(running, 'row', 'G_PARTIES')).toBe('IDB has no table "G_PARTIES".');
  });

  it('a log line, also when the past is put in front meanwhile', () => {
    const awaited = awaitIn(running, 'log line', 'went down');
    if (typeof awaited === 'string') throw new Error(awaited);
    new History().absorb(running.history);
    running.lab.simulation.step();
    expect(awaited.isSo()).toBe(false);
    running.lab.execute({ verb: 'crash-process', process: 'rb-rtr' });
    running.lab.simulation.runUntil(running.nowUs + SECOND);
    expect(awaited.isSo()).toBe(true);
    awaited.end();
  });

  it('a row comes, and as many go in the same transaction', async () => {
    const other = await RunningLab.create(lab50());
    const table = 'G_CALL_ACTIVE';
    let missed = 0;
    for (let before = 0; other.nowUs < 8 * MINUTE; ) {
      const awaited = awaitIn(other, 'row', table);
      if (typeof awaited === 'string') throw new Error(awaited);
      before = other.idb.count(table);
      while (!awaited.isSo() && other.nowUs < 8 * MINUTE) other.lab.simulation.step();
      if (awaited.isSo() && other.idb.count(table) <= before) missed++;
    }
    expect(missed).toBeGreaterThan(0);
  });

  it('a second wait ends the first, and is not ended by it', () => {
    const [first, second] = ['heartbeat', 'heartbeat'].map((text) => {
      const awaited = awaitIn(running, 'message', text);
      if (typeof awaited === 'string') throw new Error(awaited);
      return awaited;
    });
    first.end();
    running.lab.simulation.runUntil(running.nowUs + 5 * SECOND);
    expect([first.isSo(), second.isSo()]).toEqual([false, true]);
    second.end();
    expect(running.history.watch).toBeUndefined();
  });
});
