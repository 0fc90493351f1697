import { describe, expect, it } from 'vitest';
import { parseLabLine } from '../../../../src/runtime/lab-console.ts';
import { Desk } from '../../../support/desk.ts';

/** Sequences at telephones that once stopped the lab or left something behind. */

const CALLER = '5550001';

function calls(desk: Desk): string[][] {
  return [...desk.switch.calls.values()].map(({ parties }) =>
    parties.map(({ dn, doing }) => `${dn} ${doing}`),
  );
}

function refusal(desk: Desk, line: string): string {
  const parsed = parseLabLine(line);
  if (parsed.kind !== 'commands') return JSON.stringify(parsed);
  const result = desk.watched.lab.execute(parsed.commands[0] as never);
  return result.ok ? 'ok' : result.error.message;
}

const answered = (desk: Desk) => desk.say(`call 2001 ${CALLER}`, 'phone 2001 answer');

describe('calls at telephones', () => {
  it('a mute transfer to a number outside waits as long as it rings there', () => {
    const desk = new Desk();
    answered(desk);
    desk.say('phone 2001 consult 5551234567', 'phone 2001 complete transfer');
    desk.run(60);
    expect(calls(desk)).toEqual([[`${CALLER} connected`, '5551234567 alerting']]);
    desk.say('outside 5551234567 answer', 'outside 5551234567 hang up');
    expect(calls(desk)).toEqual([]);
    desk.run(5);
    expect(desk.rows('G_CALL_ACTIVE')).toEqual([]);
  });

  it('a consultation within a consultation is completed in the call that took it over', () => {
    const desk = new Desk();
    answered(desk);
    desk.say('phone 2001 consult 2002', 'phone 2002 answer', 'phone 2002 consult 2003');
    desk.say('phone 2003 answer', 'phone 2001 complete transfer', 'phone 2002 complete transfer');
    expect(calls(desk)).toEqual([[`${CALLER} connected`, '2003 connected']]);
    desk.run(40);
    expect([...desk.icon.failures]).toEqual([]);
    desk.say(`outside ${CALLER} hang up`);
    desk.run(3);
    const counts = desk.rows('G_CALL_STAT').map(({ CNT_TRANSFER }) => CNT_TRANSFER);
    expect(counts.sort()).toEqual([0, 0, 2]);
  });

  it('a caller who is transferred into a queue waits there, and overflows from there', () => {
    const desk = new Desk();
    answered(desk);
    desk.say('phone 2001 consult 7001', 'phone 2001 complete transfer');
    expect(calls(desk)).toEqual([[`${CALLER} connected`, '7001 queued']]);
    desk.run(45);
    expect(calls(desk)).toEqual([[`${CALLER} connected`, '7002 queued']]);
  });

  it('a conference needs that who is asked has answered', () => {
    const desk = new Desk();
    answered(desk);
    desk.say('phone 2001 consult 2002');
    expect(refusal(desk, 'phone 2001 complete conference')).toContain('has not been answered yet');
    desk.say('phone 2001 complete transfer');
    expect(refusal(desk, 'phone 2001 complete transfer')).toContain('consults nobody');
  });

  it('of two people outside the one hangs up who does', () => {
    const desk = new Desk();
    answered(desk);
    desk.say('phone 2001 consult 5551234567', 'outside 5551234567 answer');
    desk.say('phone 2001 complete conference', 'outside 5551234567 hang up');
    expect(calls(desk)).toEqual([[`${CALLER} connected`, '2001 connected']]);
  });

  it('who calls a telephone that is taken leaves nothing behind', () => {
    const desk = new Desk();
    desk.say('phone 2001 dial 2002', `call 2001 ${CALLER}`);
    expect(calls(desk)).toHaveLength(1);
    expect(refusal(desk, `outside ${CALLER} hang up`)).toContain('Nobody outside');
  });

  it('a third one who does not answer, or passes on, leaves the others their conversation', () => {
    const desk = new Desk();
    answered(desk);
    desk.say('phone 2001 conference with 2002');
    desk.run(35);
    expect(calls(desk)).toEqual([[`${CALLER} connected`, '2001 connected']]);
    desk.say('phone 2003 dial 2004', 'phone 2001 conference with 2002', 'phone 2002 redirect 2004');
    expect(calls(desk)).toContainEqual([`${CALLER} connected`, '2001 connected']);
  });

  it('a telephone out of service ends its calls and no one else’s conversation', () => {
    const desk = new Desk();
    answered(desk);
    desk.say('phone 2001 consult 2002', 'phone 2002 answer', 'phone 2001 complete conference');
    desk.say('phone 2001 out of service');
    expect(calls(desk)).toEqual([[`${CALLER} connected`, '2002 connected']]);
    desk.say('phone 2001 back in service');
    expect(desk.events().filter((event) => event.startsWith('DN'))).toEqual([
      'DNOutOfService 2001',
      'DNBackInService 2001',
    ]);
  });

  it('an agent who is free again gets what waits', () => {
    const desk = new Desk();
    desk.say('phone 2001 login 4001', 'phone 2001 ready', 'phone 2003 dial 2001');
    desk.say(`call 7001 ${CALLER}`, 'phone 2001 redirect 2004');
    expect(calls(desk)).toContainEqual([`${CALLER} dialing`, '2001 alerting']);
  });

  it('nobody outside has a number of the lab', () => {
    const desk = new Desk();
    for (const line of ['call 7001 7001', 'call 2002 2001', 'call 8001 8911']) {
      expect(refusal(desk, line)).toContain('is a number of this lab');
    }
  });

  it('an agent whose call is routed to another site is off the telephone', () => {
    const desk = new Desk({ routers: true });
    desk.say('phone 2001 login 4001', 'phone 2001 ready', 'phone 3001 login 6001');
    desk.say('phone 3001 ready', 'phone 2001 dial 8002');
    desk.run(3);
    expect(desk.switch.calls.size).toBe(0);
    expect(desk.switch.extensions.get('2001')!.calls).toEqual([]);
    expect(desk.icon.sessions.get('2001')!.calls).toEqual([]);
    expect(desk.events()).toContain('Released 2001');
  });
});

