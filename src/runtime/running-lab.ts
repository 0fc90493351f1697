import type { ProcedureCall } from '../engine/idb/procedures.ts';
import type { IdbTransaction } from '../engine/idb/row-changes.ts';
import type { LabEvent } from '../engine/kernel/events.ts';
import type { JournalSink, LogLine } from '../engine/kernel/journal.ts';
import type { LabDefinition } from '../engine/lab/definition.ts';
import { type IconPlace, iconPlaces } from '../engine/lab/icons.ts';
import { Lab } from '../engine/lab/lab.ts';
import { ConfigurationRows } from './configuration/edit-effect.ts';
import { IdbDatabase } from './idb/idb-database.ts';
import { RowCauses } from './idb/row-causes.ts';
import { JournalStore } from './journal/journal-store.ts';
import { LadderIndex } from './journal/ladder-index.ts';
import { TimelineIndex } from './journal/timeline-index.ts';

/** Hears what happens, as it happens. */
export type Watch = {
  event?(event: LabEvent): void;
  logLine?(line: LogLine): void;
};

/** What the journal keeps: swapped as a whole when an older past has been rebuilt. */
export class History {
  journal = new JournalStore();
  ladder = new LadderIndex();
  timeline = new TimelineIndex();
  watch: Watch | undefined;

  record(event: LabEvent): void {
    this.watch?.event?.(event);
    this.journal.append(event, event.dueUs);
    this.ladder.onEvent(event);
    this.timeline.onEvent(event);
  }

  log(line: LogLine): void {
    this.watch?.logLine?.(line);
    this.journal.addLogLine(line);
    this.timeline.onLogLine(line);
  }

  /** Takes over what a later history has, and its place. */
  absorb(later: History): void {
    this.journal.absorb(later.journal);
    this.ladder.absorb(later.ladder);
    this.timeline.absorb(later.timeline);
    later.journal = this.journal;
    later.ladder = this.ladder;
    later.timeline = this.timeline;
  }
}

/** The IDB of one ICON, and why each of its rows is there. */
export type LabIdb = {
  readonly place: IconPlace;
  readonly idb: IdbDatabase;
  readonly rowCauses: RowCauses;
};

/** A lab with everything that is derived from it: history, its IDBs, why each row is there. */
export class RunningLab {
  private constructor(
    readonly lab: Lab,
    readonly history: History,
    /** One for each ICON, in the order of the lab file. */
    readonly idbs: readonly LabIdb[],
    readonly configurationRows: ConfigurationRows,
  ) {}

  /** `watch` may listen to the journal beside what keeps it. */
  static async create(
    definition: LabDefinition,
    watch: (sink: JournalSink) => JournalSink = (sink) => sink,
  ): Promise<RunningLab> {
    const history = new History();
    const idbs: LabIdb[] = [];
    for (const place of iconPlaces(definition)) {
      idbs.push({ place, idb: await IdbDatabase.create(), rowCauses: new RowCauses() });
    }
    const recent = new ConfigurationRows();
    const lab = Lab.create(definition, watch(sinkInto(history, idbs, recent)));
    history.ladder.attach(lab.simulation.world.sessions);
    return new RunningLab(lab, history, idbs, recent);
  }

  /** Continues from a checkpoint; the history starts there until the older part is rebuilt. */
  static async restore(definition: LabDefinition, saved: SavedLab): Promise<RunningLab> {
    const history = new History();
    const idbs: LabIdb[] = [];
    for (const [at, place] of iconPlaces(definition).entries()) {
      const { image, rowCauses } = saved.idbs[at];
      const idb = await IdbDatabase.open(image);
      idbs.push({ place, idb, rowCauses: new RowCauses(rowCauses) });
    }
    const recent = new ConfigurationRows();
    const lab = Lab.restore(definition, saved.engine, sinkInto(history, idbs, recent));
    history.ladder.attach(lab.simulation.world.sessions);
    return new RunningLab(lab, history, idbs, recent);
  }

  /** The lab as it is, taken at once. */
  save(): SavedLab {
    return {
      engine: this.lab.simulation.checkpoint(),
      idbs: this.idbs.map(({ idb, rowCauses }) => ({
        image: idb.image(),
        rowCauses: rowCauses.toData(),
      })),
    };
  }

  /** The IDB of the first ICON: what looks at one IDB only looks at this. */
  get idb(): IdbDatabase {
    return this.idbs[0].idb;
  }

  /** That of an RDBMS process; the first one without a name. */
  idbIn(database = this.idbs[0].place.database): LabIdb {
    const found = this.idbs.find(({ place }) => place.database === database);
    if (!found) throw new Error(`the lab has no IDB in ${database}`);
    return found;
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
    for (const { idb } of this.idbs) idb.close();
  }
}

export type SavedIdb = { readonly image: Uint8Array; readonly rowCauses: Uint8Array };
export type SavedLab = { readonly engine: Uint8Array; readonly idbs: readonly SavedIdb[] };

function sinkInto(
  history: History,
  idbs: readonly LabIdb[],
  recent: ConfigurationRows,
): JournalSink {
  const byDatabase = new Map(idbs.map((one) => [one.place.database, one]));
  return {
    onEvent: (event: LabEvent) => history.record(event),
    onLogLine: (line: LogLine) => history.log(line),
    onOutput(process, cause, _atUs, output) {
      const known = byDatabase.get(process);
      if (!known) throw new Error(`${process} hands out rows, and no ICON has an IDB there`);
      const { idb, rowCauses } = known;
      const typed = output as unknown as IdbTransaction | ProcedureCall;
      if (typed.kind === 'idb procedure') {
        idb.call(typed, (op, table, row) => rowCauses.noteRow(op, table, row, cause));
        return;
      }
      const transaction = typed;
      if (!idb.apply(transaction)) return;
      rowCauses.note(transaction);
      recent.note(transaction, known.place.database);
    },
  };
}
