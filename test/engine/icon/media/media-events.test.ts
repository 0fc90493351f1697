import { describe, expect, it } from 'vitest';
import { isAtLeast } from '../../../../src/engine/icon/media/media-memory.ts';
import type { LabDefinition } from '../../../../src/engine/lab/definition.ts';
import { Desk, shippedLab } from '../../../support/desk.ts';

const OPTIMIZED = { 'om-memory-optimization': '1', 'om-max-in-memory': '3' };

function channels(options: Record<string, string> = {}, change: Partial<LabDefinition> = {}): Desk {
  return new Desk({ lab: 'channels', options }, change);
}

function release(version: string): Partial<LabDefinition> {
  return { multimedia: { ...shippedLab('channels').multimedia!, version } };
}

function submit(desk: Desk, count: number): void {
  for (let at = 0; at < count; at++) desk.say(`submit email Inbound_Email Subject=${at}`);
}

const ENDED = 2;
const STRATEGY = 6;

describe('memory optimization', () => {
  it('keeps so many interactions of a queue in memory; all others end as whole as these', () => {
    const desk = channels(OPTIMIZED);
    submit(desk, 8);
    expect([desk.icon.calls.size, desk.icon.media.aside.size]).toEqual([3, 5]);
    desk.say('media 2003 login', 'media 2003 ready email');
    for (let at = 0; at < 8; at++) desk.say('media 2003 accept', 'media 2003 done');
    desk.run(3);
    expect(desk.cells('G_CALL', 'STATE').flat()).toEqual(Array(8).fill(ENDED));
    expect(desk.rows('GM_L_USERDATA')).toHaveLength(8);
    expect(desk.rows('G_CALL_ACTIVE')).toEqual([]);
    expect(desk.icon.media.aside.size).toBe(0);
  });

  it('needs Interaction Server 7.6.1 or later', () => {
    const desk = channels(OPTIMIZED, release('7.6.0'));
    submit(desk, 8);
    expect([desk.icon.calls.size, desk.icon.media.aside.size]).toEqual([8, 0]);
    const versions = ['7.6.1', '7.6', '7.5.9', '8.0', '8.5.100', '7.6.1.05'];
    expect(versions.map(isAtLeast)).toEqual([true, false, false, true, true, true]);
  });

  it('survives a lost connection: what ended meanwhile ends, what waits goes on', () => {
    const desk = channels(OPTIMIZED);
    submit(desk, 6);
    for (const [from, to] of [
      ['icon', 'ixn'],
      ['ixn', 'icon'],
    ]) {
      desk.do({ verb: 'cut', network: 'public', from, to });
    }
    desk.run(30);
    desk.say('media 2003 login', 'media 2003 ready email', 'media 2003 accept', 'media 2003 done');
    for (const [from, to] of [
      ['icon', 'ixn'],
      ['ixn', 'icon'],
    ]) {
      desk.do({ verb: 'repair', network: 'public', from, to });
    }
    desk.run(60);
    const ended = desk.rows('G_CALL').filter(({ STATE }) => STATE === ENDED);
    expect(ended).toHaveLength(1);
    expect(desk.rows('G_CALL_ACTIVE')).toHaveLength(5);
    expect(desk.cells('G_IR', 'GSYS_EXT_VCH2').filter(([low]) => low)).toEqual([['LOW:stuck']]);
  });
});

describe('options', () => {
  it.each([
    ['1', 2],
    ['0', 1],
  ])('mcr-om-processing %s: work items are third-party media', (value, calls) => {
    const desk = channels({ 'mcr-om-processing': value });
    desk.say('submit workitem Inbound_Email', 'submit email Inbound_Email');
    desk.run(3);
    expect(desk.rows('G_CALL')).toHaveLength(calls);
  });

  it.each([
    ['1', 0],
    ['0', 1],
  ])('om-check-filter-flag %s with a strategy that is not to be reported', (value, parties) => {
    const desk = channels({ 'om-check-filter-flag': value });
    const objects = desk.icon.objects.values();
    const strategy = [...objects].find(({ fields }) => fields['name'] === 'Offer_to_writers')!;
    const annex = { callconcentrator: { 'om-activity-report': 'false' } };
    desk.do({ verb: 'update-object', object: { ...strategy, annex } });
    desk.run(5);
    desk.say('submit email Inbound_Email', 'media 2003 login', 'media 2003 ready email');
    desk.say('media 2003 accept', 'media 2003 done');
    desk.run(3);
    const own = desk.rows('G_PARTY').filter(({ TYPE }) => TYPE === STRATEGY);
    expect(own).toHaveLength(parties);
    expect(desk.rows('G_PARTY')).toHaveLength(2 + parties);
  });
});

