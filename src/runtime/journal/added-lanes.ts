import {
  type LadderFilter,
  type LadderPage,
  type LadderRow,
  MAX_ADDED_LANES,
} from '../../contract/ladder.ts';
import { ownLane } from '../../contract/ladder-places.ts';
import type { LabEvent, SessionDelivery } from '../../engine/kernel/events.ts';
import type { JournalStore } from './journal-store.ts';
import type { LadderIndex } from './ladder-index.ts';

/** Sets of added lanes in use at the same time. */
const MAX_SETS = 4;
const BASE_LANES = 4;

type Found = { readonly journal: JournalStore; readonly rows: LadderRow[]; scanned: number };

/**
 * Messages of processes that the user has put beside the lanes of Figure 1: between two of them, or
 * one of them and a lane. They are read from the journal, as far back as it has whole events.
 */
export class AddedLanes {
  private readonly known = new Map<string, Found>();

  /** Rows of the ladder and of the added lanes, in the order in which they happened. */
  page(
    ladder: LadderIndex,
    journal: JournalStore,
    filter: LadderFilter,
    { from, limit }: { readonly from: number | null; readonly limit: number },
  ): LadderPage {
    const own = ladder.rowsOf(filter);
    const added = filter.link === 'all' ? this.rowsOf(journal, filter) : [];
    const merged = merge(own, added, (row) => journal.positionOf(row.seq));
    const first = Math.max(0, from ?? merged.length - limit);
    return { rows: merged.slice(first, first + limit), first, total: merged.length };
  }

  private rowsOf(journal: JournalStore, filter: LadderFilter): readonly LadderRow[] {
    const lanes = (filter.lanes ?? []).slice(0, MAX_ADDED_LANES);
    const key = JSON.stringify([filter.client, lanes]);
    const before = this.known.get(key);
    // A past that has been rebuilt is another journal.
    const found = before?.journal === journal ? before : { journal, rows: [], scanned: 0 };
    this.known.delete(key);
    this.known.set(key, found);
    if (this.known.size > MAX_SETS) this.known.delete([...this.known.keys()][0]);
    const laneOf = (process: string): number | undefined => {
      const own = ownLane(process, filter.client);
      if (own !== undefined) return own;
      const added = lanes.indexOf(process);
      return added < 0 ? undefined : BASE_LANES + added;
    };
    found.scanned = journal.forEachDetail(found.scanned, (event) => {
      const row = rowOf(event, laneOf, -1 - found.rows.length);
      if (row) found.rows.push(row);
    });
    const text = filter.text.toLowerCase();
    const beats = filter.kinds.includes('heartbeat');
    return found.rows.filter(({ kind, label }) => {
      return (beats || kind !== 'heartbeat') && label.toLowerCase().includes(text);
    });
  }
}

/** Undefined for what is not between two lanes, or is between two of Figure 1. */
function rowOf(
  event: LabEvent,
  laneOf: (process: string) => number | undefined,
  index: number,
): LadderRow | undefined {
  if (event.kind !== 'sessionMessage') return undefined;
  const { from: sender, message, sentUs, sizeBytes } = event.data as SessionDelivery;
  const from = laneOf(sender);
  const to = from === undefined ? undefined : laneOf(event.target);
  if (from === undefined || to === undefined || Math.max(from, to) < BASE_LANES) return undefined;
  const { dueUs: atUs, seq } = event;
  const more = { sentUs, atUs, sizeBytes, count: 1, sessions: 0 };
  const { type: label } = message;
  const kind = label === 'keepalive' ? 'heartbeat' : 'other';
  return { index, seq, client: 'all', from, to, kind, label, ...more };
}

/** Two lists in order become one; of what is old the journal no longer knows the place. */
function merge(
  one: readonly LadderRow[],
  other: readonly LadderRow[],
  placeOf: (row: LadderRow) => number,
): LadderRow[] {
  const isBefore = (row: LadderRow, next: LadderRow) => {
    const [place, placeOfNext] = [placeOf(row), placeOf(next)];
    return place < 0 || placeOfNext < 0 ? row.atUs < next.atUs : place < placeOfNext;
  };
  const merged: LadderRow[] = [];
  let at = 0;
  for (const row of one) {
    while (at < other.length && isBefore(other[at], row)) merged.push(other[at++]);
    merged.push(row);
  }
  return [...merged, ...other.slice(at)];
}
