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

  it('tells the messages that name a call, also those that are not kept whole', () => {
    const message = (seq: number, fields: object): LabEvent => ({
      ...timer(seq),
      kind: 'sessionMessage',
      data: { message: { type: 'any', ...fields } } as unknown as LabEvent['data'],
    });
    const names = [{ CallUUID: 'c' }, { InteractionID: 'i' }, { dialog: 0 }, { ChainGUID: 'g' }];
    const fields = [...names, { UserData: new Map() }, {}, { digits: '1' }];
    const store = new JournalStore({ entries: 100, details: 10, logLines: 10 });
    for (let seq = 1; seq <= 70; seq++) {
      store.append(message(seq, fields[seq % fields.length]), seq * 10);
    }
    const told: (number | undefined)[] = [];
    store.forEachCallMessage(505, 680, (event) => told.push(event?.seq) > 0);
    // Of each seven the last two name none; the newest ten are whole.
    expect(told).toEqual([...Array(8).fill(undefined), 63, 64, 65, 66, 67]);
    let looks = 0;
    store.forEachCallMessage(0, 1e9, () => ++looks < 3);
    expect(looks).toBe(3);
    expect([store.firstAt(0), store.firstAt(505), store.firstAt(1e9)]).toEqual([0, 50, 70]);
    const earlier = new JournalStore({ entries: 100, details: 10, logLines: 10 });
    earlier.absorb(store);
    const absorbed: (number | undefined)[] = [];
    earlier.forEachCallMessage(505, 680, (event) => absorbed.push(event?.seq) > 0);
    expect(absorbed).toEqual(told);
  });

  it('holds no more however long a lab runs', () => {
    const store = new JournalStore({ entries: 50_000, details: 10, logLines: 10 });
    const pages: number[] = [];
    for (let seq = 1; seq <= 400_000; seq++) {
      store.append(timer(seq), seq * 10);
      if (seq % 100_000 === 0) pages.push(store.pageCount);
    }
    expect(Math.max(...pages)).toBeLessThanOrEqual(8 * 6);
    expect(store.bySeq(300_000)).toBeUndefined();
    expect(store.positionOf(300_000)).toBe(-1);
    expect(store.bySeq(399_999)!.cause).toBe(399_998);
    expect(store.effectsOf(399_990, 3, 100).map(({ step }) => step)).toEqual([1, 2, 3]);
  });
});
