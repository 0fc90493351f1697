import { computed, ref, shallowRef } from 'vue';
import type { CellValue, IdbPage, PageRequest, RowFilter } from '../../../contract/rpc.ts';
import { useInDatabase } from '../../stores/in-database.ts';
import { useKept } from '../../stores/kept.ts';
import { useLab } from '../../stores/lab.ts';
import { useScreen } from '../../stores/screen.ts';
import { useTasks } from '../../stores/tasks.ts';

type Cursor = NonNullable<PageRequest['after']>;

const NOTHING: IdbPage = { rows: [], rowIds: [], total: 0, isMore: false };

/** What was looked at when another view was gone to. */
const beginning = () => ({
  page: shallowRef(NOTHING),
  sort: ref<string | null>(null),
  descending: ref(true),
  filters: ref<readonly RowFilter[]>([]),
  /** Last rows of the pages passed. */
  passed: ref<readonly Cursor[]>([]),
  /** The page began with a row that a link led to. */
  from: ref<number | null>(null),
  /** Database and table that all this is of. */
  place: ref(''),
  /** How many rows there were when the user touched the page: it stands still since. */
  touchedAt: ref<number | null>(null),
  /** First row of the newest, while it stands still. */
  anchor: ref<number | null>(null),
});

/** One page of a table: order, filters, and the way back through the pages before. */
export function useIdbPage(name: string, pageRows: number, onFirst: () => void) {
  const lab = useLab();
  const screen = useScreen();
  const tasks = useTasks();
  const inDatabase = useInDatabase();
  const kept = useKept().keep(`rows of ${name}`, beginning);
  const { anchor, descending, filters, from, page, passed, place } = kept;
  const { sort, touchedAt } = kept;
  /** What the page showed before it was read again: for what is new and what has changed. */
  const before = shallowRef<ReadonlyMap<number, readonly CellValue[]>>(new Map());
  /** What the user asked for is not here yet: the rows that are shown are not it. */
  const isWaiting = ref(false);
  let request = 0;
  /** The request, if it is one that only goes on with the lab. */
  let following = -1;
  /** Requests that are not answered yet. */
  let open = 0;
  /** The user has given the page up: it is read when it is asked for again. */
  let isGivenUp = false;
  const reader = `${name} ${Math.random().toString(36).slice(2)}`;

  const isFirst = computed(() => passed.value.length === 0);
  const hasNext = computed(() => {
    const { isMore, rows, total } = page.value;
    if (from.value !== null) return rows.length === pageRows;
    // Those that came above a page that stands still do not come after it.
    const below = total - unseen.value - passed.value.length * pageRows - rows.length;
    return rows.length > 0 && (isMore || below > 0);
  });
  /** An order of values stands still as a whole, once it is touched. */
  const stands = computed(() => touchedAt.value !== null && sort.value !== null);
  /** Rows that came since the newest stand still. */
  const unseen = computed(() =>
    anchor.value === null ? 0 : Math.max(0, page.value.total - (touchedAt.value ?? 0)),
  );
  const placeNow = () => `${screen.database ?? ''} ${screen.table}`;
  /** The page is of the table that is looked at: it was only gone away from. */
  const isHere = () => place.value === placeNow();

  /** The user reads or scrolls: rows that come are counted and do not push these away. */
  function touch(): void {
    if (isWaiting.value || touchedAt.value !== null) return;
    if (!isFirst.value || from.value !== null) return;
    // The oldest rows are where they are.
    if (sort.value === null && !descending.value) return;
    touchedAt.value = page.value.total;
    anchor.value = sort.value === null ? (page.value.rowIds[0] ?? null) : null;
    // What was asked for before would push them.
    if (request === following) request++;
  }

  function stir(): void {
    touchedAt.value = null;
    anchor.value = null;
  }

  /** Reads the page again as the lab goes on; ordered by values, only until it is touched. */
  function follow(): void {
    // A page that takes long is read once after the other.
    if (isGivenUp || open > 0) return;
    if (!isFirst.value || from.value !== null) return;
    if (sort.value === null || touchedAt.value === null) void load(true);
  }

  async function newest(): Promise<void> {
    stir();
    await load();
    onFirst();
  }

  /** What the page comes after: the pages passed, or what came since it was touched. */
  function cursor(): Cursor | null {
    const last = passed.value.at(-1);
    if (last || anchor.value === null) return last ?? null;
    return { row: anchor.value + 1, value: null };
  }

  async function load(isFollowing = false): Promise<void> {
    const mine = ++request;
    const asked = placeNow();
    if (isFollowing) following = mine;
    else {
      isWaiting.value = true;
      isGivenUp = false;
    }
    // Rows of another table make no sense below the names of this one's columns.
    if (place.value !== asked) page.value = NOTHING;
    const found = await read(mine, () =>
      lab.call('idb.page', {
        table: screen.table,
        limit: pageRows,
        sort: from.value === null ? sort.value : null,
        descending: from.value === null && descending.value,
        filters: from.value === null ? filters.value : [],
        after: cursor(),
        from: passed.value.length === 0 ? from.value : null,
        reader,
        ...inDatabase(),
      }),
    );
    if (mine !== request) return;
    // Where it failed nothing is known of the rows of another table.
    isWaiting.value = !found && place.value !== asked;
    if (!found) return;
    const { rowIds, rows } = page.value;
    place.value = asked;
    before.value = isFollowing ? new Map(rowIds.map((id, at) => [id, rows[at]])) : new Map();
    page.value = found;
  }

  async function read<T>(mine: number, work: () => Promise<T>): Promise<T | undefined> {
    const cancel = () => {
      isGivenUp = true;
      return lab.call('idb.cancelReading', { reader });
    };
    const fractionNow = () => lab.status?.reading ?? null;
    const asked = () =>
      work().catch((error) => {
        // It was given up for another page of this reader.
        if (mine !== request) return undefined;
        throw error;
      });
    open++;
    try {
      return await tasks.track({ title: `Reading ${screen.table}`, cancel, fractionNow }, () =>
        lab.attempt(asked),
      );
    } finally {
      open--;
    }
  }

  async function first(): Promise<void> {
    passed.value = [];
    stir();
    await load();
    onFirst();
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
    reader,
    page,
    sort,
    descending,
    filters,
    passed,
    from,
    before,
    isFirst,
    hasNext,
    stands,
    unseen,
    isWaiting,
    isHere,
    touch,
    follow,
    newest,
    load,
    ask,
    forget,
    first,
    startAt,
    next,
    back,
  };
}
