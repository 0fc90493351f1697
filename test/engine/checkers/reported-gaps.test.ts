import { describe, expect, it } from 'vitest';
import { reportedGaps } from '../../../src/engine/checkers/reported-gaps.ts';
import type { RowChange } from '../../../src/engine/idb/row-changes.ts';
import { idbTable } from '../../../src/engine/idb/schema.ts';
import { ICON1, isTable, type Spoil, sentences } from '../../support/spoiled-database.ts';

const CALL = ['call 8001 5550100', 'outside 5550100 hang up'];
/** Two minutes: a line of the console takes three seconds. */
const WAIT = new Array<string>(40)
  .fill('outside 5550100 hang up')
  .map(() => 'phone 2001 login 4001');
const LINES = [
  ...CALL,
  'cut public icon ts-east',
  ...WAIT,
  'repair public icon ts-east',
  ...WAIT.slice(20),
  ...CALL,
];

const TABLE = idbTable('G_DSS_GCC_PROVIDER');
const column = (name: string) => TABLE.columnNumbers.get(name)!;
const names = (change: RowChange, name: string) =>
  isTable(change, TABLE.name) && change.op === 'update' && change.columns.includes(column(name));

/** The first session is said to have gone on until much later. */
const later: Spoil = (change) => {
  if (!names(change, 'DSCONN_ETIME') || change.op !== 'update') return [change];
  const at = change.columns.indexOf(column('DSCONN_ETIME'));
  return [{ ...change, values: change.values.with(at, '2026-03-02 16:00:00') }];
};

/** The connection is said to have ended, at a moment at which it was there. */
const ended: Spoil = (change) => {
  if (!isTable(change, TABLE.name) || change.op !== 'insert' || change.row === 1) return [change];
  const values = change.values.with(column('DSCONN_ETIME'), '2026-03-02 15:03:59');
  return [{ ...change, values }];
};

describe('the checker of reported gaps', () => {
  it('says nothing while gaps are as the outages were', () => {
    expect(sentences(reportedGaps(ICON1), LINES)).toEqual([]);
  });

  it('sees an outage that nothing tells of', () => {
    const sentence = /TS_East: no data from \d+ to \d+, and no gap says so/;
    expect(sentences(reportedGaps(ICON1), LINES, later).join()).toMatch(sentence);
  });

  it('sees a gap that there was none of', () => {
    const sentence = /TS_East: a gap from \d+ to null is reported, and there was none/;
    expect(sentences(reportedGaps(ICON1), LINES, ended).join()).toMatch(sentence);
  });

  it('takes the last sign of life for the end of a session of which none is told', () => {
    const silent: Spoil = (change) => (names(change, 'DSCONN_ETIME') ? [] : [change]);
    expect(sentences(reportedGaps(ICON1), LINES, silent)).toEqual([]);
  });
});
