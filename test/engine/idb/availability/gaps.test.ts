import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsOf, newestElsewhere } from '../../../../src/engine/idb/availability/gaps.ts';
import {
  groupBySource,
  type ProviderSession,
  parseGmt,
} from '../../../../src/engine/idb/availability/provider-sessions.ts';
import { unreliableCalls } from '../../../../src/engine/idb/availability/unreliable-calls.ts';
import { formatGmt } from '../../../../src/engine/idb/row-changes.ts';

const RANGE = { from: 0, to: 1000, noDataSeconds: 300 };

let nextId = 1;
function session(more: Partial<ProviderSession>): ProviderSession {
  return {
    provider: 'GCC',
    dssId: nextId++,
    icon: 1,
    source: 2,
    connectionType: 1,
    iconStart: 0,
    iconEnd: null,
    connected: 0,
    disconnected: null,
    firstEvent: null,
    lastEvent: null,
    lastTold: null,
    noData: null,
    ...more,
  };
}

function gaps(sessions: readonly ProviderSession[], range = RANGE, source = 2) {
  const history = groupBySource(sessions).find((one) => one.source === source)!;
  return gapsOf(history, range).map(({ begin, beginReason, certainUntil, end, endReason }) => {
    return [begin, beginReason, certainUntil, end, endReason];
  });
}

describe('gaps', () => {
  it('are those of the source document, t2 to t3, t4 to t5, and from t6 on', () => {
    const [t0, t1, t2, t3, t4, t5, t6] = [0, 10, 200, 260, 400, 480, 900];
    const story = [
      session({ iconStart: t0, connected: t1, disconnected: t2, lastEvent: 190 }),
      session({ connectionType: 2, connected: t3, disconnected: t4, lastEvent: 390 }),
      session({ connectionType: 4, connected: t5, lastEvent: 880 }),
    ];
    const first = [
      [0, 'notConnected', 0, t1, 'firstConnection'],
      [t2, 'connectionLost', 190, t3, 'reconnected'],
      [t4, 'switchLost', 390, t5, 'switchBack'],
    ];
    expect(gaps(story)).toEqual(first);
    const graceful = [...story.slice(0, 2), { ...story[2], iconEnd: t6, disconnected: t6 }];
    expect(gaps(graceful)).toEqual([...first, [t6, 'plannedShutdown', t6, null, null]]);
    const t7 = session({ iconStart: 950, connected: 960, lastEvent: 970 });
    expect(gaps([...story, t7])).toEqual([
      ...first,
      [880, 'unplannedShutdown', 880, 960, 'firstConnection'],
    ]);
    expect(gaps([...graceful, t7]).at(-1)).toEqual([
      ...[t6, 'plannedShutdown', t6, 960, 'firstConnection'],
    ]);
  });

  it('a source that is quiet beside a busy one has none', () => {
    const busy = session({ source: 3, lastEvent: 995 });
    expect(gaps([session({ lastEvent: 20 }), busy])).toEqual([]);
    expect(gaps([session({ lastEvent: 20 }), session({ source: 3, lastEvent: 30 })])).toEqual([
      [30, 'silent', 30, null, null],
    ]);
  });

  it('"no data" is a sign of life, for as long as the next one may take', () => {
    const quiet = session({ lastEvent: 20, noData: 700 });
    expect(gaps([quiet])).toEqual([]);
    expect(gaps([quiet], { ...RANGE, to: 1061 })).toEqual([[700, 'silent', 700, null, null]]);
  });

  it('another run of ICON ends the sessions of the one before, also of quiet sources', () => {
    const next = session({ source: 3, iconStart: 500, connected: 510 });
    expect(gaps([session({ lastEvent: 450 }), next])).toEqual([
      [450, 'unplannedShutdown', 450, null, null],
    ]);
  });

  it('only those that touch the range are told', () => {
    const sessions = [
      session({ disconnected: 100 }),
      session({ connectionType: 3, connected: 200, disconnected: 300 }),
      session({ connectionType: 2, connected: 400, lastEvent: 990 }),
    ];
    expect(gaps(sessions)).toHaveLength(2);
    expect(gaps(sessions)[0][1]).toBe('sourceStopped');
    expect(gaps(sessions, { ...RANGE, from: 250 })).toHaveLength(1);
    expect(gaps(sessions, { ...RANGE, to: 150 })).toHaveLength(1);
  });

  it('are in order and do not overlap, whatever the sessions', () => {
    const moments = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), {
      minLength: 2,
      maxLength: 16,
    });
    fc.assert(
      fc.property(moments, fc.array(fc.boolean()), (all, told) => {
        const ordered = all.sort((a, b) => a - b);
        const sessions = ordered.flatMap((connected, at) => {
          if (at % 2 === 1) return [];
          const disconnected = told[at] ? (ordered[at + 1] ?? null) : null;
          return [session({ iconStart: connected, connected, disconnected })];
        });
        const edges = gaps(sessions).flatMap(([begin, , , end]) => [begin, end ?? 1000]);
        expect(edges).toEqual([...edges].sort((a, b) => Number(a) - Number(b)));
      }),
    );
  });
});

