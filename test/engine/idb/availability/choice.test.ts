import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseIdbs } from '../../../../src/engine/idb/availability/choice.ts';
import { gapsOf } from '../../../../src/engine/idb/availability/gaps.ts';
import {
  groupBySource,
  type ProviderSession,
} from '../../../../src/engine/idb/availability/provider-sessions.ts';

const RANGE = { from: 0, to: 1000, noDataSeconds: 2000, provider: 'GCC' } as const;

let nextId = 1;
/** A connection of one ICON with a source; `end` null: it goes on. */
function session(icon: number, source: number, connected: number, end: number | null) {
  return {
    provider: 'GCC',
    dssId: nextId++,
    icon,
    source,
    connectionType: connected === 0 ? 1 : 2,
    iconStart: 0,
    iconEnd: null,
    connected,
    disconnected: end,
    firstEvent: connected,
    lastEvent: end ?? 999,
    lastTold: null,
    noData: null,
  } satisfies ProviderSession;
}

function choices(idbs: readonly (readonly ProviderSession[])[], source?: number) {
  const range = source === undefined ? RANGE : { ...RANGE, source };
  return chooseIdbs(idbs.map(groupBySource), range).map(({ better, from, to, verdict }) => {
    return [from, to, better, verdict];
  });
}

describe('the better IDB', () => {
  const whole = (icon: number) => [session(icon, 8, 0, null), session(icon, 9, 0, null)];

  it('is the one without a gap, and stays so until it has one itself', () => {
    const first = [session(1, 8, 0, 300), session(1, 8, 400, null), session(1, 9, 0, null)];
    const second = [session(2, 8, 0, null), session(2, 9, 0, 600), session(2, 9, 700, null)];
    expect(choices([first, second])).toEqual([
      [0, 300, 0, 'allWhole'],
      [300, 400, 1, 'onlyWhole'],
      [400, 600, 1, 'allWhole'],
      [600, 700, 0, 'onlyWhole'],
      [700, 1000, 0, 'allWhole'],
    ]);
  });

  it('is the one with fewer sources in a gap; of equals that of before', () => {
    const first = [session(1, 8, 0, 300), session(1, 9, 0, 300)];
    const second = [session(2, 8, 0, null), session(2, 9, 0, 200)];
    expect(choices([first, second])).toEqual([
      [0, 200, 0, 'allWhole'],
      [200, 300, 0, 'onlyWhole'],
      [300, 1000, 1, 'fewerGaps'],
    ]);
    expect(choices([first, second], 9)).toEqual([
      [0, 200, 0, 'allWhole'],
      [200, 300, 0, 'onlyWhole'],
      [300, 1000, 0, 'noneBetter'],
    ]);
  });

  it('lacks all of a source of which it has no session', () => {
    expect(choices([[session(1, 8, 0, null)], whole(2)])).toEqual([[0, 1000, 1, 'onlyWhole']]);
    expect(choices([[], whole(2)])).toEqual([[0, 1000, 1, 'onlyWhole']]);
    expect(choices([[], []])).toEqual([]);
  });

  it('measures the silence of each ICON by its own dss-no-data-tout', () => {
    const quiet = [1, 2].map((icon) => [{ ...session(icon, 8, 0, null), lastEvent: 500 }]);
    const range = { ...RANGE, noDataOf: [100, 2000] };
    const found = chooseIdbs(quiet.map(groupBySource), range);
    expect(found.map(({ better, from }) => [from, better])).toEqual([
      [0, 0],
      [500, 1],
    ]);
  });

  it('says of each interval what each IDB lacks, and why', () => {
    const first = [session(1, 8, 0, 300), session(1, 8, 400, null)];
    const [, gap] = chooseIdbs([first, [session(2, 8, 0, null)]].map(groupBySource), RANGE);
    expect(gap.missing).toEqual([[{ source: 8, reason: 'connectionLost' }], []]);
  });

  it('intervals cover the range, and none chooses a source in a gap that the other has', () => {
    const life = fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 0, maxLength: 6 });
    fc.assert(
      fc.property(life, life, life, life, (a, b, c, d) => {
        const idbs = [
          [...connections(1, 8, a), ...connections(1, 9, b)],
          [...connections(2, 8, c), ...connections(2, 9, d)],
        ].map(groupBySource);
        const found = chooseIdbs(idbs, RANGE);
        expect(found[0].from).toBe(0);
        expect(found.at(-1)!.to).toBe(1000);
        for (const [at, { from }] of found.slice(1).entries()) expect(from).toBe(found[at].to);
        for (const { better, from, to } of found) {
          const inGap = idbs.map((histories) => {
            const gaps = histories.flatMap((history) => gapsOf(history, RANGE));
            const middle = (from + to) / 2;
            return gaps.filter(({ certainUntil, end }) => {
              return certainUntil < middle && (end ?? 1000) > middle;
            }).length;
          });
          expect(inGap[better]).toBe(Math.min(...inGap));
        }
      }),
    );
  });
});

/** Connected from 0, lost and made again at these moments. */
function connections(icon: number, source: number, moments: readonly number[]) {
  const edges = [0, ...new Set([...moments].sort((a, b) => a - b))];
  const sessions: ProviderSession[] = [];
  for (let at = 0; at < edges.length; at += 2) {
    sessions.push(session(icon, source, edges[at], edges[at + 1] ?? null));
  }
  return sessions;
}