describe('links that were lost', () => {
  const cut = (desk: Desk, one: string, other: string, verb: 'cut' | 'repair' = 'cut') => {
    desk.do({ verb, network: 'public', from: one, to: other });
    desk.do({ verb, network: 'public', from: other, to: one });
  };

  it('T-Server and switch: parties are not doubled, those who left meanwhile are gone', () => {
    const desk = new Desk();
    answered(desk);
    desk.say('phone 2001 consult 2002', 'phone 2002 answer');
    cut(desk, 'ts-east', 'sw-east');
    desk.run(60);
    desk.say('phone 2002 hang up');
    cut(desk, 'ts-east', 'sw-east', 'repair');
    desk.run(60);
    expect(desk.rows('G_PARTY').filter(({ STATE }) => STATE !== 0)).toHaveLength(2);
    expect(desk.rows('G_CALL').map(({ STATE }) => STATE)).toEqual([1, 2]);
    desk.say(`outside ${CALLER} hang up`);
    desk.run(5);
    expect(desk.rows('G_CALL').map(({ STATE }) => STATE)).toEqual([2, 2]);
  });

  it('a switch that was restarted has nobody logged in, and T-Server and ICON know it', () => {
    const desk = new Desk();
    desk.say('phone 2001 login 4001', 'phone 2001 ready');
    desk.do({ verb: 'crash-process', process: 'sw-east' });
    desk.do({ verb: 'start-process', process: 'sw-east' });
    desk.run(30);
    expect([...desk.tServer.agents]).toEqual([]);
    expect(desk.icon.sessions.size).toBe(0);
    desk.say('phone 2001 login 4001');
    desk.run(3);
    expect(desk.rows('G_LOGIN_SESSION').map(({ STATE }) => STATE)).toEqual([2, 1]);
  });

  it('ICON and T-Server: an agent whose call ended meanwhile is not busy for ever', () => {
    const desk = new Desk();
    desk.say('phone 2001 login 4001', 'phone 2001 ready', `call 7001 ${CALLER}`);
    desk.say('phone 2001 answer');
    cut(desk, 'icon', 'ts-east');
    desk.run(60);
    desk.say('phone 2001 hang up');
    cut(desk, 'icon', 'ts-east', 'repair');
    desk.run(60);
    expect(desk.icon.sessions.get('2001')!.calls).toEqual([]);
    expect(desk.icon.sessions.get('2001')!.state).toBe(2);
  });

  it('ICON that is restarted goes on with the login sessions of its file', () => {
    const desk = new Desk();
    desk.say('phone 2001 login 4001', 'phone 2001 ready');
    desk.run(5);
    const [before] = desk.rows('G_LOGIN_SESSION');
    desk.do({ verb: 'crash-process', process: 'icon1' });
    desk.do({ verb: 'start-process', process: 'icon1' });
    desk.run(20);
    expect(desk.rows('G_LOGIN_SESSION')).toEqual([before]);
    desk.say('phone 2001 not ready', 'phone 2001 logout');
    desk.run(5);
    expect(desk.rows('G_LOGIN_SESSION').map(({ STATE }) => STATE)).toEqual([2]);
  });

  it('without the file a session is stuck; with it, it ends with the restart', () => {
    const desk = new Desk();
    desk.say('phone 2001 login 4001', 'phone 2002 login 4002');
    desk.run(5);
    desk.do({ verb: 'stop-process', process: 'icon1' });
    desk.say('phone 2001 logout');
    desk.do({ verb: 'start-process', process: 'icon1' });
    desk.run(20);
    expect(desk.rows('G_LOGIN_SESSION').map(({ STATE }) => STATE)).toEqual([2, 1]);
    desk.do({ verb: 'stop-process', process: 'icon1' });
    desk.do({ verb: 'delete-file', host: 'icon', path: 'apstorage.db' });
    desk.say('phone 2002 logout');
    desk.do({ verb: 'start-process', process: 'icon1' });
    desk.run(20);
    expect(desk.rows('G_LOGIN_SESSION').map(({ STATE }) => STATE)).toEqual([2, 1]);
  });
});

