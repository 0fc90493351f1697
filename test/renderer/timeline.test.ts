import { createPinia, setActivePinia } from 'pinia';
import { describe, expect, it, vi } from 'vitest';
import type { TimelineMark } from '../../src/contract/rpc.ts';
import { groupMarks } from '../../src/renderer/features/timeline/mark-groups.ts';
import { useLab } from '../../src/renderer/stores/lab.ts';
import { useMoments } from '../../src/renderer/stores/moments.ts';
import { offerLab } from './offer-lab.ts';

const mark = (us: number, kind: TimelineMark['kind'] = 'command'): TimelineMark => ({
  us,
  kind,
  text: kind,
  seq: us,
});

describe('marks that would stand on each other', () => {
  it('stand together, and are shown as the gravest of them', () => {
    const marks = [mark(10), mark(12, 'event'), mark(14, 'fault'), mark(90)];
    const groups = groupMarks(marks, { fromUs: 0, toUs: 100 }, 10);
    expect(groups.map(({ at, kind, marks }) => [at, kind, marks.length])).toEqual([
      [0.15, 'fault', 3],
      [0.95, 'command', 1],
    ]);
  });

  it('of the range only, its ends included', () => {
    const marks = [0, 49, 50, 100, 101].map((us) => mark(us));
    const groups = groupMarks(marks, { fromUs: 50, toUs: 100 }, 5);
    expect(groups.flatMap(({ marks }) => marks.map(({ us }) => us))).toEqual([50, 100]);
    expect(groups.at(-1)?.at).toBeCloseTo(0.9);
  });

  it('are the same button while the range grows: nothing else takes its place', () => {
    const marks = [mark(10), mark(50), mark(52)];
    const groupsUpTo = (toUs: number) => groupMarks(marks, { fromUs: 0, toUs }, 10);
    const [before, after] = [groupsUpTo(60), groupsUpTo(120)];
    expect(before.map(({ key }) => key)).toEqual(after.map(({ key }) => key));
    expect(before[1].at).toBeGreaterThan(after[1].at);
  });
});

it('marks of a past that is replayed come while the lab stands still', async () => {
  let marks: readonly object[] = [];
  let reads = 0;
  offerLab({
    'timeline.read': () => {
      reads++;
      return marks;
    },
  });
  setActivePinia(createPinia());
  const lab = useLab();
  const moments = useMoments();
  await vi.waitFor(() => expect(reads).toBe(1));
  const status = { ...lab.status!, eventCount: 9, historyRebuilt: 0.5 };
  lab.status = status;
  await vi.waitFor(() => expect(reads).toBe(2), { timeout: 3000 });
  marks = [{ us: 5, kind: 'fault', text: 'cut private', seq: 1 }];
  // Nothing has happened in the lab; its past is whole now.
  lab.status = { ...status, historyRebuilt: null };
  await vi.waitFor(() => expect(moments.marks).toHaveLength(1), { timeout: 3000 });
});
