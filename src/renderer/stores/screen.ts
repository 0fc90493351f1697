import { defineStore } from 'pinia';
import { ref, watch } from 'vue';

export const VIEWS = [
  'overview',
  'nodes',
  'configuration',
  'consoles',
  'registry',
  'state',
  'calls',
  'sessions',
  'tables',
] as const;
export type View = (typeof VIEWS)[number];
export type Theme = 'system' | 'light' | 'dark';

const THEME_KEY = 'duplexlab.theme';
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
  const theme = ref<Theme>((localStorage.getItem(THEME_KEY) as Theme | null) ?? 'system');
  const dialog = ref<'palette' | 'help' | null>(null);

  const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
  const systemIsDark = ref(systemDark.matches);
  systemDark.addEventListener('change', ({ matches }) => {
    systemIsDark.value = matches;
  });
  watch(
    [theme, systemIsDark],
    () => {
      const dark = theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value);
      document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
      localStorage.setItem(THEME_KEY, theme.value);
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

  return { view, table, database, row, theme, dialog, showRow };
});
