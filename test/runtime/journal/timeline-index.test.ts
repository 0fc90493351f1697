import { describe, expect, it } from 'vitest';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

describe('marks of the time line', () => {
  it('are commands, faults and logged events, each with its event of the journal', async () => {
    const running = await RunningLab.create(lab50());
    const { lab } = running;
    lab.simulation.runUntil(3 * MINUTE);
    lab.execute({ verb: 'place-call', dialedNumber: '8001', ani: '5550100' });
    lab.execute({ verb: 'crash-process', process: 'rb-rtr' });
    lab.simulation.runUntil(3.2 * MINUTE);
    const marks = running.history.timeline.list();
    const texts = marks.map(({ kind, text }) => `${kind} ${text}`);
    expect(texts).toContain('command place call 8001 5550100');
    expect(texts).toContain('fault crash-process rb-rtr');
    expect(texts.some((text) => /^event \w+ rb-/.test(text))).toBe(true);
    for (const { seq } of marks) expect(running.journal.bySeq(seq)).toBeDefined();
    expect(marks.map(({ us }) => us)).toEqual(marks.map(({ us }) => us).toSorted((a, b) => a - b));
    running.close();
  });

  it('are thinned out when there are too many, faults last', async () => {
    const running = await RunningLab.create(lab50());
    const { timeline } = running.history;
    const line = {
      atUs: 1,
      cause: 1,
      event: 'X',
      process: 'p',
      severity: 'warn',
      text: '',
    } as const;
    running.lab.execute({ verb: 'cut', network: 'private', from: 'cca', to: 'ccb' });
    for (let at = 0; at < 5000; at++) timeline.onLogLine(line);
    expect(timeline.list().length).toBeLessThanOrEqual(3000);
    expect(timeline.list()[0].kind).toBe('fault');
    running.close();
  });
});
