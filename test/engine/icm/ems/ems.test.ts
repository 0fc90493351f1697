import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AlarmList } from '../../../../src/engine/icm/ems/alarms.ts';
import { EMS, type EmsEvent, emsText } from '../../../../src/engine/icm/ems/catalogue.ts';
import type { LogLine } from '../../../../src/engine/kernel/journal.ts';
import { programRoot } from '../../../../src/runtime/program-root.ts';

const events: readonly EmsEvent[] = Object.values(EMS);

function line(event: EmsEvent, values: (string | number)[], process = 'ra-mds'): LogLine {
  const { severity, id } = event;
  return { cause: 1, atUs: 5, process, severity, text: emsText(event, values), event: id };
}

describe('EMS events', () => {
  it('carry ids that docs/fidelity knows', () => {
    const facts = readFileSync(join(programRoot(), 'docs/fidelity/icm.md'), 'utf8');
    for (const { id } of events) expect(facts, id).toContain(id);
  });

  it('whatever is raised can be cleared', () => {
    const cleared = new Set(events.flatMap(({ clears }) => clears ?? []));
    const open = events.filter(({ type, id }) => type === 'raise' && !cleared.has(id));
    expect(open.map(({ id }) => id)).toEqual([]);
  });

  it('an alarm lasts from raise to clear, for the thing that it names', () => {
    const alarms = new AlarmList();
    alarms.onLine(line(EMS.deviceDisconnected, ['PG1A'], 'ra-ccag'));
    alarms.onLine(line(EMS.deviceDisconnected, ['PG2A'], 'ra-ccag'));
    alarms.onLine(line(EMS.deviceDisconnected, ['PG2A'], 'ra-ccag'));
    expect(alarms.list().map(({ about }) => about)).toEqual(['PG1A', 'PG2A']);
    alarms.onLine(line(EMS.streamInitializing, ['PG1A'], 'ra-ccag'));
    expect(alarms.list().map(({ about }) => about)).toEqual(['PG2A']);
    alarms.onLine(line(EMS.peerEstablished, []));
    expect(alarms.list().length).toBe(1);
    for (let time = 0; time < 2; time++) alarms.onLine(line(EMS.outOfSync, [], 'ra-rtr'));
    expect(alarms.list().map(({ id, single }) => [id, single])).toEqual([
      ['10F8008', false],
      ['105023C', true],
    ]);
  });
});
