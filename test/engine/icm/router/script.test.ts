import { describe, expect, it } from 'vitest';
import {
  createRouterState,
  type RouterState,
  RouterTable,
} from '../../../../src/engine/icm/router/router-state.ts';
import {
  queuedCallOf,
  type RoutingMoment,
  runScript,
  treatmentOf,
} from '../../../../src/engine/icm/router/routing.ts';
import {
  checkScriptSource,
  compileScript,
  parseScriptLine,
} from '../../../../src/engine/icm/router/script.ts';

/** A router with two labels and one script. */
function withScript(source: string): { state: RouterState; first: number } {
  const state = createRouterState();
  const labels = new RouterTable(state, 'label');
  for (const text of ['7001', '7002']) labels.setText(labels.add(), 'label', text);
  const scripts = new RouterTable(state, 'script');
  const script = scripts.add();
  scripts.setText(script, 'source', source);
  compileScript(state, script);
  return { state, first: scripts.get(script, 'firstNode') };
}

const TARGETS = { groups: new Set(['G']), labels: new Set(['7001']) };

const at = (clock: string): RoutingMoment => {
  const [hours, minutes] = clock.split(':').map(Number);
  const second = 1_772_409_600 + hours * 3600 + minutes * 60;
  const settings = {
    utcOffsetSeconds: 0,
    reservationSeconds: 10,
    translationSeconds: 10,
    queueSeconds: 300,
  };
  return { order: 1, second, settings };
};

function labelsAt(source: string, clocks: readonly string[]): string[] {
  const { state, first } = withScript(source);
  const dialog = new RouterTable(state, 'routeDialog').add();
  return clocks.map((clock) => runScript(state, dialog, first, at(clock)).label);
}

describe('the script language', () => {
  it('reads a step with its conditions and options', () => {
    expect(parseScriptLine('between 08:00 and 18:00: 30%: queue G H for 60s priority 3')).toEqual({
      conditions: [
        { kind: 'between', from: 480, to: 1080 },
        { kind: 'percent', share: 30 },
      ],
      operation: 'queue',
      targets: ['G', 'H'],
      seconds: 60,
      priority: 3,
      digits: 0,
    });
    expect(parseScriptLine('digits 2#: collect 4 for 10s')).toEqual({
      conditions: [{ kind: 'digits', digits: '2#' }],
      operation: 'collect',
      targets: [],
      seconds: 10,
      priority: 0,
      digits: 4,
    });
    expect(parseScriptLine('digits #: label 7001 # the last key')).toMatchObject({
      conditions: [{ kind: 'digits', digits: '#' }],
      targets: ['7001'],
    });
    expect(parseScriptLine('  # only a comment')).toBeUndefined();
  });

  it.each([
    ['jump 7001', '"jump" is not select, queue, label, play or collect'],
    ['play', 'write an announcement with its length, as "play 8s"'],
    ['play 8', 'write an announcement with its length, as "play 8s"'],
    ['collect 9 for 5s', 'write how many digits, 1 to 8, and how long, as "collect 1 for 6s"'],
    ['select', '"select" needs a target'],
    ['select Nobody', 'there is no skill group "Nobody"'],
    ['label 9999', 'there is no label "9999"'],
    ['queue G for 60', 'write the time as "for 60s" and the priority as "priority 3", 0 to 9'],
    ['queue G priority 12', 'write the time as "for 60s" and the priority as "priority 3", 0 to 9'],
    ['select A B', '"select" takes at most 1 of these: A B'],
    ['130%: label 7001', '130 % is more than all'],
    ['between 25:00 and 26:00: label 7001', '"between 25:00 and 26:00:" names no time of day'],
  ])('says what is wrong with "%s"', (line, sentence) => {
    expect(checkScriptSource(`label 7001\n${line}`, TARGETS)).toEqual([`line 2: ${sentence}`]);
  });

  it('passes over treatments in calls of a network ICM', () => {
    const { state, first } = withScript('play 8s\ncollect 1 for 6s\nlabel 7001');
    const dialogs = new RouterTable(state, 'routeDialog');
    const here = dialogs.add();
    expect(runScript(state, here, first, at('10:00'))).toMatchObject({ waits: true });
    const elsewhere = dialogs.add();
    dialogs.setText(elsewhere, 'device', 'cic');
    expect(runScript(state, elsewhere, first, at('10:00'))).toMatchObject({ label: '7001' });
  });

  it('a call goes on at its line, and keeps its treatment, when its script is changed', () => {
    const { state, first } = withScript('collect 1 for 6s\nlabel 7001');
    const dialog = new RouterTable(state, 'routeDialog').add();
    const before = runScript(state, dialog, first, at('10:00')).treatment;
    const scripts = new RouterTable(state, 'script');
    scripts.setText(1, 'source', 'collect 1 for 6s\nlabel 7002');
    compileScript(state, 1);
    const calls = new RouterTable(state, 'queuedCall');
    const queued = queuedCallOf(state, dialog);
    expect(treatmentOf(state, queued)).toEqual(before);
    const next = calls.get(queued, 'node');
    expect(runScript(state, dialog, next, at('10:01'))).toMatchObject({ label: '7002' });
  });

  it('takes the time of day, over midnight too', () => {
    const day = 'between 08:00 and 18:00: label 7001\nlabel 7002';
    expect(labelsAt(day, ['07:59', '08:00', '17:59', '18:00'])).toEqual([
      '7002',
      '7001',
      '7001',
      '7002',
    ]);
    const night = 'between 20:00 and 06:00: label 7001\nlabel 7002';
    expect(labelsAt(night, ['19:59', '23:00', '05:59', '06:00'])).toEqual([
      '7002',
      '7001',
      '7001',
      '7002',
    ]);
  });

  it('spreads percentages exactly and evenly', () => {
    const clocks = Array.from({ length: 100 }, () => '12:00');
    const labels = labelsAt('30%: label 7001\nlabel 7002', clocks);
    expect(labels.filter((label) => label === '7001').length).toBe(30);
    expect(labels.slice(0, 10).filter((label) => label === '7001').length).toBe(3);
  });

  it('passes over what does not exist, and ends without a label', () => {
    expect(labelsAt('select Nobody\nlabel 7002', ['12:00'])).toEqual(['7002']);
    expect(labelsAt('select Nobody', ['12:00'])).toEqual(['']);
  });
});
