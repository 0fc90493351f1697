import { computed, type Ref, ref, watch } from 'vue';

const STORAGE_KEY = 'duplexlab.hidden-columns';

/** Which columns of each table are not shown; kept in this browser. */
export function useColumnChoice(table: Readonly<Ref<string>>) {
  const hidden = ref<Readonly<Record<string, readonly string[]>>>(readHidden());
  watch(hidden, (next) => localStorage.setItem(STORAGE_KEY, JSON.stringify(next)));
  const hiddenHere = computed(() => new Set(hidden.value[table.value] ?? []));

  function show(column: string, isShown: boolean): void {
    const others = (hidden.value[table.value] ?? []).filter((name) => name !== column);
    const next = isShown ? others : [...others, column];
    hidden.value = { ...hidden.value, [table.value]: next };
  }

  function setHidden(columns: readonly string[]): void {
    hidden.value = { ...hidden.value, [table.value]: columns };
  }

  return { hiddenHere, show, setHidden };
}

function readHidden(): Record<string, readonly string[]> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    const lists = Object.entries(found).filter(([, names]) => Array.isArray(names));
    return Object.fromEntries(lists);
  } catch {
    return {};
  }
}
