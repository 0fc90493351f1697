import { describe, expect, it } from 'vitest';
import type { LabDefinition } from '../../../../src/engine/lab/definition.ts';
import type { OutboundState } from '../../../../src/engine/telephony/outbound/outbound-state.ts';
import { CALL_STATE } from '../../../../src/engine/telephony/t-library.ts';
import { Desk, shippedLab } from '../../../support/desk.ts';

const CAMPAIGN = 'Renewals_2026';

function channels(options: Record<string, string> = {}, change: Partial<LabDefinition> = {}): Desk {
  return new Desk({ lab: 'channels', options }, change);
}

function ocs(desk: Desk): OutboundState {
  return desk.watched.lab.stateOf<OutboundState>('ocs')!;
}

function logIn(desk: Desk, ...pairs: [string, string][]): void {
  for (const [extension, login] of pairs) {
    desk.say(`phone ${extension} login ${login}`, `phone ${extension} ready`);
  }
}

const dialed = (desk: Desk) => desk.messages('RequestMakePredictiveCall').length;

/** Agents who work by themselves, with a long list. */
function automatic(mode: 'predictive' | 'progressive' | 'preview', startSeconds = 30) {
  const definition = shippedLab('channels');
  const [first, second] = definition.outbound!.campaigns;
  const list = { ...first.list, contacts: [], generated: 400 };
  const campaign = { ...first, mode, startSeconds, list, attempts: 2, retrySeconds: 120 };
  const traffic = { ...definition.traffic, agentsBy: 'themselves' as const, meanTalkSeconds: 20 };
  return {
    traffic: { ...traffic, meanAfterCallSeconds: 5, callsPerHour: Array(24).fill(0) },
    outbound: { ...definition.outbound!, campaigns: [campaign, second] },
  };
}

describe('dialing', () => {
  it('calls nobody before an agent is ready, and one number for each agent who is', () => {
    const desk = channels();
    desk.say(`campaign ${CAMPAIGN} load`, `campaign ${CAMPAIGN} start`);
    desk.run(5);
    expect(dialed(desk)).toBe(0);
    logIn(desk, ['2001', '4001']);
    desk.run(5);
    expect(dialed(desk)).toBe(1);
    logIn(desk, ['2002', '4002']);
    desk.run(5);
    expect(dialed(desk)).toBe(2);
  });

  it('gives up a number that rings too long, and tries it again when it is due', () => {
    const desk = channels();
    logIn(desk, ['2001', '4001']);
    desk.say(`campaign ${CAMPAIGN} load`, `campaign ${CAMPAIGN} start`);
    desk.run(2);
    desk.say(`campaign ${CAMPAIGN} stop`);
    desk.run(25);
    expect(desk.cells('GO_RECORD', 'PHONE', 'CALLRESULT')).toEqual([
      ['5550101', CALL_STATE.noAnswer],
    ]);
    const chain = ocs(desk).campaigns.get(CAMPAIGN)!.list.get(1)!;
    expect([chain.status, chain.attempts]).toEqual([1, 1]);
    expect(chain.dueSeconds).toBeGreaterThan(0);
  });

  it('ends every contact with a result, and none is called more often than it may be', () => {
    const change = automatic('predictive');
    const desk = channels({}, change);
    desk.run(3600);
    const { list } = ocs(desk).campaigns.get(CAMPAIGN)!;
    const tried = [...list.values()].filter(({ result }) => result > 0);
    expect(tried.length).toBeGreaterThan(100);
    for (const { attempts } of list.values()) expect(attempts).toBeLessThanOrEqual(2);
    const results = new Set(desk.cells('GO_RECORD', 'CALLRESULT').flat());
    const { answer, busy, noAnswer, answeringMachine } = CALL_STATE;
    expect([...results]).toEqual(
      expect.arrayContaining([answer, busy, noAnswer, answeringMachine]),
    );
    // Each attempt has a call of its own, and each call one attempt.
    const calls = desk.cells('GOX_CHAIN_CALL', 'CALLID').flat();
    expect(new Set(calls).size).toBe(calls.length);
    expect(desk.rows('GO_RECORD').length).toBeGreaterThanOrEqual(calls.length - 4);
  });

  it('works with records that agents ask for, one after the other', () => {
    const desk = channels({}, automatic('preview'));
    desk.run(1800);
    expect(dialed(desk)).toBe(0);
    expect(desk.rows('GOX_CHAIN_CALL').length).toBeGreaterThan(30);
    expect(desk.rows('G_VIRTUAL_QUEUE')).toEqual([]);
  });

  it('predictive dialing keeps more calls in the air than progressive', () => {
    const [predictive, progressive] = (['predictive', 'progressive'] as const).map((mode) => {
      const desk = channels({}, automatic(mode));
      desk.run(1800);
      return dialed(desk);
    });
    expect(predictive).toBeGreaterThan(progressive * 1.05);
  });
});

