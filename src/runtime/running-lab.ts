import type { IdbTransaction } from '../engine/idb/row-changes.ts';
import type { LabEvent } from '../engine/kernel/events.ts';
import type { JournalSink, LogLine } from '../engine/kernel/journal.ts';
import type { LabDefinition } from '../engine/lab/definition.ts';
import { Lab } from '../engine/lab/lab.ts';
import { IdbDatabase } from './idb/idb-database.ts';
import { RowCauses } from './idb/row-causes.ts';
import { JournalStore } from './journal/journal-store.ts';
import { LadderIndex } from './journal/ladder-index.ts';

/** A lab with everything that is derived from it: journal, IDB, and why each row is there. */
export class RunningLab {
  private constructor(
    readonly lab: Lab,
    readonly journal: JournalStore,
    readonly idb: IdbDatabase,
    readonly rowCauses: RowCauses,
    readonly ladder: LadderIndex,
  ) {}

  static async create(definition: LabDefinition): Promise<RunningLab> {
    const journal = new JournalStore();
    const idb = await IdbDatabase.create();
    const rowCauses = new RowCauses();
    const ladder = new LadderIndex();
    const lab = Lab.create(definition, sinkInto(journal, ladder, idb, rowCauses));
    return new RunningLab(lab, journal, idb, rowCauses, ladder);
  }

  /** Continues from a checkpoint; the journal starts there. */
  static async restore(definition: LabDefinition, saved: SavedLab): Promise<RunningLab> {
    const journal = new JournalStore();
    const idb = await IdbDatabase.open(saved.idbImage);
    const rowCauses = new RowCauses(saved.rowCauses);
    const ladder = new LadderIndex();
    const sink = sinkInto(journal, ladder, idb, rowCauses);
    const lab = Lab.restore(definition, saved.engine, sink);
    return new RunningLab(lab, journal, idb, rowCauses, ladder);
  }

  save(): SavedLab {
    return {
      engine: this.lab.simulation.checkpoint(),
      idbImage: this.idb.image(),
      rowCauses: this.rowCauses.toData(),
    };
  }

  get nowUs(): number {
    return this.lab.simulation.nowUs;
  }

  get eventCount(): number {
    return this.lab.simulation.world.eventCount;
  }

  close(): void {
    this.idb.close();
  }
}

export type SavedLab = {
  readonly engine: Uint8Array;
  readonly idbImage: Uint8Array;
  readonly rowCauses: Uint8Array;
};

function sinkInto(
  journal: JournalStore,
  ladder: LadderIndex,
  idb: IdbDatabase,
  rowCauses: RowCauses,
): JournalSink {
  return {
    onEvent(event: LabEvent) {
      journal.append(event, event.dueUs);
      ladder.onEvent(event);
    },
    onLogLine: (line: LogLine) => journal.addLogLine(line),
    onOutput(_process, _cause, _atUs, output) {
      const transaction = output as unknown as IdbTransaction;
      idb.apply(transaction);
      rowCauses.note(transaction);
    },
  };
}
