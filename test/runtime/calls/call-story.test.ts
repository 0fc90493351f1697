import { describe, expect, it } from 'vitest';
import type { LabCommand } from '../../../src/engine/lab/commands.ts';
import { callStory, listCalls } from '../../../src/runtime/calls/call-story.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { desk } from '../../support/desk.ts';
import { SECOND } from '../../support/lab50.ts';

describe('the story of a call', () => {
  it('has no routing message of a call that another switch gave the same number', async () => {
    const running = await RunningLab.create(desk());
    const { lab } = running;
    lab.simulation.runUntil(200 * SECOND);
    for (const dialedNumber of ['8001', '8101']) {
      const call: LabCommand = { verb: 'place-call', dialedNumber, ani: '5550100' };
      expect(lab.execute(call).ok).toBe(true);
    }
    lab.simulation.runUntil(210 * SECOND);
    const { calls } = listCalls(running, { text: '', limit: 10 });
    const numbers = running.idb.read('SELECT SWITCHCALLID FROM G_CALL');
    expect(numbers).toEqual([{ SWITCHCALLID: 1 }, { SWITCHCALLID: 1 }]);
    for (const { dnis, uuid } of calls) {
      const asked = callStory(running, uuid)!.events.filter(({ type }) => type === 'route request');
      expect(asked.length).toBeGreaterThan(0);
      expect(new Set(asked.map(({ dn }) => dn))).toEqual(new Set([dnis]));
    }
    running.close();
  });
});
