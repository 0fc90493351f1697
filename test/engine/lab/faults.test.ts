import { expect, it } from 'vitest';
import { Lab } from '../../../src/engine/lab/lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

it('a record that is yet to be damaged is a fault that can be taken back', () => {
  const lab = Lab.create(lab50(), { onEvent() {}, onLogLine() {}, onOutput() {} });
  lab.simulation.runUntil(3 * MINUTE);
  const damage = { verb: 'corrupt-record', side: 'A', client: 'rtr' } as const;
  expect(lab.execute(damage).ok).toBe(true);
  expect(lab.faults()).toEqual([
    {
      kind: 'damaged record',
      where: 'ra-mds',
      text: 'damages the next state record of rtr that it passes on',
      client: 'rtr',
    },
  ]);
  expect(lab.execute({ ...damage, count: 0 }).ok).toBe(true);
  expect(lab.faults()).toEqual([]);
  // What was taken back damages nothing.
  lab.execute({ verb: 'stop-side', side: 'B' });
  lab.simulation.runUntil(4 * MINUTE);
  lab.execute({ verb: 'start-side', side: 'B' });
  lab.simulation.runUntil(5 * MINUTE);
  expect(lab.simulation.process('rb-rtr').running).toBe(true);
  expect(lab.simulation.process('rb-rtr').incarnation).toBe(2);
});

it('a link that is cut and slow has two faults: mending the one leaves the other', () => {
  const lab = Lab.create(lab50(), { onEvent() {}, onLogLine() {}, onOutput() {} });
  const link = { network: 'private', from: 'cca', to: 'ccb' } as const;
  expect(lab.execute({ verb: 'set-link', ...link, delayUs: 250_000 }).ok).toBe(true);
  expect(lab.execute({ verb: 'cut', ...link }).ok).toBe(true);
  const where = 'private cca > ccb';
  const slow = { kind: 'changed link', where, text: 'delay 250 ms' };
  expect(lab.faults()).toEqual([{ kind: 'cut', where, text: 'link is cut' }, slow]);
  expect(lab.execute({ verb: 'repair', ...link }).ok).toBe(true);
  expect(lab.faults()).toEqual([slow]);
});
