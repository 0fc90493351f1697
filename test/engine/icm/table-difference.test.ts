import { describe, expect, it } from 'vitest';
import {
  addRecord,
  createTable,
  defineTable,
  removeRecord,
  setText,
  setWord,
  viewWords,
} from '../../../src/engine/icm/record-table.ts';
import { countDifferences, listDifferences } from '../../../src/engine/icm/table-difference.ts';

const LAYOUT = defineTable('thing', 4, { name: { text: 8 }, state: 'word', hours: { words: 3 } });

function twoTables() {
  const one = createTable();
  const other = createTable();
  for (const table of [one, other]) {
    for (let record = 0; record < 3; record++) {
      const handle = addRecord(LAYOUT, table);
      setText(LAYOUT, table, handle, 'name', `n${handle}`);
    }
  }
  return { one, other };
}

describe('differences of two tables', () => {
  it('there are none between equal ones', () => {
    const { one, other } = twoTables();
    expect(countDifferences(LAYOUT, one, other)).toEqual({
      added: 0,
      removed: 0,
      changed: 0,
      unusedWords: 0,
    });
    expect(listDifferences(LAYOUT, one, other, 10)).toEqual([]);
  });

  it('names records that are new or gone, and every field that differs', () => {
    const { one, other } = twoTables();
    removeRecord(LAYOUT, one, 2);
    addRecord(LAYOUT, other);
    setText(LAYOUT, other, 1, 'name', 'other');
    setWord(LAYOUT, other, 3, 'state', 5);
    viewWords(LAYOUT, other, 3, 'hours')[2] = 7;
    expect(countDifferences(LAYOUT, one, other)).toMatchObject({
      added: 2,
      removed: 0,
      changed: 2,
    });
    expect(listDifferences(LAYOUT, one, other, 10)).toEqual([
      { handle: 1, field: 'name', one: 'n1', other: 'other' },
      { handle: 2, field: 'record', one: 'is not there', other: 'is there' },
      { handle: 3, field: 'state', one: '0', other: '5' },
      { handle: 3, field: 'hours[2]', one: '0', other: '7' },
      { handle: 4, field: 'record', one: 'is not there', other: 'is there' },
    ]);
    expect(listDifferences(LAYOUT, one, other, 2)).toHaveLength(2);
  });

  it('sees a word that differs where no record is in use', () => {
    const { one, other } = twoTables();
    other.words[other.words.length - 1] = 1;
    expect(countDifferences(LAYOUT, one, other).unusedWords).toBe(1);
  });
});
