import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CallCopy,
  mergeCalls,
  mergeSessions,
  type SessionCopy,
} from '../../../../src/engine/idb/availability/merge.ts';

const call = (callId: string, interaction: string, more: Partial<CallCopy> = {}): CallCopy => {
  return { callId, interaction, isEnded: true, isReliable: true, ...more };
};
const taken = (idbs: readonly (readonly CallCopy[])[]) =>
  mergeCalls(idbs).map(({ copy, from }) => `${copy.callId} ${copy.interaction} of ${from}`);
const LOST = { isReliable: false };

describe('calls of two IDBs', () => {
  it('each once, from the one that has it reliably, else from any that has it', () => {
    const first = [call('A', 'i1'), call('B', 'i2', LOST), call('C', 'i3', LOST)];
    const second = [call('A', 'j1'), call('B', 'j2'), call('D', 'j3', LOST)];
    expect(taken([first, second])).toEqual(['A i1 of 0', 'B j2 of 1', 'C i3 of 0', 'D j3 of 1']);
  });

  it('calls of one interaction stay together where one IDB has them all reliably', () => {
    const first = [call('A', 'i1'), call('B', 'i1', LOST), call('C', 'i1')];
    const second = [call('A', 'j1'), call('B', 'j1'), call('C', 'j1')];
    expect(taken([first, second])).toEqual(['A j1 of 1', 'B j1 of 1', 'C j1 of 1']);
  });

  it('a call that only the other IDB has reliably is taken from there all the same', () => {
    const first = [call('A', 'i1'), call('B', 'i1'), call('C', 'i1', LOST)];
    const second = [call('A', 'j1', LOST), call('C', 'j2')];
    expect(taken([first, second])).toEqual(['A i1 of 0', 'B i1 of 0', 'C j2 of 1']);
  });

  it('one that goes on here and has ended there is taken from there', () => {
    const open = call('A', 'i1', { isEnded: false });
    expect(taken([[open], [call('A', 'j1')]])).toEqual(['A j1 of 1']);
    const lost = { isEnded: false, isReliable: false };
    expect(taken([[call('A', 'i1', lost)], [call('A', 'j1', LOST)]])).toEqual(['A j1 of 1']);
  });

  it('never loses a call, and never takes it unreliable while it is reliable somewhere', () => {
    const copy = fc.record({
      callId: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      interaction: fc.constantFrom('1', '2', '3'),
      isEnded: fc.boolean(),
      isReliable: fc.boolean(),
    });
    const idb = fc.uniqueArray(copy, { selector: ({ callId }) => callId });
    fc.assert(
      fc.property(idb, idb, (first, second) => {
        const found = mergeCalls([first, second]);
        const all = [...first, ...second];
        const ids = found.map((one) => one.copy.callId);
        expect([...ids].sort()).toEqual([...new Set(all.map(({ callId }) => callId))].sort());
        for (const one of found) {
          const same = all.filter(({ callId }) => callId === one.copy.callId);
          expect(one.copy.isReliable).toBe(same.some(({ isReliable }) => isReliable));
          expect([first, second][one.from]).toContain(one.copy);
        }
      }),
    );
  });
});

describe('login sessions of two IDBs', () => {
  const session = (id: string, created: number, terminated: number | null, isReliable = true) =>
    ({ id, login: 'L', created, terminated, isReliable }) satisfies SessionCopy;
  const ids = (idbs: readonly (readonly SessionCopy[])[]) =>
    mergeSessions(idbs).map(({ copy }) => copy.id);

  it('the same time at work is taken once, from the IDB that has it reliably', () => {
    const first = [session('a', 0, 100), session('b', 200, 300, false)];
    const second = [session('c', 0, 100), session('d', 200, 300)];
    expect(ids([first, second])).toEqual(['a', 'd']);
  });

  it('a session that one ICON has in two pieces is taken whole from the other', () => {
    const first = [session('a', 0, 40, false), session('b', 60, 100, false)];
    expect(ids([first, [session('c', 0, 100)]])).toEqual(['c']);
    expect(ids([[session('c', 0, 100)], first])).toEqual(['c']);
  });

  it('a reliable piece is kept, whoever has more of the rest', () => {
    const first = [session('a', 0, 70), session('b', 72, 500, false)];
    const second = [session('c', 0, 80, false), session('d', 80, 500)];
    expect(ids([first, second])).toEqual(['a', 'd']);
  });

  it('of another login, or at another time, nothing is left out', () => {
    const other = { ...session('x', 0, 100), login: 'M' };
    expect(ids([[session('a', 0, 100)], [other, session('b', 100, null)]])).toEqual([
      'a',
      'b',
      'x',
    ]);
  });

  it('one that goes on here and has ended there is taken from there', () => {
    expect(ids([[session('a', 0, null)], [session('b', 0, 100)]])).toEqual(['b']);
  });
});
