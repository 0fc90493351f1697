import { computed, ref, shallowRef } from 'vue';
import type { CellValue, IdbPage, PageRequest, RowFilter } from '../../../contract/rpc.ts';
import { useInDatabase } from '../../stores/in-database.ts';
import { useLab } from '../../stores/lab.ts';
import { useScreen } from '../../stores/screen.ts';
import { useTasks } from '../../stores/tasks.ts';

type Cursor = NonNullable<PageRequest['after']>;

/** One page of a table: order, filters, and the way back through the pages before. */
export function useIdbPage(pageRows: number) {
  const lab = useLab();
  const screen = useScreen();
  const tasks = useTasks();
  const inDatabase = useInDatabase();
  const page = shallowRef<IdbPage>({ rows: [], rowIds: [], total: 0, isMore: false });
  const sort = ref<string | null>(null);
  const descending = ref(true);
  const filters = ref<readonly RowFilter[]>([]);
  /** Last rows of the pages passed. */
  const passed = ref<readonly Cursor[]>([]);
  /** The page began with a row that a link led to. */
  const from = ref<number | null>(null);
  /** What the page showed before it was read again: for what is new and what has changed. */
  const before = shallowRef<ReadonlyMap<number, readonly CellValue[]>>(new Map());
  let request = 0;

  const isFirst = computed(() => passed.value.length === 0);
  const hasNext = computed(() => page.value.rows.length === pageRows);

  async function load(isFollowing = false): Promise<void> {
    const mine = ++request;
    const found = await read(() =>
      lab.call('idb.page', {
        table: screen.table,
        limit: pageRows,
        sort: from.value === null ? sort.value : null,
        descending: from.value === null && descending.value,
        filters: from.value === null ? filters.value : [],
        after: passed.value.at(-1) ?? null,
        from: passed.value.length === 0 ? from.value : null,
        ...inDatabase(),
      }),
    );
    if (!found || mine !== request) return;
    const { rowIds, rows } = page.value;
    before.value = isFollowing ? new Map(rowIds.map((id, at) => [id, rows[at]])) : new Map();
    page.value = found;
  }

  function read<T>(work: () => Promise<T>): Promise<T | undefined> {
    return tasks.track({ title: `Reading ${screen.table}` }, () => lab.attempt(work));
  }

  function first(): Promise<void> {
    passed.value = [];
    return load();
  }

  /** Begins with a row, in the order in which rows were written. */
  function startAt(row: number): Promise<void> {
    from.value = row;
    return first();
  }

  function next(columnOf: (name: string) => number): void {
    const row = page.value.rowIds.at(-1);
    if (row === undefined) return;
    const column = sort.value !== null && from.value === null ? columnOf(sort.value) : -1;
    const value = column < 0 ? null : (page.value.rows.at(-1)?.[column] ?? null);
    passed.value = [...passed.value, { row, value }];
    void load();
  }

  function back(): void {
    passed.value = passed.value.slice(0, -1);
    void load();
  }

  /** Another order, or other filters: from the first page on. */
  function ask(wanted: {
    readonly sort?: string | null;
    readonly descending?: boolean;
    readonly filters?: readonly RowFilter[];
  }): Promise<void> {
    from.value = null;
    if (wanted.sort !== undefined) sort.value = wanted.sort;
    descending.value = wanted.descending ?? descending.value;
    filters.value = wanted.filters ?? filters.value;
    return first();
  }

  /** Another table: order and filters were of the one before. */
  function forget(): void {
    sort.value = null;
    descending.value = true;
    filters.value = [];
    from.value = null;
  }

  return {
    page,
    sort,
    descending,
    filters,
    passed,
    from,
    before,
    isFirst,
    hasNext,
    load,
    ask,
    forget,
    first,
    startAt,
    next,
    back,
  };
}
