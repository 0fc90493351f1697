import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addRecord,
  createTable,
  defineTable,
  getWord,
  handlesOf,
  removeRecord,
  setWord,
  snapshotTable,
  type TableState,
} from '../../../src/engine/icm/record-table.ts';
import { encodePlainData } from '../../../src/engine/kernel/plain-data.ts';

const LAYOUT = defineTable('thing', 4, { state: 'word' });

/** What the table must hold: as many words as its records need in steps of four, and no more. */
class Model {
  readonly states = new Map<number, number>();
  words = 0;

  add(handle: number, state: number): void {
    this.states.set(handle, state);
    this.words = Math.max(this.words, Math.ceil(handle / 4) * 4 * LAYOUT.recordWords);
  }

  remove(handle: number): void {
    this.states.delete(handle);
    const used = Math.max(0, ...this.states.keys());
    const keep = Math.ceil(used / 4 + 1) * 4 * LAYOUT.recordWords;
    this.words = Math.min(this.words, keep);
  }
}

function check(table: TableState, model: Model): void {
  expect(table.words.length).toBe(model.words);
  expect([...handlesOf(LAYOUT, table)].sort()).toEqual([...model.states.keys()].sort());
  for (const [handle, state] of model.states) {
    expect(getWord(LAYOUT, table, handle, 'state')).toBe(state);
  }
}

describe('the words of a table', () => {
  it('are those of its records, whatever room lies behind them; snapshots stay', () => {
    const act = fc.oneof(
      { weight: 4, arbitrary: fc.constant('add' as const) },
      { weight: 3, arbitrary: fc.constant('remove' as const) },
      { weight: 1, arbitrary: fc.constant('snapshot' as const) },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(act, fc.nat()), { maxLength: 200 }), (acts) => {
        const table = createTable();
        const model = new Model();
        const snapshots: { readonly live: Uint8Array; readonly kept: Uint8Array }[] = [];
        for (const [what, number] of acts) {
          const handles = [...model.states.keys()];
          if (what === 'add') {
            const handle = addRecord(LAYOUT, table);
            setWord(LAYOUT, table, handle, 'state', number);
            model.add(handle, number);
          } else if (what === 'snapshot') {
            const live = snapshotTable(table);
            snapshots.push({ live, kept: live.slice() });
          } else if (handles.length > 0) {
            const handle = handles[number % handles.length];
            removeRecord(LAYOUT, table, handle);
            model.remove(handle);
          }
          check(table, model);
        }
        for (const { live, kept } of snapshots) expect(live).toEqual(kept);
        // The room is no part of the state.
        const words = table.words.slice();
        expect(encodePlainData({ ...table })).toEqual(encodePlainData({ ...table, words }));
      }),
    );
  });

  it('that lie among other bytes, as those of a transfer do, stay out of them', () => {
    const sent = createTable();
    for (let record = 0; record < 12; record++) {
      setWord(LAYOUT, sent, addRecord(LAYOUT, sent), 'state', record);
    }
    const handles = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, at) => from + at);
    for (const offsetWords of [0, 8]) {
      const all = new Uint32Array(sent.words.length + 8).fill(7);
      all.set(sent.words, offsetWords);
      const arrived = all.slice();
      const table = (): TableState => {
        const words = all.subarray(offsetWords, offsetWords + sent.words.length);
        return { words, used: 12, count: 12 };
      };
      const growing = table();
      expect(addRecord(LAYOUT, growing)).toBe(13);
      expect([...handlesOf(LAYOUT, growing)]).toEqual(handles(1, 13));
      expect(all).toEqual(arrived);
      const shrinking = table();
      for (const handle of handles(5, 12)) removeRecord(LAYOUT, shrinking, handle);
      expect([...handlesOf(LAYOUT, shrinking)]).toEqual(handles(1, 4));
      expect(handles(1, 4).map((handle) => getWord(LAYOUT, shrinking, handle, 'state'))).toEqual([
        0, 1, 2, 3,
      ]);
      expect(shrinking.words.length).toBe(8 * LAYOUT.recordWords);
    }
  });

  it('are moved seldom while a table grows to thousands of records', () => {
    const table = createTable();
    const buffers = new Set<ArrayBufferLike>();
    for (let record = 0; record < 10_000; record++) {
      addRecord(LAYOUT, table);
      buffers.add(table.words.buffer);
    }
    expect(buffers.size).toBeLessThan(40);
  });
});
