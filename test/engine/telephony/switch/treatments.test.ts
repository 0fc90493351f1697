import { describe, expect, it } from 'vitest';
import type { LabDefinition } from '../../../../src/engine/lab/definition.ts';
import { Desk, shippedLab } from '../../../support/desk.ts';

const CALLER = '5550100';

/** The desk whose calls to 8001 run this script. */
function deskWith(steps: string, traffic: Partial<LabDefinition['traffic']> = {}): Desk {
  const definition = shippedLab('desk');
  const scripts = definition.scripts.map((script) =>
    script.name === 'Sales' ? { ...script, steps } : script,
  );
  const change = { scripts, traffic: { ...definition.traffic, ...traffic } };
  return new Desk({ routers: true }, change);
}

const treatments = (desk: Desk) => desk.messages('EventTreatmentEnd').map(({ message }) => message);
const targets = (desk: Desk) =>
  desk.messages('EventRouteUsed').map(({ message }) => message['ThirdPartyDN']);

describe('treatments at a routing point', () => {
  it('an announcement is heard to its end, then the script goes on', () => {
    const desk = deskWith('play 4s\nlabel 7001');
    desk.say(`call 8001 ${CALLER}`);
    desk.run(2);
    expect(desk.events()).toContain('TreatmentApplied 8001');
    expect(desk.events()).not.toContain('TreatmentEnd 8001');
    desk.run(3);
    expect(treatments(desk)).toMatchObject([{ TreatmentType: 7, ThisDN: '8001' }]);
    expect(targets(desk)).toEqual(['7001']);
  });

  it('digits come one by one; more than are asked for are not heard', () => {
    const desk = deskWith('collect 2 for 20s\ndigits 12: label 7001\nlabel 7002');
    desk.say(`call 8001 ${CALLER}`, `outside ${CALLER} press 1`);
    expect(treatments(desk)).toEqual([]);
    desk.say(`outside ${CALLER} press 234`);
    const [ended] = treatments(desk);
    expect(ended).toMatchObject({ TreatmentType: 6, CollectedDigits: '12' });
    expect(ended).toMatchObject({ LastCollectedDigit: '2' });
    expect(targets(desk)).toEqual(['7001']);
  });

  it('the time is over: what was entered so far counts, and nothing of the question before', () => {
    const desk = deskWith('collect 1 for 5s\ncollect 2 for 5s\ndigits 1: label 7001\nlabel 7002\n');
    desk.say(`call 8001 ${CALLER}`, `outside ${CALLER} press 1`);
    desk.run(8);
    expect(treatments(desk)).toMatchObject([{ CollectedDigits: '1' }, { TreatmentType: 6 }]);
    expect(treatments(desk)[1]).not.toHaveProperty('CollectedDigits');
    expect(targets(desk)).toEqual(['7002']);
  });

  it('what was entered is known after an announcement, too', () => {
    const desk = deskWith('collect 1 for 5s\nplay 2s\ndigits 1: label 7001\nlabel 7002\n');
    desk.say(`call 8001 ${CALLER}`, `outside ${CALLER} press 1`);
    desk.run(5);
    expect(targets(desk)).toEqual(['7001']);
  });

  it('a caller who hangs up meanwhile is gone', () => {
    const desk = deskWith('play 4s\nlabel 7001');
    desk.say(`call 8001 ${CALLER}`, `outside ${CALLER} hang up`);
    desk.run(10);
    expect(treatments(desk)).toEqual([]);
    expect(desk.cells('G_CALL_STAT', 'F_TE_ABND')).toEqual([[1]]);
  });

  it('a gateway side that takes over does not begin it anew', () => {
    const desk = deskWith('collect 1 for 30s\ndigits 1: label 7001\nlabel 7002');
    desk.say(`call 8001 ${CALLER}`, 'do crash-process process=pg1a-pim1');
    desk.run(5);
    desk.say(`outside ${CALLER} press 1`);
    expect(desk.events().filter((event) => event.startsWith('TreatmentApplied'))).toHaveLength(1);
    expect(targets(desk)).toEqual(['7001']);
  });

  it('what is entered while no gateway listens is told when one does', () => {
    const desk = deskWith('collect 1 for 30s\ndigits 1: label 7001\nlabel 7002');
    desk.say(`call 8001 ${CALLER}`);
    desk.sayNow('do crash-process process=pg1a-pim1');
    desk.sayNow(`outside ${CALLER} press 1`);
    desk.run(6);
    expect(targets(desk)).toEqual(['7001']);
    expect(desk.events().filter((event) => event.startsWith('TreatmentApplied'))).toHaveLength(1);
  });

  it('a call that an agent has handed over: who is left enters the digits', () => {
    const desk = deskWith('collect 1 for 30s\ndigits 1: label 7002\nlabel 7001');
    desk.say('phone 2001 login 4001', 'phone 2001 dial 5550177', 'outside 5550177 answer');
    desk.say('phone 2001 transfer to 8001', 'outside 5550177 press 1');
    expect(targets(desk)).toEqual(['7002']);
  });

  it('without a word of the switch the script goes on when the time is over', () => {
    const desk = deskWith('play 4s\nlabel 7002');
    desk.say(`call 8001 ${CALLER}`, 'do hang-process process=pg1a-pim1');
    desk.run(12);
    desk.say('do release-process process=pg1a-pim1');
    desk.run(3);
    expect(targets(desk).length).toBe(1);
  });

  it('an end that is told late ends no other treatment', () => {
    const desk = deskWith('play 2s\ncollect 1 for 30s\ndigits 1: label 7001\nlabel 7002');
    desk.say(`call 8001 ${CALLER}`);
    desk.sayNow('do hang-process process=pg1a-pim1');
    // The router goes on by itself 3 s after the announcement should have ended.
    desk.run(5);
    desk.sayNow('do release-process process=pg1a-pim1');
    desk.run(2);
    expect(treatments(desk)).toHaveLength(1);
    expect(targets(desk)).toEqual([]);
    desk.say(`outside ${CALLER} press 1`);
    expect(treatments(desk)).toHaveLength(2);
    expect(targets(desk)).toEqual(['7001']);
  });

  it('callers of the traffic press what their shares say', () => {
    const callsPerHour = new Array<number>(24).fill(720);
    const digits = [
      { digits: '1', share: 0.5 },
      { digits: '2', share: 0.3 },
    ];
    const desk = deskWith('collect 1 for 6s\nlabel 7001', {
      agentsBy: 'themselves',
      callsPerHour,
      digits,
    });
    desk.run(1500);
    const entered = treatments(desk).map((message) => String(message['CollectedDigits'] ?? ''));
    const shareOf = (wanted: string) =>
      entered.filter((one) => one === wanted).length / entered.length;
    expect(entered.length).toBeGreaterThan(100);
    expect(shareOf('1')).toBeCloseTo(0.5, 0);
    expect(shareOf('1')).toBeGreaterThan(shareOf('2'));
    expect(shareOf('2')).toBeGreaterThan(shareOf(''));
  });
});