describe('agents who act by themselves', () => {
  it('one who has missed a call is ready again after a while', () => {
    const { traffic, agents } = new Desk().watched.lab.definition;
    const slow = new Desk(
      {},
      {
        agents: agents.filter(({ employeeId }) => employeeId === 'E1'),
        traffic: {
          ...traffic,
          agentsBy: 'themselves',
          callsPerHour: traffic.callsPerHour.map(() => 0),
          meanAnswerSeconds: 100_000,
          meanPatienceSeconds: 100_000,
        },
      },
    );
    slow.run(60);
    slow.say(`call 7001 ${CALLER}`);
    slow.run(32);
    expect(slow.switch.extensions.get('2001')!.state).toBe('not ready');
    slow.say(`outside ${CALLER} hang up`);
    slow.run(600);
    expect(slow.switch.extensions.get('2001')!.state).toBe('ready');
  });

  it('one who is alone at a site asks nobody', () => {
    const desk = new Desk();
    const { traffic, agents } = desk.watched.lab.definition;
    const alone = new Desk(
      {},
      {
        agents: agents.filter(({ employeeId }) => ['E1', 'W1'].includes(employeeId)),
        traffic: {
          ...traffic,
          agentsBy: 'themselves',
          callsPerHour: traffic.callsPerHour.map(() => 60),
          meanTalkSeconds: 20,
          transferShare: 1,
        },
      },
    );
    alone.run(1200);
    expect(alone.rows('G_CALL').length).toBeGreaterThan(5);
  });
});
