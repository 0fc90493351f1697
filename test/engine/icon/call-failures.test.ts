import { describe, expect, it } from 'vitest';
import { Desk } from '../../support/desk.ts';

/** Source: Call-Processing Errors Leading to Alarms. */

const ALARM = '09-20039';

function withAlarm(level = '2'): Desk {
  return new Desk({ options: { 'log-call-failure': level } });
}

function alarms(desk: Desk): string[] {
  return desk.watched.lines.filter(({ event }) => event === ALARM).map(({ text }) => text);
}

function lose(desk: Desk, event: string, omit?: string, count = 1): void {
  desk.do({ verb: 'distort-events', process: 'ts-east', event, count, ...(omit && { omit }) });
}

const states = (desk: Desk) => desk.rows('G_CALL').map(({ STATE }) => STATE);

describe('calls that cannot be processed', () => {
  it('failed call match: no DN event follows; nothing is written, the record is destroyed', () => {
    const desk = withAlarm();
    for (const event of ['EventDialing', 'EventRinging', 'EventDestinationBusy']) lose(desk, event);
    desk.say('phone 2001 dial 2002');
    expect(desk.icon.calls.size).toBe(1);
    desk.run(40);
    expect(desk.icon.calls.size).toBe(0);
    expect(alarms(desk)[0]).toMatch(/failed call match/);
    desk.say('phone 2002 answer', 'phone 2001 hang up');
    desk.run(5);
    expect(desk.rows('G_CALL')).toEqual([]);
    expect(desk.rows('G_PARTY')).toEqual([]);
  });

  it('an EventCallDeleted ends a call that never matched in silence', () => {
    const desk = withAlarm();
    for (const event of ['EventDialing', 'EventRinging', 'EventReleased', 'EventAbandoned']) {
      lose(desk, event, undefined, 3);
    }
    desk.say('phone 2001 dial 2002', 'phone 2001 hang up');
    desk.run(60);
    expect(alarms(desk)).toEqual([]);
    expect(desk.rows('G_CALL')).toEqual([]);
  });

  it('not restored after reconnection: ten minutes after the last registration', () => {
    const desk = withAlarm();
    desk.say('phone 2001 dial 2002', 'phone 2002 answer');
    desk.do({ verb: 'stop-process', process: 'ts-east' });
    desk.run(5);
    desk.do({ verb: 'start-process', process: 'ts-east' });
    desk.run(590);
    expect(states(desk)).toEqual([1, 1]);
    desk.run(30);
    // The restarted T-Server has given the call another CallUUID; the old one is not known to it.
    expect(alarms(desk)).toHaveLength(1);
    expect(alarms(desk)[0]).toMatch(/not restored after reconnection/);
    expect(states(desk)).toEqual([2, 1]);
    expect(desk.rows('G_IR')[0]['GSYS_EXT_VCH2']).toBe('LOW:stuck');
  });

  it('another disconnection sets the timer anew', () => {
    const desk = withAlarm();
    desk.say('phone 2001 dial 2002', 'phone 2002 answer');
    desk.do({ verb: 'stop-process', process: 'ts-east' });
    desk.run(5);
    desk.do({ verb: 'start-process', process: 'ts-east' });
    desk.run(500);
    const [from, to] = ['icon', 'ts-east'];
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      desk.do({ verb: 'cut', network: 'public', from: one, to: other });
    }
    desk.run(30);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      desk.do({ verb: 'repair', network: 'public', from: one, to: other });
    }
    desk.run(300);
    expect(alarms(desk)).toEqual([]);
    desk.run(400);
    expect(alarms(desk)).toHaveLength(1);
  });

  it('AttributeThisDN is missing', () => {
    const desk = withAlarm();
    lose(desk, 'EventEstablished', 'ThisDN');
    desk.say('phone 2001 dial 2002', 'phone 2002 answer', 'phone 2001 hang up');
    expect(alarms(desk)).toEqual([expect.stringMatching(/AttributeThisDN is missing/)]);
  });

  it('AttributeRefConnID is missing', () => {
    const desk = withAlarm();
    lose(desk, 'EventCallPartyMoved', 'RefConnID');
    const lines = ['phone 2003 dial 2001', 'phone 2001 answer', 'phone 2001 consult 2002'];
    desk.say(...lines, 'phone 2002 answer', 'phone 2001 complete transfer');
    expect(alarms(desk)).toEqual([expect.stringMatching(/AttributeRefConnID is missing/)]);
  });

  it('a call that was not found', () => {
    const desk = withAlarm();
    lose(desk, 'EventCallCreated');
    desk.say('phone 2001 dial 2002', 'phone 2001 hang up');
    desk.run(5);
    expect(alarms(desk).length).toBeGreaterThan(0);
    expect(alarms(desk)[0]).toMatch(/call was not found/);
    expect(desk.rows('G_CALL')).toEqual([]);
  });

  it('a state machine that cannot go on: an event of a party that never came in', () => {
    const desk = withAlarm();
    lose(desk, 'EventCallPartyAdded', undefined, 2);
    desk.say('phone 2001 dial 2002', 'phone 2002 answer', 'phone 2001 hang up');
    desk.run(5);
    expect(alarms(desk)[0]).toMatch(/state machine transition failed/);
    expect(states(desk)).toEqual([2]);
  });

  it.each([
    ['single-step transfer', ['phone 2001 transfer to 2002'], 'EventCallPartyAdded'],
    ['redirect', ['phone 2001 hang up', 'phone 2003 dial 2001', 'phone 2001 redirect 2002'], ''],
  ])('a %s that is not completed: history type 4 and the alarm', (kind, lines) => {
    const desk = withAlarm();
    desk.say('phone 2003 dial 2001', 'phone 2001 answer', ...lines.slice(0, -1));
    lose(desk, 'EventCallPartyAdded');
    desk.say(lines.at(-1)!);
    desk.run(40);
    expect(alarms(desk)).toContainEqual(expect.stringContaining(`${kind} was not completed`));
    const changes = desk.rows('G_CALL_HISTORY').map(({ CHANGETYPE }) => CHANGETYPE);
    expect(changes).toContain(4);
  });

  it.each([
    ['two-step transfer', 'phone 2001 complete transfer'],
    ['conference', 'phone 2001 complete conference'],
  ])('a %s that is not completed', (kind, line) => {
    const desk = withAlarm();
    const lines = ['phone 2003 dial 2001', 'phone 2001 answer', 'phone 2001 consult 2002'];
    desk.say(...lines, 'phone 2002 answer');
    lose(desk, 'EventCallPartyMoved');
    lose(desk, 'EventCallDeleted');
    desk.say(line);
    desk.run(40);
    expect(alarms(desk)).toContainEqual(expect.stringContaining(`${kind} was not completed`));
  });
});

