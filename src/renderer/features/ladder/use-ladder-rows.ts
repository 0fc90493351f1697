import { computed, onMounted, onUnmounted, reactive, ref, shallowRef, watch } from 'vue';
import {
  EXCHANGE_KINDS,
  LADDER_KINDS,
  type LadderClient,
  type LadderFilter,
  type LadderKind,
  type LadderLink,
  type LadderRow,
} from '../../../contract/ladder.ts';
import { useLab } from '../../stores/lab.ts';
import { throttle } from '../../ui/throttle.ts';

/** Rows fetched beyond what is seen, so that a little scrolling shows no gap. */
const MARGIN = 30;
const MAX_WINDOW = 300;
const REFRESH_MS = 250;
const SCROLL_MS = 30;
const MAX_TRIES = 5;
/** More rows than arrive at one moment. */
const SAME_MOMENT = 100;

/** The rows of the ladder that are seen, of all that the filter lets through. */
export function useLadderRows() {
  const lab = useLab();
  const filter = reactive<{
    client: LadderClient;
    kinds: LadderKind[];
    link: LadderLink;
    text: string;
    lanes: string[];
  }>({ client: 'rtr', kinds: [...EXCHANGE_KINDS], link: 'all', text: '', lanes: [] });
  const rows = shallowRef<readonly LadderRow[]>([]);
  /** Place of the first of `rows` among all. */
  const first = ref(0);
  const total = ref(0);
  /** Follows the newest rows until the user touches the ladder. */
  const live = ref(true);
  /** How many there were when it began to stand still. */
  const seenTotal = ref(0);
  const unseen = computed(() => Math.max(0, total.value - seenTotal.value));
  const visible = reactive({ from: 0, count: 20 });
  /** The kinds of the choice made last, before single ones were left out or added. */
  let unfiltered: readonly LadderKind[] = EXCHANGE_KINDS;
  const exchangeOnly = computed({
    get: () => filter.kinds.length === EXCHANGE_KINDS.length && isExchange(filter.kinds),
    set(only) {
      unfiltered = only ? EXCHANGE_KINDS : LADDER_KINDS;
      filter.kinds = [...unfiltered];
    },
  });
  let request = 0;

  /** How many things are left out, or added, beyond the choice of all or the exchange only. */
  const narrowed = computed(
    () =>
      Number(unfiltered.length !== filter.kinds.length) +
      Number(filter.link !== 'all') +
      Number(filter.text !== '') +
      filter.lanes.length,
  );

  function widen(): void {
    Object.assign(filter, { kinds: [...unfiltered], link: 'all', text: '', lanes: [] });
  }

  /** Has the rows around a place at hand. */
  async function show(place: number): Promise<void> {
    const isHere = () => place >= first.value && place < first.value + rows.value.length;
    visible.from = place;
    // Scrolling asks, too, and the later answer is the one that counts.
    for (let tries = 0; tries < MAX_TRIES && !isHere(); tries++) await load();
  }

  /** Of a row among all that the filter lets through; undefined when it does not. */
  async function placeOf(row: LadderRow): Promise<number | undefined> {
    let [low, high] = [0, total.value];
    while (low < high) {
      const middle = (low + high) >> 1;
      const page = await lab.attempt(() =>
        lab.call('ladder.rows', { filter: wantedFilter(), from: middle, limit: SAME_MOMENT }),
      );
      if (!page || page.rows.length === 0) return undefined;
      const at = page.rows.findIndex(({ seq }) => seq === row.seq);
      if (at >= 0) return middle + at;
      if (page.rows[0].atUs < row.atUs) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  const wantedFilter = (): LadderFilter => ({
    ...filter,
    kinds: [...filter.kinds],
    lanes: [...filter.lanes],
  });

  async function load(): Promise<void> {
    const mine = ++request;
    const limit = Math.min(MAX_WINDOW, visible.count + 2 * MARGIN);
    const from = live.value ? null : Math.max(0, visible.from - MARGIN);
    const wanted = wantedFilter();
    const page = await lab.attempt(() => lab.call('ladder.rows', { filter: wanted, from, limit }));
    if (!page || mine !== request) return;
    rows.value = page.rows;
    first.value = page.first;
    total.value = page.total;
    if (live.value) seenTotal.value = page.total;
  }

  /** All rows that the filter lets through, at most so many; for files. */
  async function loadAll(limit: number, isGivenUp: () => boolean): Promise<readonly LadderRow[]> {
    const wanted = wantedFilter();
    const all: LadderRow[] = [];
    while (all.length < limit && !isGivenUp()) {
      const parameters = { filter: wanted, from: all.length, limit: 1000 };
      const page = await lab.attempt(() => lab.call('ladder.rows', parameters));
      if (!page || page.rows.length === 0) break;
      all.push(...page.rows);
    }
    return all.slice(0, limit);
  }

  function goLive(): void {
    live.value = true;
    void load();
  }

  const follow = throttle(() => void load(), REFRESH_MS);
  const onScrolled = throttle(() => void load(), SCROLL_MS);
  watch(() => lab.status, follow);
  watch(filter, goLive, { deep: true });
  watch(visible, () => {
    if (!live.value) onScrolled();
  });
  onMounted(load);
  onUnmounted(() => {
    request = -1;
  });
  return {
    filter,
    exchangeOnly,
    narrowed,
    widen,
    rows,
    first,
    total,
    live,
    unseen,
    visible,
    goLive,
    show,
    placeOf,
    loadAll,
  };
}

const isExchange = (kinds: readonly LadderKind[]) =>
  kinds.every((kind) => EXCHANGE_KINDS.includes(kind));
