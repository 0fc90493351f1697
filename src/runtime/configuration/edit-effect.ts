import type { EditEffect } from '../../contract/rpc.ts';
import type { CallRouterState } from '../../engine/icm/router/call-router-state.ts';
import { changesOf, readShape } from '../../engine/idb/row-batch-reader.ts';
import type { IdbTransaction } from '../../engine/idb/row-changes.ts';
import { IDB_TABLES } from '../../engine/idb/schema.ts';
import type { Delivery } from '../../engine/kernel/events.ts';
import type { Lab } from '../../engine/lab/lab.ts';
import type { JournalEntry, JournalStore } from '../journal/journal-store.ts';

/** What an edit did, told from the causes in the journal: messages, rows, bytes of router state. */

/** Lab time behind the edit that is looked at: by then all has come of it. */
const FOLLOWED_US = 30 * 1_000_000;
/** Rows of configuration tables that are remembered with their causes. */
const MAX_ROWS = 200_000;
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

export function editEffect(
  lab: Lab,
  journal: JournalStore,
  rows: ConfigurationRows,
  seq: number,
): EditEffect {
  const messages = new Map<string, Messages>();
  const events = followedEvents(journal, seq, (type, { atUs, seq: first, target: to }) => {
    const key = `${type} ${to}`;
    const known = messages.get(key);
    if (known) known.count++;
    else messages.set(key, { type, to, count: 1, seq: first, atUs });
  });
  const written = rows.causedBy(events);
  const growth = (side: string) => {
    const router = lab.stateOf<CallRouterState>(`r${side}-rtr`);
    const own = router?.growth.filter((one) => events.has(one.seq)) ?? [];
    return own.length > 0 ? own.reduce((sum, { bytes }) => sum + bytes, 0) : null;
  };
  return {
    seq,
    messageCount: [...messages.values()].reduce((sum, { count }) => sum + count, 0),
    messages: [...messages.values()].slice(0, MAX_NAMED),
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

/** The edit's event and all that came of it; timers that were set meanwhile begin other things. */
function followedEvents(
  journal: JournalStore,
  seq: number,
  onMessage: (type: string, entry: JournalEntry) => void,
): Set<number> {
  const events = new Set([seq]);
  const first = journal.bySeq(seq);
  if (!first) return events;
  for (let position = first.position + 1; position < journal.count; position++) {
    const entry = journal.at(position);
    if (!entry || entry.atUs > first.atUs + FOLLOWED_US) break;
    if (entry.kind === 'timer' || !events.has(entry.cause)) continue;
    events.add(entry.seq);
    if (entry.kind !== 'sessionMessage' && entry.kind !== 'datagram') continue;
    const delivery = entry.event?.data as Delivery | undefined;
    onMessage(delivery?.message.type ?? 'message', entry);
  }
  return events;
}
