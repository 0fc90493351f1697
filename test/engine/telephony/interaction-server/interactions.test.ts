import { describe, expect, it } from 'vitest';
import { allCheckers } from '../../../../src/engine/checkers/all-checkers.ts';
import { CheckedRun } from '../../../../src/engine/checkers/checker.ts';
import type { LabDefinition } from '../../../../src/engine/lab/definition.ts';
import type { InteractionServerState } from '../../../../src/engine/telephony/interaction-server/interaction-server-state.ts';
import { RunningLab } from '../../../../src/runtime/running-lab.ts';
import { Desk, shippedLab } from '../../../support/desk.ts';
import { SECOND } from '../../../support/lab50.ts';

function channels(): Desk {
  return new Desk({ lab: 'channels' });
}

function server(desk: Desk): InteractionServerState {
  return desk.watched.lab.stateOf<InteractionServerState>('ixn')!;
}

const writer = (extension: string, media: string) => [
  `media ${extension} login`,
  `media ${extension} ready ${media}`,
];

describe('a strategy', () => {
  it('offers an agent two e-mails at a time, and leaves the others in the queue', () => {
    const desk = channels();
    for (const name of ['A', 'B', 'C']) desk.say(`submit email Inbound_Email Subject=${name}`);
    desk.say(...writer('2003', 'email'), 'media 2003 accept', 'media 2003 accept');
    expect(server(desk).queues.get('Inbound_Email')).toHaveLength(1);
    desk.say('media 2003 done');
    expect(server(desk).queues.get('Inbound_Email')).toHaveLength(0);
  });

  it('offers what one agent rejects to the next, and nothing more to the first', () => {
    const desk = channels();
    desk.say(...writer('2003', 'chat'), ...writer('2004', 'chat'));
    desk.say('submit chat Inbound_Email');
    const [first] = server(desk).interactions.values();
    const [place] = first.agents.keys();
    const extension = place.slice(-4);
    desk.say(`media ${extension} reject`);
    expect([...first.agents.keys()]).not.toContain(place);
    expect(server(desk).agents.get(place)!.media.get(5)).toBe(false);
  });

  it('offers nothing of a medium that the agent is not ready for', () => {
    const desk = channels();
    desk.say(...writer('2003', 'email'), 'submit chat Inbound_Email');
    desk.run(5);
    expect(server(desk).queues.get('Inbound_Email')).toHaveLength(1);
  });
});

describe('an agent', () => {
  it('hands an interaction to a colleague; one who leaves gives back what she has', () => {
    const desk = channels();
    desk.say(...writer('2003', 'email'), 'submit email Inbound_Email', 'media 2003 accept');
    desk.say(...writer('2004', 'email'), 'media 2003 transfer to 2004', 'media 2004 accept');
    const [only] = server(desk).interactions.values();
    expect([...only.agents]).toEqual([['Main 2004', 'handling']]);
    desk.say('media 2003 not ready email', 'media 2004 logout');
    expect(only.abode).toEqual({ kind: 'queue', name: 'Inbound_Email' });
  });
});

describe('invitations', () => {
  it('each has its own time: one that nobody answers ends, whoever else accepts', () => {
    const desk = channels();
    desk.say(...writer('2003', 'chat'), 'submit chat Inbound_Email', 'media 2003 accept');
    desk.say(...writer('2004', 'chat'), 'media 2003 invite 2004');
    desk.run(32);
    const [only] = server(desk).interactions.values();
    expect([...only.agents]).toEqual([['Main 2003', 'handling']]);
    desk.say('media 2003 invite 2004');
    expect(() => desk.sayNow('media 2003 leave')).toThrow('is alone with the interaction');
  });
});

describe('what cannot be done now', () => {
  it.each([
    ['submit email Nowhere', 'There is no interaction queue "Nowhere".'],
    ['media 2003 accept', 'Extension 2003 has nobody logged in.'],
    ['media 2001 login', 'Nobody at extension 2001 works with other media than voice.'],
    ['media 2003 login fax', '"fax" names no media.'],
    ['media 2003 ready', 'A medium is needed.'],
  ])('%s', (line, message) => {
    expect(() => channels().sayNow(line)).toThrow(message);
  });

  it.each([
    ['media 2003 accept', 'is offered no interaction'],
    ['media 2003 done', 'has no interaction'],
    ['media 2003 take from workbin Drafts', 'finds nothing in Drafts'],
    ['media 2003 take from workbin Nope', 'There is no workbin "Nope".'],
    ['media 2003 place in queue Nope', 'There is no interaction queue "Nope".'],
    ['media 2003 ready voice', 'is not logged in to that medium'],
  ])('%s, logged in', (line, message) => {
    const desk = channels();
    desk.say('media 2003 login');
    expect(() => desk.sayNow(line)).toThrow(message);
  });
});

/** Everybody acts by himself, on every channel. */
function busyChannels(): LabDefinition {
  const definition = shippedLab('channels');
  const [first, second] = definition.outbound!.campaigns;
  const sources = (['email', 'chat', 'workitem'] as const).map((media) => {
    return { media, queue: 'Inbound_Email', perHour: 120 };
  });
  return {
    ...definition,
    traffic: { ...definition.traffic, agentsBy: 'themselves', callsPerHour: Array(24).fill(120) },
    multimedia: { ...definition.multimedia!, sources, meanHandleSeconds: 40 },
    outbound: {
      ...definition.outbound!,
      campaigns: [
        { ...first, startSeconds: 60, list: { ...first.list, contacts: [], generated: 200 } },
        { ...second, startSeconds: 60, list: { ...second.list, contacts: [], generated: 200 } },
      ],
    },
  };
}

describe('a busy hour on every channel', () => {
  it.each([
    ['nothing', []],
    ['ixn', ['ixn']],
    ['ocs and icon1', ['ocs', 'icon1']],
    ['ixn and icon1 and ts-main', ['ixn', 'icon1', 'ts-main']],
  ])(
    'keeps every promise while this dies now and then: %s',
    async (_names, victims) => {
      const checked = new CheckedRun(allCheckers(busyChannels()));
      const running = await RunningLab.create(busyChannels(), (sink) => checked.sink(sink));
      const { simulation } = running.lab;
      for (let minute = 1; minute <= 60; minute++) {
        checked.runUntil(simulation, minute * 60 * SECOND);
        const victim = minute % 7 === 0 && victims[(minute / 7) % victims.length];
        if (!victim) continue;
        running.lab.execute({ verb: 'crash-process', process: victim });
        checked.runUntil(simulation, simulation.nowUs + 5 * SECOND);
        running.lab.execute({ verb: 'start-process', process: victim });
      }
      expect(checked.violations).toEqual([]);
      const media = running.idb.select('G_CALL', 'MEDIATYPE', ['2', '5', '11']).length;
      expect(media).toBeGreaterThan(200);
      expect(running.idb.count('GOX_CHAIN_CALL')).toBeGreaterThan(10);
      running.close();
    },
    120_000,
  );
});
