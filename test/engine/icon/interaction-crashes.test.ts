import { describe, expect, it } from 'vitest';
import { Desk } from '../../support/desk.ts';
import { rowsOf, SECOND } from '../../support/lab50.ts';

/**
 * ICON dies right behind every disk and database operation of a run, and comes back: each time
 * nothing is written twice, nothing that was there is torn, nothing is left in the active tables.
 */

type Flow = { readonly lab: 'desk' | 'channels'; readonly lines: readonly string[] };

const CALL: readonly string[] = [
  ...['phone 2001 login 4001', 'phone 2001 ready', 'call 7001 5550100', 'phone 2001 answer'],
  ...['data 2001 CUSTOMER_ID=C1', 'phone 2001 consult 2002', 'phone 2002 answer'],
  ...['phone 2001 complete transfer', 'phone 2002 hang up', 'phone 2001 ready'],
];

const CHANNELS: readonly string[] = [
  ...['phone 2001 login 4001', 'phone 2001 ready', 'media 2003 login', 'media 2003 ready email'],
  ...['campaign Renewals_2026 load', 'campaign Renewals_2026 start', 'submit email Inbound_Email'],
  ...['outside 5550101 answer', 'phone 2001 answer', 'media 2003 accept', 'data 2001 PRODUCT=Car'],
  ...['campaign Renewals_2026 stop', 'phone 2001 hang up', 'media 2003 done'],
  ...['campaign Renewals_2026 unload', 'media 2003 logout'],
];

/** Lab moments at which ICON or the RDBMS heard of its disk, or they of each other. */
function operations({ lab, lines }: Flow): number[] {
  const desk = new Desk({ lab });
  const from = desk.watched.events.length;
  desk.say(...lines);
  desk.run(5);
  const moments = desk.watched.events.slice(from).flatMap(({ kind, target, dueUs, data }) => {
    const isOwn = target === 'icon1' || target === 'idb';
    const isDatabase =
      kind === 'sessionMessage' && ['idb', 'icon1'].includes((data as { from: string }).from);
    return isOwn && (kind === 'diskSynced' || isDatabase) ? [dueUs] : [];
  });
  return [...new Set(moments)];
}

function crashAt({ lab, lines }: Flow, momentUs: number, host: boolean): Desk {
  const desk = new Desk({ lab });
  const { simulation } = desk.watched.lab;
  const crash = () => {
    simulation.runUntil(momentUs);
    if (host) {
      desk.do({ verb: 'crash-host', host: 'icon' });
      desk.do({ verb: 'boot-host', host: 'icon' });
    } else {
      desk.do({ verb: 'crash-process', process: 'icon1' });
      desk.do({ verb: 'start-process', process: 'icon1' });
    }
  };
  let done = false;
  for (const line of lines) {
    if (!done && momentUs <= simulation.nowUs + SECOND) {
      // The line is said at its time, the crash comes within the second behind it.
      const at = simulation.nowUs;
      desk.sayNow(line);
      if (momentUs > at) crash();
      simulation.runUntil(Math.max(at + SECOND, simulation.nowUs));
      done = true;
    } else desk.say(line);
  }
  if (!done) crash();
  desk.run(60);
  return desk;
}

const FLOWS: readonly (readonly [string, Flow])[] = [
  ['a transferred call', { lab: 'desk', lines: CALL }],
  ['a campaign and an e-mail', { lab: 'channels', lines: CHANNELS }],
];

/** Columns whose values no two rows of their tables share. */
const UNIQUE = [
  ['G_CALL', 'CALLID'],
  ['G_IR', 'IRID'],
  ['G_PARTY_HISTORY', 'GSYS_SEQ'],
  ['GO_CAMPAIGN', 'SESSID'],
  ['GO_CHAIN', 'CHAINGUID'],
  ['G_LOGIN_SESSION', 'LOGINSESSIONID'],
] as const;

describe.each(FLOWS)('ICON that dies at any operation of %s', (_name, flow) => {
  const moments = operations(flow);

  it('there are many of them', () => {
    expect(moments.length).toBeGreaterThan(30);
  });

  it.each([
    ['the process', false],
    ['its host', true],
  ])('%s: nothing twice, nothing torn, nothing left active', (_what, host) => {
    for (const moment of moments) {
      const { watched, icon } = crashAt(flow, moment, host);
      const inserts = watched.changes.filter(({ op }) => op === 'insert');
      const keys = new Set(inserts.map(({ table, row }) => `${table} ${row}`));
      expect(keys.size, `at ${moment}`).toBe(inserts.length);
      expect(icon.pipeline.queued).toEqual([]);
      const rows = (table: string) => rowsOf(watched.changes, table);
      expect(rows('G_CALL_ACTIVE'), `at ${moment}`).toEqual([]);
      expect(rows('G_IR_ACTIVE')).toEqual([]);
      for (const call of rows('G_CALL')) expect(call['STATE'], `at ${moment}`).toBe(2);
      for (const [table, column] of UNIQUE) {
        const values = rows(table).map((row) => row[column]);
        expect(new Set(values).size, `${table} at ${moment}`).toBe(values.length);
      }
    }
  });
});
