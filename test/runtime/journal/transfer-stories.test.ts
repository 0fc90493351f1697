import { describe, expect, it } from 'vitest';
import type { TransferStory } from '../../../src/contract/transfers.ts';
import { explain } from '../../../src/runtime/journal/explain.ts';
import { transferStories } from '../../../src/runtime/journal/transfer-stories.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { MINUTE, quietLab50, SECOND } from '../../support/lab50.ts';

const storiesOf = (running: RunningLab) =>
  transferStories(running.ladder, running.journal, running.nowUs);
const ofRouter = (running: RunningLab) =>
  storiesOf(running).filter(({ client }) => client === 'rtr');
const texts = ({ steps }: TransferStory) => steps.map(({ text }) => text);

describe('the story of a state transfer', () => {
  it('goes from its cause to the last record, as Figure 1 has it', async () => {
    const running = await RunningLab.create(quietLab50());
    running.lab.simulation.runUntil(3 * MINUTE);
    const [story, ...others] = ofRouter(running);
    expect(others).toEqual([]);
    expect(story).toMatchObject({ sender: 'A', outcome: 'complete', gateway: '' });
    expect(texts(story)).toEqual([
      expect.stringMatching(/^It began with: start/),
      'MDS A tells rtr A to initialize, as sender.',
      'MDS A sends the initialization request to MDS B.',
      'MDS B tells rtr B to initialize, as receiver.',
      '“state transfer desired” goes from rtr B to MDS B.',
      '“state transfer desired” goes from MDS B to MDS A.',
      '“state transfer desired” goes from MDS A to MDS B.',
      '“state transfer desired” goes from MDS A to rtr A.',
      expect.stringMatching(/^\d+ state records, [\d,]+ bytes, from rtr A to MDS A\.$/),
      'rtr A tells MDS A that this was all.',
      expect.stringMatching(/^\d+ state records, [\d,]+ bytes, from MDS A to MDS B\.$/),
      expect.stringMatching(/^\d+ state records, [\d,]+ bytes, from MDS B to rtr B\.$/),
      'MDS A tells MDS B that this was all.',
      'MDS B tells rtr B that this was all.',
    ]);
    expect(story.sizeBytes).toBeGreaterThan(700_000);
    expect(story.steps.every(({ atUs }) => atUs <= story.toUs)).toBe(true);
    const clients = storiesOf(running).map(({ client, gateway }) => `${client} ${gateway}`);
    expect(new Set(clients)).toEqual(
      new Set(['rtr ', 'clgr ', 'hlgr ', 'cic ', 'opc pg1', 'opc pg2']),
    );
  });

  it('from B to A the request still comes from MDS A', async () => {
    const running = await RunningLab.create(quietLab50());
    const { lab } = running;
    lab.simulation.runUntil(3 * MINUTE);
    expect(lab.execute({ verb: 'stop-side', side: 'A' })).toMatchObject({ ok: true });
    lab.simulation.runUntil(4 * MINUTE);
    expect(lab.execute({ verb: 'start-side', side: 'A' })).toMatchObject({ ok: true });
    lab.simulation.runUntil(6 * MINUTE);
    const [story, first] = ofRouter(running);
    expect(first).toMatchObject({ sender: 'A', outcome: 'complete' });
    expect(story).toMatchObject({ sender: 'B', outcome: 'complete' });
    expect(texts(story)).toContain('MDS A sends the initialization request to MDS B.');
    expect(texts(story)[0]).toContain('start-side');
  });

  it('state that arrived damaged did not arrive: it says who found that', async () => {
    const running = await RunningLab.create(quietLab50());
    const { lab } = running;
    lab.simulation.runUntil(3 * MINUTE);
    lab.execute({ verb: 'stop-side', side: 'A' });
    lab.simulation.runUntil(4 * MINUTE);
    lab.execute({ verb: 'corrupt-record', side: 'B', client: 'rtr' });
    lab.execute({ verb: 'start-side', side: 'A' });
    lab.simulation.runUntil(8 * MINUTE);
    const [again, story, first] = ofRouter(running);
    expect([first.outcome, story.outcome, again.outcome]).toEqual([
      'complete',
      'broken off',
      'complete',
    ]);
    const last = story.steps.at(-1)!;
    expect(last.text).toMatch(/^ra-rtr: State transfer failed: a record of table \w+ arrived/);
    expect(story.toUs).toBe(last.atUs);
  });

  it('after a cut, what made it possible is the repair', async () => {
    const running = await RunningLab.create(quietLab50());
    const { lab } = running;
    lab.simulation.runUntil(3 * MINUTE);
    const both = (verb: 'cut' | 'repair') => {
      for (const [from, to] of [
        ['cca', 'ccb'],
        ['ccb', 'cca'],
      ]) {
        expect(lab.execute({ verb, network: 'private', from, to }).ok).toBe(true);
      }
    };
    both('cut');
    lab.simulation.runUntil(5 * MINUTE);
    both('repair');
    lab.simulation.runUntil(6 * MINUTE);
    const [story] = ofRouter(running);
    expect(texts(story)[0]).toMatch(/^It became possible by: command repair/);
    const { chain } = explain(running.journal, story.seq);
    const repair = chain.find(({ isMeanwhile }) => isMeanwhile);
    expect(repair).toMatchObject({ title: 'command repair', atUs: 5 * MINUTE });
    expect(repair?.fields).toContainEqual({ name: 'network', value: 'private' });
  });

  it('a cut in the middle breaks it off, and it says by what', async () => {
    const running = await RunningLab.create(quietLab50());
    const { lab } = running;
    while (!texts(ofRouter(running)[0] ?? { steps: [] }).some((text) => text.includes('records'))) {
      lab.simulation.runUntil(lab.simulation.nowUs + SECOND / 100);
      if (running.nowUs < 2 * MINUTE) lab.simulation.runUntil(2 * MINUTE);
      expect(running.nowUs).toBeLessThan(3 * MINUTE);
    }
    expect(ofRouter(running)[0].outcome).toBe('under way');
    for (const [from, to] of [
      ['cca', 'ccb'],
      ['ccb', 'cca'],
    ]) {
      lab.execute({ verb: 'cut', network: 'private', from, to });
    }
    lab.simulation.runUntil(running.nowUs + MINUTE);
    const [story] = ofRouter(running);
    expect(story.outcome).toBe('broken off');
    expect(story.sizeBytes).toBeLessThan(744_048);
  });
});
