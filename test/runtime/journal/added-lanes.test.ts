import { describe, expect, it } from 'vitest';
import { EXCHANGE_KINDS, type LadderFilter } from '../../../src/contract/ladder.ts';
import { AddedLanes } from '../../../src/runtime/journal/added-lanes.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { lab50, MINUTE, SECOND } from '../../support/lab50.ts';

const filter = (lanes: readonly string[], more: Partial<LadderFilter> = {}): LadderFilter => ({
  client: 'rtr',
  kinds: EXCHANGE_KINDS,
  link: 'all',
  text: '',
  lanes,
  ...more,
});

describe('lanes that are added to the ladder', () => {
  it('show what is said between them and to the lanes of Figure 1, in its order', async () => {
    const running = await RunningLab.create(lab50());
    const { journal, ladder, lab } = running;
    lab.simulation.runUntil(4 * MINUTE);
    const added = new AddedLanes();
    const all = (wanted: LadderFilter) =>
      added.page(ladder, journal, wanted, { from: 0, limit: 1_000_000 });
    const own = ladder.page(filter([]), 0, 1_000_000);
    const { rows, total } = all(filter(['ra-ccag', 'pg1a-pgag']));
    expect(total).toBe(rows.length);
    const beside = rows.filter(({ from, to }) => Math.max(from, to) > 3);
    expect(rows.length).toBe(own.total + beside.length);
    const pairs = new Set(beside.map(({ from, to }) => `${from} ${to}`));
    // 4 is the agent of the Central Controller, 5 that of the gateway, 1 the synchronizer.
    expect([...pairs].sort()).toEqual(['1 4', '4 1', '4 5', '5 4']);
    const positions = rows.map(({ seq }) => journal.positionOf(seq));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(new Set(rows.map(({ index }) => index)).size).toBe(rows.length);

    // What comes later is found without looking at all again, and every message once.
    lab.simulation.runUntil(4 * MINUTE + 30 * SECOND);
    const later = all(filter(['ra-ccag', 'pg1a-pgag'])).rows;
    expect(later.length).toBeGreaterThan(rows.length);
    expect(later.slice(0, rows.length).map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq));
    const fresh = new AddedLanes().page(ladder, journal, filter(['ra-ccag', 'pg1a-pgag']), {
      from: 0,
      limit: 1_000_000,
    });
    expect(later.map(({ seq }) => seq)).toEqual(fresh.rows.map(({ seq }) => seq));
  });

  it('pages, searches, and keeps to one link', async () => {
    const running = await RunningLab.create(lab50());
    const { journal, ladder, lab } = running;
    lab.simulation.runUntil(4 * MINUTE);
    const added = new AddedLanes();
    const page = (wanted: LadderFilter, from: number | null, limit: number) =>
      added.page(ladder, journal, wanted, { from, limit });
    const whole = page(filter(['ra-ccag']), 0, 1_000_000).rows;
    expect(page(filter(['ra-ccag']), 7, 5).rows).toEqual(whole.slice(7, 12));
    expect(page(filter(['ra-ccag']), null, 5)).toMatchObject({ first: whole.length - 5 });
    const found = page(filter(['ra-ccag'], { text: 'OUTPUT' }), 0, 1_000_000).rows;
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ label }) => label.includes('output'))).toBe(true);
    const labels = (rows: readonly { label: string }[]) => rows.map(({ label }) => label);
    expect(labels(whole)).not.toContain('keepalive');
    const beats = filter(['ra-ccag', 'pg1a-pgag'], { kinds: ['heartbeat'] });
    expect(labels(page(beats, 0, 1_000_000).rows)).toContain('keepalive');
    const link = page(filter(['ra-ccag'], { link: 'private' }), 0, 1_000_000).rows;
    expect(link.every(({ from, to }) => Math.max(from, to) < 4)).toBe(true);
    expect(page(filter(['nobody']), 0, 1_000_000).total).toBe(ladder.page(filter([]), 0, 1).total);
  });
});
