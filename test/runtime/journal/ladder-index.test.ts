import { describe, expect, it } from 'vitest';
import {
  EXCHANGE_KINDS,
  LADDER_KINDS,
  type LadderFilter,
  type LadderRow,
} from '../../../src/contract/ladder.ts';
import { Lab } from '../../../src/engine/lab/lab.ts';
import { LadderIndex } from '../../../src/runtime/journal/ladder-index.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

const filter = (more: Partial<LadderFilter> = {}): LadderFilter => ({
  client: 'rtr',
  kinds: LADDER_KINDS,
  link: 'all',
  text: '',
  ...more,
});

async function paired(minutes = 3): Promise<RunningLab> {
  const running = await RunningLab.create(lab50());
  running.lab.simulation.runUntil(minutes * MINUTE);
  return running;
}

describe('rows of the ladder', () => {
  it('come by place among those that a filter lets through, and the newest on demand', async () => {
    const { ladder } = await paired();
    const all = ladder.page(filter(), 0, 1000);
    expect(all.first).toBe(0);
    const newest = ladder.page(filter(), null, 5);
    expect(newest.first).toBe(newest.total - 5);
    expect(newest.rows).toEqual(ladder.page(filter(), newest.first, 5).rows);
    expect(ladder.page(filter(), newest.total + 10, 5).rows).toEqual([]);
    const exchange = ladder.page(filter({ kinds: EXCHANGE_KINDS }), 0, 1000);
    expect(exchange.rows).toEqual(ladder.window('rtr', null, 1000, true));
  });

  it('are filtered by link, kind and text', async () => {
    const { ladder } = await paired();
    const privately = ladder.page(filter({ link: 'private' }), 0, 1000).rows;
    expect(privately.length).toBeGreaterThan(5);
    expect(privately.every(({ from, to }) => from + to === 3)).toBe(true);
    const [request, ...others] = ladder.page(filter({ text: 'INITIALIZATION' }), 0, 10).rows;
    expect([request.kind, others]).toEqual(['init', []]);
    expect(ladder.page(filter({ kinds: [] }), 0, 10).total).toBe(0);
  });

  it('a filter in use learns of what is new, as one that is new does', async () => {
    const running = await paired();
    const before = running.ladder.page(filter(), 0, 1).total;
    running.lab.simulation.runUntil(4 * MINUTE);
    const after = running.ladder.page(filter(), 0, 1).total;
    expect(after).toBeGreaterThan(before);
    expect(running.ladder.page(filter({ text: 'e' }), null, 50)).toEqual(
      (await paired(4)).ladder.page(filter({ text: 'e' }), null, 50),
    );
  });

  it('beyond the limit traffic goes first and exchanges stay', () => {
    const few = new LadderIndex(1000);
    const whole = new LadderIndex();
    const lab = Lab.create(lab50(), {
      onEvent(event) {
        few.onEvent(event);
        whole.onEvent(event);
      },
      onLogLine() {},
      onOutput() {},
    });
    for (const index of [few, whole]) index.attach(lab.simulation.world.sessions);
    lab.simulation.runUntil(12 * MINUTE);
    const all = filter();
    const exchange = filter({ kinds: EXCHANGE_KINDS });
    expect(whole.page(all, 0, 1).total).toBeGreaterThan(3000);
    expect(few.page(all, 0, 1).total).toBeLessThanOrEqual(1000);
    // Asked again and again while rows go.
    const plain = ({ index: _index, ...row }: LadderRow) => row;
    const shown = few.page(exchange, 0, 1000).rows;
    expect(shown.map(plain)).toEqual(whole.page(exchange, 0, 1000).rows.map(plain));
    expect(shown.filter(({ kind }) => kind === 'init')).toHaveLength(1);
    const newest = (index: LadderIndex) => index.page(all, null, 50).rows.map(plain);
    expect(newest(few)).toEqual(newest(whole));
  });

  it('heartbeats of a direction are one row with a count until there is an exchange', async () => {
    const { ladder } = await paired(6);
    const beats = ladder.page(filter({ kinds: ['heartbeat'] }), 0, 1000).rows;
    const [fromA] = beats.filter(({ from }) => from === 1).toReversed();
    expect(fromA).toMatchObject({ to: 2, label: 'heartbeat' });
    // One each 100 ms since the pair was made.
    expect(fromA.count).toBeGreaterThan(1000);
    expect(beats.length).toBeLessThan(60);
  });

  it('each row knows between whom there are sessions: bars', async () => {
    const running = await paired();
    const [alone] = running.ladder.page(filter({ text: 'initialize (alone)' }), 0, 1).rows;
    const { sessions } = running.ladder.page(filter(), null, 1).rows[0];
    expect(alone.sessions).toBe(0b001);
    expect(sessions).toBe(0b111);
    running.lab.execute({ verb: 'stop-side', side: 'B' });
    running.lab.simulation.runUntil(4 * MINUTE);
    expect(running.ladder.page(filter({ link: 'side A' }), null, 1).rows[0].sessions).toBe(0b001);
    const opened = running.ladder.page(filter({ kinds: ['session'], text: 'opened' }), 0, 100).rows;
    expect(opened.some(({ from, to }) => from + to === 3)).toBe(true);
  });
});

describe('what followed from an event', () => {
  it('is what it has caused, directly or not, in the order of the lab', async () => {
    const { journal, ladder } = await paired();
    const [request] = ladder.page(filter({ kinds: ['init'] }), 0, 1).rows;
    const found = journal.effectsOf(request.seq, 100, 100_000);
    expect(found[0]).toMatchObject({ step: 1, entry: { cause: request.seq } });
    for (const { entry, step } of found) {
      const causes = journal.causesOf(entry.seq).map(({ seq }) => seq);
      expect(causes.indexOf(request.seq)).toBe(step);
    }
    expect(journal.effectsOf(request.seq, 3, 100_000).length).toBe(3);
    expect(journal.effectsOf(999_999_999, 3, 100_000)).toEqual([]);
  });
});
