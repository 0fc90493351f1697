import { describe, expect, it } from 'vitest';
import { CheckedRun } from '../../../src/engine/checkers/checker.ts';
import { wholeCalls } from '../../../src/engine/checkers/whole-calls.ts';
import { addChange, createBatch } from '../../../src/engine/idb/row-batch.ts';
import { changesOf } from '../../../src/engine/idb/row-batch-reader.ts';
import type { IdbTransaction, RowChange } from '../../../src/engine/idb/row-changes.ts';
import { idbTable } from '../../../src/engine/idb/schema.ts';
import { silentJournal } from '../../../src/engine/kernel/journal.ts';
import type { Behaviour, Context } from '../../../src/engine/kernel/process.ts';
import { Lab } from '../../../src/engine/lab/lab.ts';
import { parseLabLine } from '../../../src/runtime/lab-console.ts';
import { desk } from '../../support/desk.ts';
import { GENESYS_ONLY, SECOND } from '../../support/lab50.ts';

type Spoil = (change: RowChange) => readonly RowChange[];

/** An RDBMS that does not store what it was given. */
function spoiling(spoil: Spoil) {
  const good = GENESYS_ONLY.get('rdbms')!;
  const spoiled = (context: Context<unknown>): Context<unknown> =>
    new Proxy(context, {
      get(target, name) {
        if (name !== 'emit') return Reflect.get(target, name);
        return (output: unknown) => target.emit(spoilOutput(output as IdbTransaction, spoil));
      },
    });
  const bad: Behaviour<unknown> = {
    ...good,
    onDiskSynced: (context, path) => good.onDiskSynced!(spoiled(context), path),
  };
  return new Map([...GENESYS_ONLY, ['rdbms', bad]]);
}

function spoilOutput(transaction: IdbTransaction, spoil: Spoil): IdbTransaction {
  const batch = createBatch();
  for (const change of changesOf(transaction)) {
    for (const one of spoil(change)) addChange(batch, one);
  }
  const { shapes, bytes, sizeBytes } = batch;
  return { ...transaction, shapes, bytes: bytes.slice(0, sizeBytes) };
}

/** Two calls, one with a transfer; what the checker says of them. */
function sentences(spoil: Spoil): string[] {
  const checked = new CheckedRun([wholeCalls()]);
  const lab = Lab.create(desk(), checked.sink(silentJournal), spoiling(spoil));
  const run = (seconds: number) =>
    checked.runUntil(lab.simulation, lab.simulation.nowUs + seconds * SECOND);
  run(20);
  const lines = [
    ...['call 2001 5550100', 'phone 2001 answer', 'phone 2001 hold', 'phone 2001 retrieve'],
    ...['phone 2001 consult 2002', 'phone 2002 answer', 'phone 2001 complete transfer'],
    ...['phone 2003 dial 2004', 'phone 2004 answer', 'phone 2003 hang up', 'phone 2002 hang up'],
  ];
  for (const line of lines) {
    const parsed = parseLabLine(line);
    if (parsed.kind !== 'commands') throw new Error(line);
    for (const command of parsed.commands) lab.execute(command as never);
    run(3);
  }
  run(60);
  return checked.violations.map(({ sentence }) => sentence);
}

const isTable = ({ table }: RowChange, name: string) => table === idbTable(name).number;

describe('the checker of whole calls', () => {
  it('says nothing while IDB has what ICON wrote', () => {
    expect(sentences((change) => [change])).toEqual([]);
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
    expect(sentences(spoil).join()).toMatch(sentence);
  });
});
