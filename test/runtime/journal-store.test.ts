import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../src/engine/kernel/events.ts';
import { JournalStore } from '../../src/runtime/journal/journal-store.ts';

const timer = (seq: number, name = 'talk'): LabEvent => ({
  dueUs: seq * 10,
  seq,
  cause: seq - 1,
  kind: 'timer',
  target: `process ${seq % 3}`,
  incarnation: 1,
  data: { name, data: seq },
});

function filled(count: number, limits = { entries: 100, details: 7, logLines: 10 }): JournalStore {
  const store = new JournalStore(limits);
  for (let seq = 1; seq <= count; seq++) {
    const event = timer(seq, seq % 2 === 0 ? 'heartbeat' : 'talk');
    store.append(event, event.dueUs);
  }
  return store;
}

describe('the journal store', () => {
  it('keeps the newest whole events, and of the others what its columns say', () => {
    const store = filled(40);
    for (let seq = 1; seq <= 40; seq++) {
      const { kind, target, cause, atUs, event } = store.bySeq(seq)!;
      expect({ kind, target, cause, atUs }).toEqual({
        kind: 'timer',
        target: `process ${seq % 3}`,
        cause: seq - 1,
        atUs: seq * 10,
      });
      const kept = seq % 2 === 1 && seq > 40 - 2 * 7;
      expect(event).toEqual(kept ? timer(seq) : undefined);
    }
    expect(store.causesOf(40).map(({ seq }) => seq)).toHaveLength(40);
  });

  it('keeps commands whole, and knows which came between two moments', () => {
    const store = new JournalStore({ entries: 100, details: 7, logLines: 10 });
    const command = (seq: number): LabEvent => ({
      ...timer(seq),
      kind: 'command',
      data: { type: 'repair' },
    });
    for (let seq = 1; seq <= 60; seq++) {
      const event = seq % 20 === 0 ? command(seq) : timer(seq);
      store.append(event, event.dueUs);
    }
    expect(store.bySeq(19)!.event).toBeUndefined();
    expect(store.bySeq(20)!.event).toEqual(command(20));
    expect(store.commandsBetween(200, 600).map(({ seq }) => seq)).toEqual([60, 40]);
  });

  it('drops the older half when it is full, and absorbs a later journal whole', () => {
    const store = filled(130);
    expect(store.count).toBe(130);
    expect(store.firstPosition).toBe(50);
    expect(store.bySeq(50)).toBeUndefined();
    expect(store.bySeq(51)!.seq).toBe(51);
    expect(store.bySeq(129)!.event).toEqual(timer(129));
    const earlier = filled(49);
    earlier.absorb(store);
    expect(earlier.bySeq(129)!.event).toEqual(timer(129));
    expect(earlier.bySeq(128)!.event).toBeUndefined();
    expect(earlier.bySeq(60)!.cause).toBe(59);
  });
});
