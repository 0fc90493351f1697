import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRouterState,
  hashState,
  type RouterState,
  RouterTable,
} from '../../../src/engine/icm/router/router-state.ts';
import { recreateTables, snapshotTables } from '../../../src/engine/icm/router/table-transfer.ts';
import { beginSectionHash, hashSection } from '../../../src/engine/icm/state-section.ts';

function smallState(): RouterState {
  const state = createRouterState();
  for (const name of ['agent', 'label', 'standardObject'] as const) {
    const table = new RouterTable(state, name);
    for (let number = 1; number <= 20; number++) {
      const handle = table.add();
      if (name !== 'standardObject') table.set(handle, 'dbid', number);
    }
  }
  return state;
}

const copied = (state: RouterState) =>
  snapshotTables(state).map((section) => ({ ...section, bytes: section.bytes.slice() }));

describe('a snapshot of the tables', () => {
  const changes: [string, (agents: RouterTable) => void][] = [
    ['a word', (agents) => agents.set(3, 'state', 4)],
    ['a text', (agents) => agents.setText(3, 'lastName', 'Rossi')],
    ['words in place', (agents) => agents.words(3, 'skillGroups').fill(9)],
    ['a new record', (agents) => agents.add()],
    ['many new records', (agents) => Array.from({ length: 50 }, () => agents.add())],
    ['a removed record', (agents) => agents.remove(3)],
  ];
  it.each(changes)('does not see %s that comes later', (_, change) => {
    const state = smallState();
    const before = hashState(state);
    const snapshot = snapshotTables(state);
    change(new RouterTable(state, 'agent'));
    expect(hashState(state)).not.toBe(before);
    const sections = snapshot.map((section) => ({ ...section, bytes: section.bytes.slice() }));
    expect(hashState(recreateTables(sections))).toBe(before);
  });

  it('becomes tables that live on alone', () => {
    const state = smallState();
    const before = hashState(state);
    const recreated = recreateTables(copied(state));
    new RouterTable(recreated, 'agent').set(1, 'state', 3);
    expect(hashState(recreated)).not.toBe(before);
    expect(hashState(state)).toBe(before);
  });

  it('is recreated from bytes at any place in their memory', () => {
    const state = smallState();
    const sections = copied(state).map((section) => {
      const moved = new Uint8Array(section.bytes.length + 1);
      moved.set(section.bytes, 1);
      return { ...section, bytes: moved.subarray(1) };
    });
    expect(hashState(recreateTables(sections))).toBe(hashState(state));
  });
});

describe('the hash of a section', () => {
  const section = copied(smallState()).find(({ name }) => name === 'agent')!;
  const { bytes } = section;

  it('is the same however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 70_000 }), { maxLength: 9 }), (lengths) => {
        const hash = beginSectionHash(section);
        let at = 0;
        for (const length of [...lengths, bytes.length]) {
          hash.bytes(bytes.subarray(at, at + length));
          at = Math.min(bytes.length, at + length);
        }
        expect(hash.hex()).toBe(hashSection(section));
      }),
    );
  });

  it('sees a flipped bit, another name length and other counters', () => {
    const { name, numbers } = section;
    const flipped = bytes.slice();
    flipped[flipped.length >> 1] ^= 1;
    const others = [
      { name, numbers, bytes: flipped },
      { name, numbers: [numbers[0] + 1, numbers[1]], bytes },
      { name: `${name}s`, numbers, bytes },
    ];
    for (const other of others) expect(hashSection(other)).not.toBe(hashSection(section));
  });
});

describe('room for records', () => {
  it('is what they would have taken one by one', () => {
    const [reserved, grown] = [createRouterState(), createRouterState()];
    new RouterTable(reserved, 'agent').reserve(20);
    for (const state of [reserved, grown]) {
      const agents = new RouterTable(state, 'agent');
      for (let dbid = 1; dbid <= 20; dbid++) agents.set(agents.add(), 'dbid', dbid);
    }
    expect(hashState(reserved)).toBe(hashState(grown));
  });
});
