import type { EditEffect } from '../../contract/rpc.ts';
import { TELL_CLIENTS } from '../../engine/configuration/configuration-server.ts';
import type { CallRouterState } from '../../engine/icm/router/call-router-state.ts';
import { changesOf, readShape } from '../../engine/idb/row-batch-reader.ts';
import type { IdbTransaction } from '../../engine/idb/row-changes.ts';
import { IDB_TABLES } from '../../engine/idb/schema.ts';
import type { Delivery } from '../../engine/kernel/events.ts';
import type { Steps } from '../../engine/kernel/steps.ts';
import type { Lab } from '../../engine/lab/lab.ts';
import type { JournalEntry, JournalStore } from '../journal/journal-store.ts';
import { LongWork } from '../long-work.ts';
import type { RunningLab } from '../running-lab.ts';

/** What an edit did, told from the causes in the journal: messages, rows, bytes of router state. */

/** Lab time behind the edit that is looked at: by then all has come of it. */
const FOLLOWED_US = 30 * 1_000_000;
/** Rows of configuration tables that are remembered with their causes. */
const MAX_ROWS = 200_000;
const ENTRIES_A_STEP = 256;
/** Rows and kinds of messages that are named; the rest are counted. */
const MAX_NAMED = 200;

type Row = {
  readonly database: string;
  readonly table: number;
  readonly row: number;
  readonly op: 'insert' | 'update' | 'delete';
  readonly cause: number;
};

/** Of one type to one process. */
type Messages = { type: string; to: string; count: number; seq: number; atUs: number };

/** The newest rows of the configuration tables that the IDBs have committed. */
export class ConfigurationRows {
  private rows: Row[] = [];

  note(transaction: IdbTransaction, database: string): void {
    const isConfiguration = ({ table }: { table: number }) => /^GCX?_/.test(IDB_TABLES[table].name);
    if (!transaction.shapes.map(readShape).some(isConfiguration)) return;
    for (const { table, row, op, cause } of changesOf(transaction).filter(isConfiguration)) {
      this.rows.push({ database, table, row, op: op === 'replace' ? 'insert' : op, cause });
    }
    if (this.rows.length > MAX_ROWS) this.rows = this.rows.slice(-MAX_ROWS / 2);
  }

  causedBy(events: ReadonlySet<number>): Row[] {
    return this.rows.filter(({ cause }) => events.has(cause));
  }
}

/** Tells what came of an edit; of the one asked for last it knows how far it has been followed. */
export class EditEffects {
  private followed: FollowedEdit | undefined;
  private readonly work = new LongWork(() => {});

  constructor(private readonly running: () => RunningLab) {}

  /** So far; of thousands of objects in slices, so that other requests are answered meanwhile. */
  async read(seq: number): Promise<EditEffect> {
    const { configurationRows, journal, lab } = this.running();
    // The journal is another one when an older past has been rebuilt.
    if (this.followed?.seq !== seq || this.followed.journal !== journal) {
      this.followed = new FollowedEdit(journal, seq);
    }
    const { followed } = this;
    await this.work.run(followed.followOn());
    return effectOf(lab, configurationRows, followed);
  }
}

function effectOf(
  lab: Lab,
  rows: ConfigurationRows,
  { events, messages: byKind, seq }: FollowedEdit,
): EditEffect {
  const written = rows.causedBy(events);
  const growth = (side: string) => {
    const router = lab.stateOf<CallRouterState>(`r${side}-rtr`);
    const own = router?.growth.filter((one) => events.has(one.seq)) ?? [];
    return own.length > 0 ? own.reduce((sum, { bytes }) => sum + bytes, 0) : null;
  };
  const messages = [...byKind.values()];
  return {
    seq,
    messageCount: messages.reduce((sum, { count }) => sum + count, 0),
    messages: messages.slice(0, MAX_NAMED).map((one) => ({ ...one })),
    rowCount: written.length,
    rows: written.slice(0, MAX_NAMED).map(({ database, table, row, op }) => ({
      database,
      table: IDB_TABLES[table].name,
      row,
      op,
    })),
    routerBytes: { A: growth('a'), B: growth('b') },
  };
}

/** An edit's event and all that came of it; timers that were set meanwhile begin other things. */
class FollowedEdit {
  readonly events: Set<number>;
  readonly messages = new Map<string, Messages>();
  private readonly first: JournalEntry | undefined;
  private next: number;

  constructor(
    readonly journal: JournalStore,
    readonly seq: number,
  ) {
    this.events = new Set([seq]);
    this.first = journal.bySeq(seq);
    this.next = (this.first?.position ?? 0) + 1;
  }

  /** To the end of what there is; the next time from there on. */
  *followOn(): Steps<this> {
    const { first, journal } = this;
    if (!first) return this;
    this.next = Math.max(this.next, journal.firstPosition);
    while (this.next < journal.count) {
      const entry = journal.at(this.next);
      if (!entry || entry.atUs > first.atUs + FOLLOWED_US) return this;
      this.next++;
      if (this.events.has(entry.cause)) this.take(entry);
      if (this.next % ENTRIES_A_STEP === 0) yield this.next / journal.count;
    }
    return this;
  }

  private take(entry: JournalEntry): void {
    const data = entry.event?.data;
    if (entry.kind === 'timer' && (data as { name: string } | undefined)?.name !== TELL_CLIENTS) {
      return;
    }
    this.events.add(entry.seq);
    if (entry.kind !== 'sessionMessage' && entry.kind !== 'datagram') return;
    const type = (data as Delivery | undefined)?.message.type ?? 'message';
    const key = `${type} ${entry.target}`;
    const known = this.messages.get(key);
    if (known) known.count++;
    else {
      const { atUs, seq, target: to } = entry;
      this.messages.set(key, { type, to, count: 1, seq, atUs });
    }
  }
}
