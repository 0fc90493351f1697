import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { Explanation, RowHistory } from '../../contract/rpc.ts';
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

/** What the inspector shows: one message, or one row with its history. */
export const useInspector = defineStore('inspector', () => {
  const lab = useLab();
  const inDatabase = useInDatabase();
  const screen = useScreen();
  const title = ref('');
  const explanation = shallowRef<Explanation>();
  const row = shallowRef<InspectedRow>();
  const history = shallowRef<RowHistory>();

  async function showEvent(seq: number, name: string): Promise<void> {
    const found = await lab.attempt(() => lab.call('journal.explain', { seq }));
    if (!found) return;
    title.value = `#${seq} ${name}`;
    explanation.value = found;
    row.value = undefined;
    history.value = undefined;
  }

  async function showRow(inspected: InspectedRow): Promise<void> {
    const { table, row: id } = inspected;
    const place = inDatabase();
    const found = await lab.attempt(() => lab.call('idb.row', { table, row: id, ...place }));
    if (!found || place.database !== inDatabase().database) return;
    title.value = `${table} ${id}`;
    row.value = inspected;
    history.value = found;
    explanation.value = undefined;
  }

  /** What is shown of a row is of the IDB that is looked at. */
  watch(
    () => screen.database,
    () => {
      if (!row.value) return;
      title.value = '';
      row.value = undefined;
      history.value = undefined;
    },
  );

  return { title, explanation, row, history, showEvent, showRow };
});