describe('a restart of ICON', () => {
  it('ends what was active; interactions from before are not followed, agents are', () => {
    const desk = channels();
    desk.say('media 2003 login', 'media 2003 ready email');
    submit(desk, 2);
    desk.say('media 2003 accept');
    desk.do({ verb: 'crash-process', process: 'icon1' });
    desk.run(3);
    desk.do({ verb: 'start-process', process: 'icon1' });
    desk.run(20);
    expect(desk.cells('G_CALL', 'STATE').flat()).toEqual([ENDED, ENDED]);
    desk.say('media 2003 done');
    submit(desk, 1);
    desk.run(3);
    expect(desk.rows('G_CALL')).toHaveLength(3);
    expect(desk.rows('G_LOGIN_SESSION')).toHaveLength(1);
    desk.say('media 2003 logout');
    desk.run(3);
    expect(desk.cells('G_LOGIN_SESSION', 'STATE')).toEqual([[ENDED]]);
  });
});

describe('a lost connection', () => {
  function cutOff(desk: Desk, meanwhile: () => void): void {
    const ways = [
      { from: 'icon', to: 'ixn' },
      { from: 'ixn', to: 'icon' },
    ];
    for (const way of ways) desk.do({ verb: 'cut', network: 'public', ...way });
    desk.run(30);
    meanwhile();
    for (const way of ways) desk.do({ verb: 'repair', network: 'public', ...way });
    desk.run(60);
  }

  it('an agent who has passed on meanwhile what she had is busy no more', () => {
    const desk = channels();
    desk.say('media 2003 login', 'media 2003 ready email', 'submit email Inbound_Email');
    desk.say('media 2003 accept');
    cutOff(desk, () => desk.say('media 2003 place in workbin Drafts'));
    const states = desk.cells('G_AGENT_STATE_HISTORY', 'STATE').flat();
    expect(states.at(-1)).toBe(3);
    expect(desk.icon.sessions.get('Main 2003')!.calls).toEqual([]);
  });

  it('readiness that has not changed is told once', () => {
    const desk = channels();
    desk.say('media 2003 login email,chat', 'media 2003 ready chat');
    desk.run(2);
    const before = desk.rows('G_AGENT_STATE_HISTORY').length;
    cutOff(desk, () => {});
    expect(desk.rows('G_AGENT_STATE_HISTORY')).toHaveLength(before);
  });

  it('what ended meanwhile takes no place among those that are put aside', () => {
    const desk = channels(OPTIMIZED);
    submit(desk, 3);
    cutOff(desk, () => {
      desk.say('media 2003 login', 'media 2003 ready email', 'media 2003 accept');
      desk.say('media 2003 done', 'media 2003 not ready email');
    });
    desk.run(60);
    submit(desk, 6);
    cutOff(desk, () => {});
    expect(desk.rows('G_CALL_ACTIVE')).toHaveLength(8);
  });

  it('a file of what was put aside that cannot be read loses that interaction only', () => {
    const desk = channels({ ...OPTIMIZED, 'om-force-adata': 'true' });
    submit(desk, 4);
    const [path] = [
      ...desk.watched.lab.simulation.world.hosts.get('icon')!.disk.files.keys(),
    ].filter((name) => name.startsWith('om/'));
    desk.do({ verb: 'corrupt-file', host: 'icon', path });
    desk.say('media 2003 login', 'media 2003 ready email');
    for (let at = 0; at < 4; at++) desk.say('media 2003 accept', 'media 2003 done');
    desk.run(3);
    const ended = desk.cells('G_CALL', 'STATE').flat();
    expect(ended.filter((state) => state === ENDED)).toHaveLength(3);
  });
});