describe('a server that dies', () => {
  it('OCS: the list keeps what was done; ICON ends what OCS does not know any more', () => {
    const desk = channels();
    logIn(desk, ['2001', '4001']);
    desk.say(`campaign ${CAMPAIGN} load`, `campaign ${CAMPAIGN} start`);
    desk.run(2);
    desk.say('outside 5550101 unknown');
    desk.do({ verb: 'crash-process', process: 'ocs' });
    desk.run(3);
    desk.do({ verb: 'start-process', process: 'ocs' });
    desk.run(10);
    expect(desk.cells('GO_CAMPAIGN', 'STATE')).toEqual([[0]]);
    expect(desk.cells('GO_CHAIN', 'STATE').flat()).toEqual(desk.rows('GO_CHAIN').map(() => 0));
    const { list } = ocs(desk).campaigns.get(CAMPAIGN)!;
    expect(list.get(1)!.result).toBe(CALL_STATE.sitInvalidNumber);
    // What had been retrieved when it died is ready again.
    expect([...list.values()].map(({ status }) => status)).toEqual([3, 1, 1, 1, 1]);
  });

  it('T-Server: attempts that nobody tells of any more end with an error', () => {
    const desk = channels();
    logIn(desk, ['2001', '4001']);
    desk.say(`campaign ${CAMPAIGN} load`, `campaign ${CAMPAIGN} start`);
    desk.run(2);
    desk.do({ verb: 'crash-process', process: 'ts-main' });
    desk.run(20);
    expect(desk.cells('GO_RECORD', 'CALLRESULT')[0]).toEqual([CALL_STATE.systemError]);
    desk.do({ verb: 'start-process', process: 'ts-main' });
    desk.run(60);
    // Its clients are back, and the agent who is still logged in gets a call.
    expect(dialed(desk)).toBeGreaterThan(1);
  });
});

describe('ICON', () => {
  it('connects with OCS for role gos only', () => {
    for (const [roles, rows] of [
      [['gos'], 5],
      [['gcc'], 0],
    ] as const) {
      const { icon } = shippedLab('channels');
      const desk = channels({}, { icon: { ...icon, roles: [...roles] } });
      logIn(desk, ['2001', '4001']);
      desk.say(`campaign ${CAMPAIGN} load`);
      desk.run(3);
      expect(desk.rows('GO_CHAIN').length).toBe(rows === 0 ? 0 : 4);
      expect(desk.rows('G_CALL')).toEqual([]);
    }
  });

  it.each([
    ['0', 1],
    ['1', 2],
  ])('writes repeated metrics with gos-write-duplicate-metrics %s', (value, count) => {
    const desk = channels({ 'gos-write-duplicate-metrics': value });
    desk.say(`campaign ${CAMPAIGN} load`);
    desk.do({ verb: 'cut', network: 'public', from: 'icon', to: 'ocs' });
    desk.do({ verb: 'cut', network: 'public', from: 'ocs', to: 'icon' });
    desk.run(60);
    desk.do({ verb: 'repair', network: 'public', from: 'icon', to: 'ocs' });
    desk.do({ verb: 'repair', network: 'public', from: 'ocs', to: 'icon' });
    desk.run(60);
    expect(desk.cells('GO_METRICS', 'METRICID').filter(([id]) => id === 1)).toHaveLength(count);
    expect(desk.cells('GO_CAMPAIGN', 'STATE')).toEqual([[1]]);
  });
});

