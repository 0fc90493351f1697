import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DICTIONARIES } from '../../../src/engine/idb/dictionary.ts';
import { IDB_TABLES } from '../../../src/engine/idb/schema.ts';
import type { LabDefinition } from '../../../src/engine/lab/definition.ts';
import { parseLabLine } from '../../../src/runtime/lab-console.ts';
import { programRoot } from '../../../src/runtime/program-root.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { desk, shippedLab } from '../../support/desk.ts';
import { SECOND } from '../../support/lab50.ts';

const MANUAL = readFileSync(join(programRoot(), 'docs', 'interactions.md'), 'utf8');

/** What the shipped lab of telephones can do, line after line, with two stored procedures. */
const LINES = [
  `option ICON1 user-data custom-keys ${Array.from({ length: 33 }, (_key, at) => `K${at}`)}`,
  'option ICON1 user-data secure-keys PIN',
  ...[
    'phone 2001 login 4001 7001',
    'phone 2001 ready',
    'phone 3001 login 6001',
    'phone 3001 ready',
  ],
  ...['call 8002 5550101', 'phone 3001 answer', 'phone 3001 hang up', 'phone 2001 not ready Lunch'],
  ...['phone 2001 dnd on', 'phone 2001 dnd off', 'phone 2003 dial 2004', 'phone 2004 answer'],
  ...['data 2003 CUSTOMER_ID=C1', 'data 2003 PIN=1', 'data 2003 K0=1', 'data 2003 K16=1'],
  ...['data 2003 K32=1', 'data 2003 event Note=x', 'data 2003 event State.Help=on'],
  ...['data 2003 event State.Help=', 'phone 2003 hang up', 'phone 2001 logout'],
  ...['procedure gsysInitTimeCode 2026-03-02 2026-03-03', 'procedure gsysIRMerge'],
];

/** What the shipped lab with campaigns can do beyond that. */
const CHANNEL_LINES = [
  ...['phone 2003 login 4003', 'phone 2003 ready', 'campaign Winback mode progressive'],
  ...['campaign Winback load', 'campaign Winback mode preview', 'campaign Winback start'],
  ...['campaign Renewals_2026 load', 'record 2003 preview', 'phone 2003 dial 5550201'],
  ...['media 2004 login', 'media 2004 ready email', 'submit email Inbound_Email'],
  ...[
    'media 2004 accept',
    'media 2004 done',
    'outside 5550201 answer',
    'data 2003 LAST_ORDER=X',
    'phone 2003 hang up',
  ],
];

async function fill(
  definition: LabDefinition = desk(),
  lines: readonly string[] = LINES,
): Promise<RunningLab> {
  const running = await RunningLab.create(definition);
  const { lab } = running;
  lab.simulation.runUntil(180 * SECOND);
  for (const line of lines) {
    const parsed = parseLabLine(line);
    if (parsed.kind === 'commands') {
      for (const command of parsed.commands) {
        const result = lab.execute(command as never);
        if (!result.ok) throw new Error(`${line}: ${result.error.message}`);
      }
    } else setOption(lab, line);
    lab.simulation.runUntil(lab.simulation.nowUs + 2 * SECOND);
  }
  lab.simulation.runUntil(lab.simulation.nowUs + 70 * SECOND);
  return running;
}

/** `option` is a line of the configuration: here by hand. */
function setOption(lab: RunningLab['lab'], line: string): void {
  const [, name, section, option, value] = line.split(' ');
  type Objects = Map<string, { type: string; fields: Record<string, unknown>; options?: object }>;
  const { objects } = lab.stateOf<{ objects: Objects }>('confserv')!;
  const object = [...objects.values()].find(({ fields }) => fields['name'] === name)!;
  const options = (object.options ?? {}) as Record<string, Record<string, string>>;
  const changed = { ...options, [section]: { ...options[section], [option]: value } };
  lab.execute({ verb: 'update-object', object: { ...object, options: changed } as never });
}

/** Tables that the manual says are empty, each with its reason. */
function listedEmpty(): string[] {
  const part = MANUAL.slice(MANUAL.indexOf('## Tables that stay empty'));
  return [...part.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name);
}

describe('every table of the schema', () => {
  it('is filled by what the lab can do, or listed with the reason why not', async () => {
    const filled: string[] = [];
    for (const running of [await fill(), await fill(shippedLab('channels'), CHANNEL_LINES)]) {
      // Rows of active tables go again; every insert has left its cause.
      for (const { name, number } of IDB_TABLES) {
        const isThere = running.idb.count(name) > 0;
        if (isThere || running.idbs[0].rowCauses.causesOf(number, 1).length > 0) filled.push(name);
      }
      running.close();
    }
    const configuration = /^GCX?_/;
    const rest = IDB_TABLES.filter(
      ({ name }) => !filled.includes(name) && !configuration.test(name),
    ).map(({ name }) => name);
    expect(new Set(rest)).toEqual(new Set(listedEmpty()));
  }, 60_000);

  it('dictionaries and time codes are there as they are documented', async () => {
    const running = await fill();
    const words = DICTIONARIES.reduce((sum, { values }) => sum + Object.keys(values).length, 0);
    expect(running.idb.count('G_DICTIONARY')).toBe(words);
    expect(running.idb.count('G_TIMECODE')).toBe(288);
    const { rows } = running.idb.page('G_LOG_MESSAGES', 0, 10);
    expect(rows.map(([, id]) => id)).toEqual([5040, 5050]);
    running.close();
  }, 60_000);
});
