import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Consequences, Explanation, MessageDetail, RowHistory } from '../../contract/rpc.ts';
import { useInDatabase } from './in-database.ts';
import { useLab } from './lab.ts';
import { useScreen } from './screen.ts';

export interface InspectedRow {
  readonly table: string;
  readonly row: number;
  readonly cells: readonly {
    readonly column: string;
    readonly value: string | null;
    /** Meaning, confidence and source of the column. */
    readonly help: string;
    readonly inferred: boolean;
  }[];
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
    await ('seq' in before ? showEvent(before.seq, before.name) : showRow(before));
    past.value = rest;
  }

  async function showEvent(seq: number, name: string): Promise<void> {
    const mine = ++asked.value;
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

  async function showRow(inspected: InspectedRow): Promise<void> {
    const mine = ++asked.value;
    const { table, row: id } = inspected;
    const place = inDatabase();
    const found = await lab.attempt(() => lab.call('idb.row', { table, row: id, ...place }));
    if (!found || mine !== asked.value || place.database !== inDatabase().database) return;
    leave(row.value?.table === table && row.value.row === id);
    row.value = inspected;
    history.value = found;
    event.value = undefined;
  }

  /** What is shown of a row is of the IDB that is looked at. */
  watch(
    () => screen.database,
    () => {
      row.value = undefined;
      history.value = undefined;
    },
  );

  return { title, event, row, history, base, tab, past, back, showEvent, showRow, showState };
});
