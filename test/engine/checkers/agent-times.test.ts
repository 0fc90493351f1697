import { describe, expect, it } from 'vitest';
import { agentTimes } from '../../../src/engine/checkers/agent-times.ts';
import type { RowChange } from '../../../src/engine/idb/row-changes.ts';
import { idbTable } from '../../../src/engine/idb/schema.ts';
import { ICON1, isTable, type Spoil, sentences } from '../../support/spoiled-database.ts';

/** A session with every state: ready, busy, after-call work, a break, pending states. */
const LINES = [
  ...['phone 2001 login 4001', 'phone 2001 ready', 'call 7001 5550100', 'phone 2001 answer'],
  ...['phone 2001 not ready Lunch', 'phone 2001 ready', 'outside 5550100 hang up'],
  ...['phone 2001 ready', 'phone 2001 not ready Break', 'phone 2001 ready', 'phone 2001 logout'],
];

/** A column of a table is one more than it should be. */
function raise(table: string, column: string): Spoil {
  const number = idbTable(table).columnNumbers.get(column)!;
  return (change: RowChange) => {
    if (!isTable(change, table) || change.op !== 'update') return [change];
    const at = change.columns.indexOf(number);
    const values = change.values.map((value, index) => (index === at ? Number(value) + 1 : value));
    return [{ ...change, values }];
  };
}

describe('the checker of agent times', () => {
  it('says nothing while totals and history agree', () => {
    expect(sentences(agentTimes(ICON1), LINES)).toEqual([]);
  });

  it.each<[string, Spoil, RegExp]>([
    ['a second ready too many', raise('GS_AGENT_STAT', 'TT_AGENT_READY'), /TT_AGENT_READY/],
    ['a second busy too many', raise('GS_AGENT_STAT', 'TT_AGENT_BUSY'), /TT_AGENT_BUSY/],
    ['one more login second', raise('GS_AGENT_STAT', 'TT_AGENT_LOGIN'), /TT_AGENT_LOGIN/],
    ['it became ready once more', raise('GS_AGENT_STAT', 'CNT_AGENT_READY'), /CNT_AGENT_READY/],
    [
      'a row of the history is lost',
      (change) => (isTable(change, 'G_AGENT_STATE_HISTORY') && change.row === 3 ? [] : [change]),
      /has a gap in its history/,
    ],
    [
      'the totals are lost',
      (change) => (isTable(change, 'GS_AGENT_STAT') ? [] : [change]),
      /has not its totals once/,
    ],
  ])('sees that %s', (_what, spoil, sentence) => {
    expect(sentences(agentTimes(ICON1), LINES, spoil).join()).toMatch(sentence);
  });
});