describe('what cannot be done now', () => {
  it.each([
    ['campaign Nobody start', 'There is no campaign "Nobody".'],
    [`campaign ${CAMPAIGN} start`, `Campaign ${CAMPAIGN} is not loaded: it cannot start now.`],
    ['record 2002 preview', 'Extension 2002 has nobody logged in.'],
    ['record 2001 preview', 'No campaign of extension 2001 is started in preview mode.'],
    ['record 2001 cancel', 'Extension 2001 has no record before it.'],
    ['record 9999 preview', 'Extension 9999 works for no campaign.'],
  ])('%s', (line, message) => {
    const desk = channels();
    logIn(desk, ['2001', '4001']);
    expect(() => desk.sayNow(line)).toThrow(message);
  });

  it('says so in a lab without campaigns', () => {
    const desk = new Desk();
    expect(() => desk.sayNow('campaign X load')).toThrow('has no Outbound Contact Server');
  });
});

describe('calls that go their own way', () => {
  function connected(): Desk {
    const desk = channels();
    logIn(desk, ['2001', '4001'], ['2002', '4002']);
    desk.say(`campaign ${CAMPAIGN} mode progressive`, `campaign ${CAMPAIGN} load`);
    desk.say('phone 2002 not ready', `campaign ${CAMPAIGN} start`);
    desk.run(2);
    desk.say('outside 5550101 answer', 'phone 2001 answer', `campaign ${CAMPAIGN} stop`);
    desk.run(2);
    return desk;
  }

  it('a consultation is no attempt of its own', () => {
    const desk = connected();
    desk.say('phone 2001 consult 2002', 'phone 2002 answer', 'phone 2002 hang up');
    expect(desk.rows('GOX_CHAIN_CALL')).toHaveLength(1);
    expect(desk.rows('GO_RECORD')).toHaveLength(0);
    desk.say('phone 2001 retrieve', 'phone 2001 hang up');
    desk.run(2);
    expect(desk.cells('GO_RECORD', 'CALLRESULT', 'RECORDSTATUS')).toEqual([[CALL_STATE.answer, 3]]);
  });

  it('a colleague who was given a call is free again when it is over', () => {
    const desk = connected();
    desk.say('phone 2001 consult 2002', 'phone 2002 answer', 'phone 2001 complete transfer');
    desk.say('phone 2002 hang up');
    desk.run(2);
    expect([...ocs(desk).agents.get('2002')!.calls]).toEqual([]);
    expect(ocs(desk).calls.size).toBe(0);
  });

  it('a call that the switch loses ends its attempt', () => {
    const desk = connected();
    desk.do({ verb: 'crash-process', process: 'sw-main' });
    desk.do({ verb: 'start-process', process: 'sw-main' });
    desk.run(30);
    expect(desk.cells('GO_RECORD', 'CALLRESULT')).toEqual([[CALL_STATE.answer]]);
    expect(ocs(desk).calls.size).toBe(0);
    expect([...ocs(desk).chains.values()].some(({ attempt }) => attempt !== null)).toBe(false);
  });

  it('whoever shall not be called is not called back, whatever was promised before', () => {
    const desk = connected();
    desk.say('record 2001 reschedule 3', 'record 2001 do not call', 'phone 2001 hang up');
    desk.run(2);
    expect(ocs(desk).campaigns.get(CAMPAIGN)!.list.get(1)).toMatchObject({ status: 3, type: 7 });
  });

  it('a record before an agent who logs out goes to another', () => {
    const desk = channels();
    logIn(desk, ['2003', '4003'], ['2004', '4004']);
    desk.say('campaign Winback load', 'campaign Winback start', 'record 2003 preview');
    desk.say('phone 2003 logout', 'record 2004 preview', 'phone 2004 dial 5550201');
    desk.run(2);
    expect(desk.rows('GOX_CHAIN_CALL')).toHaveLength(1);
  });

  it('events without data, and a hung OCS, stop nothing', () => {
    const desk = channels();
    logIn(desk, ['2003', '4003']);
    desk.say('campaign Winback load', 'campaign Winback start');
    const lost = { verb: 'distort-events', process: 'ts-main', event: 'EventUserEvent' } as const;
    desk.do({ ...lost, omit: 'UserData', count: 2 });
    desk.say('record 2003 preview');
    desk.do({ verb: 'hang-process', process: 'ocs' });
    expect(() => desk.sayNow('campaign Winback stop')).toThrow('hangs');
  });
});
