import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type {
  CellValue,
  Consequences,
  Explanation,
  IdbColumnInfo,
  MessageDetail,
  RowHistory,
} from '../../contract/rpc.ts';
import { throttle } from '../ui/throttle.ts';
import { useInDatabase } from './in-database.ts';
import { useLab } from './lab.ts';
import { useScreen } from './screen.ts';

export interface InspectedRow {
  readonly table: string;
  readonly row: number;
  readonly columns: readonly IdbColumnInfo[];
  readonly values: readonly CellValue[];
  /** It was deleted since. */
  readonly isGone: boolean;
}

/** An event with all that is asked of it. */
export interface InspectedEvent {
  readonly seq: number;
  readonly name: string;
  readonly explanation: Explanation;
  readonly followed: Consequences;
  /** Null for what is no message, or is kept as a frame only. */
  readonly message: MessageDetail | null;
}

const MAX_PAST = 50;
const FOLLOW_MS = 1000;

/** What the inspector shows: one event, or one row with its history. */
export const useInspector = defineStore('inspector', () => {
  const lab = useLab();
  const inDatabase = useInDatabase();
  const screen = useScreen();
  const event = shallowRef<InspectedEvent>();
  const row = shallowRef<InspectedRow>();
  const history = shallowRef<RowHistory>();
  /** The event that others are compared with. */
  const base = shallowRef<InspectedEvent>();
  const title = computed(() => {
    if (event.value) return `#${event.value.seq} ${event.value.name}`;
    return row.value ? `${row.value.table} ${row.value.row}` : '';
  });
  const asked = ref(0);
  /** Counts what was asked for: the answer is to be seen. */
  const wanted = ref(0);
  /** What is looked at of an event. */
  const tab = ref<'why' | 'followed' | 'fields' | 'hex'>('why');
  /** What was shown before, the latest last. */
  const past = shallowRef<readonly (InspectedEvent | InspectedRow)[]>([]);

  /** Remembers what is shown now, if something else is to be. */
  function leave(isSame: boolean): void {
    const shown = event.value ?? row.value;
    if (shown && !isSame) past.value = [...past.value.slice(1 - MAX_PAST), shown];
  }

  async function back(): Promise<void> {
    const before = past.value.at(-1);
    if (!before) return;
    const rest = past.value.slice(0, -1);
    await ('seq' in before
      ? showEvent(before.seq, before.name)
      : showRow(before.table, before.row, before.values));
    past.value = rest;
  }

  /** `isPassing`: on the way to another one, with the arrows; the panel may stay where it is. */
  async function showEvent(seq: number, name: string, isPassing = false): Promise<void> {
    const mine = ++asked.value;
    if (!isPassing) wanted.value++;
    const found = await lab.attempt(() =>
      Promise.all([
        lab.call('journal.explain', { seq }),
        lab.call('journal.followed', { seq }),
        lab.call('journal.message', { seq }),
      ]),
    );
    // Another one has been chosen meanwhile.
    if (!found || mine !== asked.value) return;
    const [explanation, followed, message] = found;
    leave(event.value?.seq === seq);
    event.value = { seq, name, explanation, followed, message };
    row.value = undefined;
    history.value = undefined;
  }

  /** Why a process is as it is now. */
  async function showState(process: string): Promise<void> {
    const work = () => lab.call('journal.stateChange', { process });
    const change = await lab.attempt(work);
    if (change) return showEvent(change.seq, `${process}: ${change.title}`);
    if (change === null) lab.say('info', `What made ${process} so is no longer kept in memory.`);
  }

  /** `known`: what it had, should it be no more. */
  async function showRow(
    table: string,
    id: number,
    known: readonly CellValue[] = [],
  ): Promise<void> {
    const mine = ++asked.value;
    wanted.value++;
    const place = inDatabase();
    const found = await readRow(table, id);
    if (!found || mine !== asked.value || place.database !== inDatabase().database) return;
    leave(row.value?.table === table && row.value.row === id);
    const { inspected } = found;
    row.value = inspected.isGone ? { ...inspected, values: known } : inspected;
    history.value = found.history;
    event.value = undefined;
  }

  /** A row as it is at this moment, and who wrote it. */
  async function readRow(table: string, id: number) {
    return lab.attempt(async () => {
      const [values, found, columns] = await Promise.all([
        valuesOf(table, id),
        lab.call('idb.row', { table, row: id, ...inDatabase() }),
        columnsOf(table),
      ]);
      const isGone = values === null;
      return {
        history: found,
        inspected: { table, row: id, columns, values: values ?? [], isGone },
      };
    });
  }

  /** Null: there is no such row. */
  async function valuesOf(table: string, id: number): Promise<readonly CellValue[] | null> {
    const one = { sort: null, descending: false, filters: [], after: null, limit: 1 } as const;
    const page = await lab.call('idb.page', { table, from: id, ...one, ...inDatabase() });
    return page.rowIds[0] === id ? page.rows[0] : null;
  }

  /** The columns of a table are alike in every IDB, and stay so. */
  async function columnsOf(table: string): Promise<readonly IdbColumnInfo[]> {
    if (!tables.has(table)) {
      for (const { columns, name } of await lab.call('idb.tables', inDatabase())) {
        tables.set(name, columns);
      }
    }
    return tables.get(table) ?? [];
  }
  const tables = new Map<string, readonly IdbColumnInfo[]>();

  /** A row that is shown is the one of this moment, as everything else in the window. */
  async function followRow(): Promise<void> {
    const shown = row.value;
    if (!shown || shown.isGone || watchers.value === 0) return;
    const now = await lab.attempt(() => valuesOf(shown.table, shown.row));
    if (now === undefined || JSON.stringify(now) === JSON.stringify(shown.values)) return;
    const found = await readRow(shown.table, shown.row);
    if (!found || row.value !== shown) return;
    const { inspected } = found;
    // Of a row that is no more the last values stay to be read.
    row.value = inspected.isGone ? { ...inspected, values: shown.values } : inspected;
    history.value = found.history;
  }
  /** Panels that show it. */
  const watchers = ref(0);
  const follow = throttle(() => void followRow(), FOLLOW_MS);
  watch(() => lab.status?.eventCount, follow);

  /** What is shown of a row is of the IDB that is looked at. */
  watch(
    () => screen.database,
    () => {
      row.value = undefined;
      history.value = undefined;
    },
  );

  return {
    title,
    event,
    row,
    history,
    base,
    tab,
    past,
    wanted,
    watchers,
    back,
    showEvent,
    showRow,
    showState,
  };
});
