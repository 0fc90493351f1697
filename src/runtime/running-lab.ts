import type { ProcedureCall } from '../engine/idb/procedures.ts';
import type { IdbTransaction } from '../engine/idb/row-changes.ts';
import type { LabEvent } from '../engine/kernel/events.ts';
import type { JournalSink, LogLine } from '../engine/kernel/journal.ts';
import type { LabDefinition } from '../engine/lab/definition.ts';
import { Lab } from '../engine/lab/lab.ts';
import { ConfigurationRows } from './configuration/edit-effect.ts';
import { IdbDatabase } from './idb/idb-database.ts';
import { RowCauses } from './idb/row-causes.ts';
import { JournalStore } from './journal/journal-store.ts';
import { LadderIndex } from './journal/ladder-index.ts';

/** What the journal keeps: swapped as a whole when an older past has been rebuilt. */
export class History {
  journal = new JournalStore();
  ladder = new LadderIndex();

  record(event: LabEvent): void {
    this.journal.append(event, event.dueUs);
    this.ladder.onEvent(event);
  }
}

/** A lab with everything that is derived from it: history, IDB, and why each row is there. */
export class RunningLab {
  private constructor(
    readonly lab: Lab,
    readonly history: History,
    readonly idb: IdbDatabase,
    readonly rowCauses: RowCauses,
    readonly configurationRows: ConfigurationRows,
  ) {}

  /** `watch` may listen to the journal beside what keeps it. */
  static async create(
    definition: LabDefinition,
    watch: (sink: JournalSink) => JournalSink = (sink) => sink,
  ): Promise<RunningLab> {
    const history = new History();
    const idb = await IdbDatabase.create();
    const rowCauses = new RowCauses();
    const recent = new ConfigurationRows();
    const lab = Lab.create(definition, watch(sinkInto(history, idb, rowCauses, recent)));
    return new RunningLab(lab, history, idb, rowCauses, recent);
  }

  /** Continues from a checkpoint; the history starts there until the older part is rebuilt. */
  static async restore(definition: LabDefinition, saved: SavedLab): Promise<RunningLab> {
    const history = new History();
    const idb = await IdbDatabase.open(saved.idbImage);
    const rowCauses = new RowCauses(saved.rowCauses);
    const recent = new ConfigurationRows();
    const lab = Lab.restore(definition, saved.engine, sinkInto(history, idb, rowCauses, recent));
    return new RunningLab(lab, history, idb, rowCauses, recent);
  }

  save(): SavedLab {
    return {
      engine: this.lab.simulation.checkpoint(),
      idbImage: this.idb.image(),
      rowCauses: this.rowCauses.toData(),
    };
  }

  get journal(): JournalStore {
    return this.history.journal;
  }

  get ladder(): LadderIndex {
    return this.history.ladder;
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
  history: History,
  idb: IdbDatabase,
  rowCauses: RowCauses,
  recent: ConfigurationRows,
): JournalSink {
  return {
    onEvent: (event: LabEvent) => history.record(event),
    onLogLine: (line: LogLine) => history.journal.addLogLine(line),
    onOutput(_process, cause, _atUs, output) {
      const typed = output as unknown as IdbTransaction | ProcedureCall;
      if (typed.kind === 'idb procedure') {
        idb.call(typed, (op, table, row) => rowCauses.noteRow(op, table, row, cause));
        return;
      }
      const transaction = typed;
      if (!idb.apply(transaction)) return;
      rowCauses.note(transaction);
      recent.note(transaction);
    },
  };
}