describe('unreliable calls', () => {
  const [gap] = gapsOf(
    groupBySource([
      session({ disconnected: 100, lastEvent: 90 }),
      session({ connectionType: 2, connected: 200 }),
    ])[0],
    RANGE,
  );
  const call = (created: number, terminated: number | null, isMarked = false) => {
    return { callId: `${created}`, created, terminated, isMarked, isVouchedFor: true };
  };

  it('are those that went on at some moment of a gap', () => {
    const outside = [call(10, 90), call(200, 300)];
    // The second one ended when nothing was certain any more.
    const calls = [...outside, call(20, 95), call(50, 101), call(60, null), call(199, 250)];
    const found = unreliableCalls(calls, [gap]).map(({ callId, reason }) => [callId, reason]);
    expect(found).toEqual([
      ['20', 'notSeenThroughout'],
      ['50', 'notSeenThroughout'],
      ['60', 'notSeenThroughout'],
      ['199', 'notSeenThroughout'],
    ]);
  });

  it('are the open ones when IDB goes away, and those that ICON has marked', () => {
    const silent = { ...gap, end: null };
    const found = unreliableCalls([call(50, null), call(10, 20, true)], [silent]);
    expect(found.map(({ reason }) => reason)).toEqual(['openInSilence', 'marked']);
  });

  it('are those that no session vouches for', () => {
    const orphan = { ...call(10, 20), isVouchedFor: false };
    expect(unreliableCalls([orphan, call(30, 40)], [])).toMatchObject([
      { callId: '10', reason: 'noSession', gap: null },
    ]);
  });
});

describe('with another IDB of the same sources', () => {
  const here = session({ lastEvent: 500 });
  const alive = (lastEvent: number) => session({ icon: 3, lastEvent });
  const pairGaps = (newest: number, to = 700) => {
    const idbs = [[here], [alive(newest)]].map(groupBySource);
    const elsewhere = newestElsewhere(idbs, 0, idbs[0][0]);
    const range = { ...RANGE, to, newestElsewhere: elsewhere };
    return gapsOf(idbs[0][0], range).map(({ begin, beginReason, end }) => [
      begin,
      beginReason,
      end,
    ]);
  };

  it('the one that has nothing of what the other has is not available since its last sign', () => {
    expect(pairGaps(561)).toEqual([[500, 'behind', null]]);
    expect(pairGaps(560)).toEqual([]);
    expect(newestElsewhere([[here], [alive(561)]].map(groupBySource), 1, here)).toBe(500);
  });
});

describe('gaps that ICON learnt of late', () => {
  const late = { lastEvent: 700, lastTold: 410 };

  it('are uncertain from the last event by the clock of its source', () => {
    const lost = session({ disconnected: 702, ...late });
    const back = session({ connectionType: 2, connected: 760 });
    expect(gaps([lost, back])).toContainEqual([702, 'connectionLost', 410, 760, 'reconnected']);
  });

  it('are there even if it learnt of the end at the same moment', () => {
    const lost = session({ disconnected: 702, ...late });
    const back = session({ connectionType: 2, connected: 702 });
    expect(gaps([lost, back])).toEqual([[702, 'connectionLost', 410, 702, 'reconnected']]);
    const before = session({ connectionType: 2, connected: 690 });
    expect(gaps([lost, before])).toEqual([[690, 'connectionLost', 410, 690, 'reconnected']]);
    const [whole] = gaps([{ ...lost, lastEvent: 702, lastTold: 702 }, back]);
    expect(whole).toBeUndefined();
  });
});

describe('moments of IDB', () => {
  it('are read as they are written; what is no moment is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(parseGmt(formatGmt(seconds))).toBe(seconds);
      }),
    );
    expect([null, '', 'today', '2026-02-30 00:00:00'].map(parseGmt)).toEqual([
      ...[null, null, null, null],
    ]);
  });
});