describe('log-call-failure', () => {
  function twoFailures(level: string): Desk {
    const desk = withAlarm(level);
    for (let i = 0; i < 2; i++) {
      lose(desk, 'EventEstablished', 'ThisDN');
      desk.say('phone 2001 dial 2002', 'phone 2002 answer', 'phone 2001 hang up');
      desk.run(60);
    }
    return desk;
  }

  it('0: never', () => expect(alarms(twoFailures('0'))).toEqual([]));

  it('1: once in 30 minutes at most', () => {
    const desk = twoFailures('1');
    expect(alarms(desk)).toHaveLength(1);
    desk.run(1800);
    lose(desk, 'EventEstablished', 'ThisDN');
    desk.say('phone 2001 dial 2002', 'phone 2002 answer', 'phone 2001 hang up');
    expect(alarms(desk)).toHaveLength(2);
  });

  it('2: for each call', () => expect(alarms(twoFailures('2'))).toHaveLength(2));

  it('it is obeyed at once', () => {
    const desk = twoFailures('0');
    desk.do({
      verb: 'update-object',
      object: {
        ...desk.application('ICON1'),
        options: { callconcentrator: { 'log-call-failure': '2' } },
      },
    });
    desk.run(5);
    lose(desk, 'EventEstablished', 'ThisDN');
    desk.say('phone 2001 dial 2002', 'phone 2002 answer', 'phone 2001 hang up');
    expect(alarms(desk)).toHaveLength(1);
  });
});
