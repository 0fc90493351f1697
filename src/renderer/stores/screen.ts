import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { RowFilter } from '../../contract/rpc.ts';
import { VIEWS, type View } from '../app/views.ts';

export type DialogName = 'palette' | 'help' | 'settings' | 'keys' | 'labs' | 'new-lab' | 'doctor';

/** Widest windows that are narrow (panels stand behind each other) and middling, CSS pixels. */
const NARROW_PX = 900;
const MIDDLING_PX = 1180;
/** A reload comes back to where it was; a new window starts at the overview. */
const VIEW_KEY = 'duplexlab.view';
const TABLE_KEY = 'duplexlab.table';
const DATABASE_KEY = 'duplexlab.database';

/** Which view is open, and how the window looks: the screen's own state, not the lab's. */
export const useScreen = defineStore('screen', () => {
  const remembered = sessionStorage.getItem(VIEW_KEY) as View | null;
  const view = ref<View>(remembered && VIEWS.includes(remembered) ? remembered : 'overview');
  const table = ref(sessionStorage.getItem(TABLE_KEY) ?? 'G_CALL');
  /** Process of the IDB that is looked at; null: the first one. */
  const database = ref(sessionStorage.getItem(DATABASE_KEY) || null);
  watch(database, (next) => sessionStorage.setItem(DATABASE_KEY, next ?? ''));
  watch(view, (next) => sessionStorage.setItem(VIEW_KEY, next));
  watch(table, (next) => sessionStorage.setItem(TABLE_KEY, next));
  /** A row of the table that is to be shown first; null once it is. */
  const row = ref<number | null>(null);
  /** Which rows of the table are to be shown; null once they are. */
  const rows = ref<RowFilter | null>(null);
  const dialog = ref<DialogName | null>(null);
  /** The shipped lab that a new one is to be made of. */
  const newLabFrom = ref<string | null>(null);
  const innerWidth = ref(window.innerWidth);
  window.addEventListener('resize', () => {
    innerWidth.value = window.innerWidth;
  });
  const width = computed(() => {
    if (innerWidth.value <= NARROW_PX) return 'narrow';
    return innerWidth.value <= MIDDLING_PX ? 'middling' : 'wide';
  });
  const isNarrow = computed(() => width.value === 'narrow');
  watch(
    width,
    (next) => {
      document.documentElement.dataset['width'] = next;
    },
    { immediate: true },
  );

  /** A link to a row, from wherever it is named. */
  function showRow(inTable: string, wanted: number, inDatabase = database.value): void {
    database.value = inDatabase;
    table.value = inTable;
    row.value = wanted;
    view.value = 'tables';
  }

  /** A link to all rows of a table that have a value. */
  function showRows(inTable: string, column: string, value: string | number): void {
    table.value = inTable;
    rows.value = { column, operator: '=', value: String(value) };
    view.value = 'tables';
  }

  return { view, table, database, row, rows, dialog, newLabFrom, isNarrow, showRow, showRows };
});
