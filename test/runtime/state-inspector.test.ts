import { expect, it } from 'vitest';
import { Lab } from '../../src/engine/lab/lab.ts';
import { StateInspector } from '../../src/runtime/state-inspector.ts';
import { lab50, MINUTE } from '../support/lab50.ts';

const SILENT = { onEvent() {}, onLogLine() {}, onOutput() {} };
const NONE = { added: 0, removed: 0, changed: 0, unusedWords: 0 };

it('counts what differs between the sides, and on each since the mark', () => {
  const lab = Lab.create(lab50(), SILENT);
  lab.simulation.runUntil(4 * MINUTE);
  const inspector = new StateInspector(lab);
  inspector.setMark();
  for (const { difference, sinceMark } of inspector.report().tables) {
    expect([difference, sinceMark.A, sinceMark.B]).toEqual([NONE, NONE, NONE]);
  }
  lab.execute({ verb: 'corrupt-state', side: 'A' });
  const spoilt = inspector.report().tables.filter(({ difference }) => difference?.changed);
  expect(spoilt).toHaveLength(1);
  expect(spoilt[0].sinceMark).toEqual({ A: { ...NONE, changed: 1 }, B: NONE });
  expect(inspector.differences(spoilt[0].name, 'sides')).toHaveLength(1);
});
