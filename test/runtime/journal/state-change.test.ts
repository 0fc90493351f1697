import { expect, it } from 'vitest';
import { explain } from '../../../src/runtime/journal/explain.ts';
import { stateChange } from '../../../src/runtime/journal/state-change.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { MINUTE, quietLab50, SECOND } from '../../support/lab50.ts';

it('leads from the state of a process to what made it so', async () => {
  const running = await RunningLab.create(quietLab50());
  const { lab } = running;
  const titleOf = (process: string) => stateChange(running.journal, process)?.title;
  lab.simulation.runUntil(3 * MINUTE);
  expect(titleOf('ra-rtr')).toBe('start');
  expect(titleOf('rb-mds')).toBe('Synchronizer: Connecting -> Paired-Disabled.');
  lab.execute({ verb: 'hang-process', process: 'rb-mds' });
  expect(titleOf('rb-mds')).toBe('command hang-process');
  lab.simulation.runUntil(3 * MINUTE + 10 * SECOND);
  // Side A goes on alone, because side B no longer answers.
  const { seq, title } = stateChange(running.journal, 'ra-mds')!;
  expect(title).toMatch(/^Synchronizer: .* -> Isolated-Enabled\.$/);
  expect(explain(running.journal, seq).chain.length).toBeGreaterThan(1);
  lab.execute({ verb: 'crash-process', process: 'ra-rtr' });
  lab.simulation.step();
  expect(titleOf('ra-rtr')).toMatch(/process exited|crash-process/);
  expect(stateChange(running.journal, 'no such process')).toBeNull();
});
