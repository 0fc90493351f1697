import { CheckedRun, type Checker } from '../../src/engine/checkers/checker.ts';
import { addChange, createBatch } from '../../src/engine/idb/row-batch.ts';
import { changesOf } from '../../src/engine/idb/row-batch-reader.ts';
import type { IdbTransaction, RowChange } from '../../src/engine/idb/row-changes.ts';
import { idbTable } from '../../src/engine/idb/schema.ts';
import { silentJournal } from '../../src/engine/kernel/journal.ts';
import type { Behaviour, Context } from '../../src/engine/kernel/process.ts';
import { Lab } from '../../src/engine/lab/lab.ts';
import { parseLabLine } from '../../src/runtime/lab-console.ts';
import { desk } from './desk.ts';
import { GENESYS_ONLY, SECOND } from './lab50.ts';

/** The ICON of the labs that have one. */
export const ICON1 = { process: 'icon1', database: 'idb' };

/** What a database makes of one change that it was given. */
export type Spoil = (change: RowChange) => readonly RowChange[];

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

/** Lines of the desk lab's console, and what a checker says of what IDB has then. */
export function sentences(
  checker: Checker,
  lines: readonly string[],
  spoil: Spoil = (change) => [change],
): string[] {
  const checked = new CheckedRun([checker]);
  const lab = Lab.create(desk(), checked.sink(silentJournal), spoiling(spoil));
  const run = (seconds: number) =>
    checked.runUntil(lab.simulation, lab.simulation.nowUs + seconds * SECOND);
  run(20);
  for (const line of lines) {
    const parsed = parseLabLine(line);
    if (parsed.kind !== 'commands') throw new Error(line);
    for (const command of parsed.commands) lab.execute(command as never);
    run(3);
  }
  run(60);
  return checked.violations.map(({ sentence }) => sentence);
}

export const isTable = ({ table }: RowChange, name: string) => table === idbTable(name).number;
