import { describe, expect, it } from 'vitest';
import { extraction } from '../../../src/engine/checkers/extraction.ts';
import { ICON1, isTable, type Spoil, sentences } from '../../support/spoiled-database.ts';

const LINES = [
  ...['call 2001 5550100', 'phone 2001 answer', 'data 2001 CUSTOMER_ID=C1'],
  ...['phone 2001 consult 2002', 'phone 2002 answer', 'phone 2001 complete transfer'],
  ...['phone 2002 hang up'],
];

const without =
  (table: string): Spoil =>
  (change) =>
    isTable(change, table) && change.op === 'insert' ? [] : [change];

describe('the checker of extraction', () => {
  it('says nothing while every row can be reached', () => {
    expect(sentences(extraction(ICON1), LINES)).toEqual([]);
  });

  it.each([
    ['G_IR', /of G_IR_HISTORY has the IRID .* which leads nowhere|of G_CALL has the IRID/],
    ['G_CALL', /has the CALLID .*, which leads nowhere/],
    ['G_PARTY', /of G_PARTY_(HISTORY|STAT) has the PARTYID .*, which leads nowhere/],
  ])('sees rows that nothing leads to when those of %s are lost', (table, sentence) => {
    expect(sentences(extraction(ICON1), LINES, without(table)).join()).toMatch(sentence);
  });
});
