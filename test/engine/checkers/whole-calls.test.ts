import { describe, expect, it } from 'vitest';
import { wholeCalls } from '../../../src/engine/checkers/whole-calls.ts';
import { ICON1, isTable, type Spoil, sentences } from '../../support/spoiled-database.ts';

/** Two calls, one with a transfer. */
const LINES = [
  ...['call 2001 5550100', 'phone 2001 answer', 'phone 2001 hold', 'phone 2001 retrieve'],
  ...['phone 2001 consult 2002', 'phone 2002 answer', 'phone 2001 complete transfer'],
  ...['phone 2003 dial 2004', 'phone 2004 answer', 'phone 2003 hang up', 'phone 2002 hang up'],
];

describe('the checker of whole calls', () => {
  it('says nothing while IDB has what ICON wrote', () => {
    expect(sentences(wholeCalls(ICON1), LINES)).toEqual([]);
  });

  it.each<[string, Spoil, RegExp]>([
    [
      'a row is stored twice',
      (change) => (change.op === 'insert' ? [change, change] : [change]),
      /is written twice/,
    ],
    [
      'active rows stay',
      (change) => (change.op === 'delete' ? [] : [change]),
      /has a call that does not go on/,
    ],
    [
      'a call is not in the active table',
      (change) => (isTable(change, 'G_CALL_ACTIVE') ? [] : [change]),
      /is not in G_CALL_ACTIVE/,
    ],
    [
      'totals of parties are lost',
      (change) => (isTable(change, 'G_PARTY_STAT') ? [] : [change]),
      /has not its totals once/,
    ],
    [
      'totals of calls are lost',
      (change) => (isTable(change, 'G_CALL_STAT') ? [] : [change]),
      /its totals are not there once/,
    ],
    [
      'a row of a party is lost',
      (change) => (isTable(change, 'G_PARTY_HISTORY') && change.row === 3 ? [] : [change]),
      /has a gap in its history/,
    ],
    [
      'ends of calls are lost',
      (change) => (isTable(change, 'G_CALL') && change.op === 'update' ? [] : [change]),
      /is not terminated/,
    ],
    [
      'an interaction is lost',
      (change) => (isTable(change, 'G_IR') ? [] : [change]),
      /its interaction is not terminated once/,
    ],
  ])('sees that %s', (_what, spoil, sentence) => {
    expect(sentences(wholeCalls(ICON1), LINES, spoil).join()).toMatch(sentence);
  });
});
