import { computed, onMounted, onUnmounted, reactive, ref, shallowRef, watch } from 'vue';
import {
  EXCHANGE_KINDS,
  LADDER_KINDS,
  type LadderClient,
  type LadderFilter,
  type LadderKind,
  type LadderLink,
  type LadderPage,
  type LadderRow,
} from '../../../contract/ladder.ts';
import { useKept } from '../../stores/kept.ts';
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
/** By what rows are in order, but for some of one moment: a folded one grows until later. */
const beganUs = ({ atUs, count, sentUs }: LadderRow) => (count > 1 ? sentUs : atUs);

/** The wanted rows, as the controls change them. */
export type ChosenFilter = {
  client: LadderClient;
  kinds: LadderKind[];
  link: LadderLink;
  text: string;
  lanes: string[];
};

/** Where the ladder was left when another view was gone to. */
function beginning() {
  return {
    filter: reactive<ChosenFilter>({
      client: 'rtr',
      kinds: [...EXCHANGE_KINDS],
      link: 'all',
      text: '',
      lanes: [],
    }),
    /** The kinds of the choice made last, before single ones were left out or added. */
    unfiltered: ref<readonly LadderKind[]>(EXCHANGE_KINDS),
    rows: shallowRef<readonly LadderRow[]>([]),
    /** Place of the first of `rows` among all. */
    first: ref(0),
    total: ref(0),
    /** Follows the newest rows until the user touches the ladder. */
    live: ref(true),
    /** How many there were when it began to stand still. */
    seenTotal: ref(0),
    visible: reactive({ from: 0, count: 20 }),
    /** Of which filter the rows at hand are. */
    applied: ref(''),
  };
}

/**
 * The rows of the ladder that are seen, of all that the filter lets through. `onShift` hears that
 * rows have another place: older ones are no more.
 */
export function useLadderRows(onShift: (by: number) => Promise<void>) {
  const lab = useLab();
  const kept = useKept().keep('ladder', beginning);
  const { applied, filter, first, live, rows, seenTotal, total, unfiltered, visible } = kept;
  /** Rows are going to other places: where it is scrolled to meanwhile means nothing. */
  const isMoving = ref(false);
  let isGone = false;
  const unseen = computed(() => Math.max(0, total.value - seenTotal.value));
  const exchangeOnly = computed({
    get: () => filter.kinds.length === EXCHANGE_KINDS.length && isExchange(filter.kinds),
    set(only) {
      unfiltered.value = only ? EXCHANGE_KINDS : LADDER_KINDS;
      filter.kinds = [...unfiltered.value];
    },
  });
  let request = 0;

  /** How many things are left out, or added, beyond the choice of all or the exchange only. */
  const narrowed = computed(
    () =>
      Number(unfiltered.value.length !== filter.kinds.length) +
      Number(filter.link !== 'all') +
      Number(filter.text !== '') +
      filter.lanes.length,
  );

  function widen(): void {
    Object.assign(filter, { kinds: [...unfiltered.value], link: 'all', text: '', lanes: [] });
  }

  /** Has the rows around a place at hand, of the filter as it is now. */
  async function show(place: number): Promise<void> {
    const isHere = () =>
      applied.value === filterKey() &&
      place >= first.value &&
      place < first.value + rows.value.length;
    visible.from = place;
    // Scrolling asks, too, and the later answer is the one that counts.
    for (let tries = 0; tries < MAX_TRIES && !isHere() && !isGone; tries++) await load();
  }

  /** Of a row among all that the filter lets through; where it does not, of the next one. */
  async function placeOf(row: LadderRow): Promise<{ place: number; isIt: boolean } | undefined> {
    const filter = wantedFilter();
    let [low, high] = [0, Number.POSITIVE_INFINITY];
    while (low < high) {
      const middle = Number.isFinite(high) ? (low + high) >> 1 : low;
      const from = Math.max(0, middle - SAME_MOMENT);
      const page = await lab.attempt(() =>
        lab.call('ladder.rows', { filter, from, limit: 2 * SAME_MOMENT }),
      );
      if (!page) return undefined;
      if (!Number.isFinite(high)) high = page.total;
      const at = page.rows.findIndex(({ seq }) => seq === row.seq);
      if (at >= 0) return { place: from + at, isIt: true };
      const there = page.rows[middle - from];
      if (there && beganUs(there) < beganUs(row)) low = middle + 1;
      else high = Math.min(middle, high);
    }
    return { place: low, isIt: false };
  }

  const wantedFilter = (): LadderFilter => ({
    ...filter,
    kinds: [...filter.kinds],
    lanes: [...filter.lanes],
  });

  async function load(): Promise<void> {
    if (isGone) return;
    const mine = ++request;
    const limit = Math.min(MAX_WINDOW, visible.count + 2 * MARGIN);
    const from = live.value ? null : Math.max(0, visible.from - MARGIN);
    const wanted = wantedFilter();
    const page = await lab.attempt(() => lab.call('ladder.rows', { filter: wanted, from, limit }));
    if (!page || mine !== request) return;
    const isOther = applied.value !== filterKey();
    const moved = live.value || isOther ? 0 : await shiftOf(page);
    if (mine !== request || isGone) return;
    if (moved !== 0) return shift(moved, page.total);
    applied.value = filterKey();
    rows.value = page.rows;
    first.value = page.first;
    total.value = page.total;
    if (live.value || isOther) seenTotal.value = page.total;
  }

  /** By how many places rows have gone that were there before; 0: by none. */
  async function shiftOf(page: LadderPage): Promise<number> {
    const both = rows.value.findIndex((_row, at) => page.rows[first.value + at - page.first]);
    if (both < 0) return 0;
    const known = rows.value[both];
    if (page.rows[first.value + both - page.first].seq === known.seq) return 0;
    const found = await placeOf(known);
    return found ? found.place - (first.value + both) : 0;
  }

  const filterKey = () => JSON.stringify(filter);

  async function shift(by: number, newTotal: number): Promise<void> {
    isMoving.value = true;
    visible.from = Math.max(0, visible.from + by);
    seenTotal.value = Math.max(0, seenTotal.value + by);
    total.value = newTotal;
    rows.value = [];
    await load();
    await onShift(by);
    isMoving.value = false;
  }

  /** Rows that the filter lets through, at most so many, with those that are seen; for files. */
  async function loadAll(
    limit: number,
    isGivenUp: () => boolean,
  ): Promise<{ readonly rows: readonly LadderRow[]; readonly first: number }> {
    const wanted = wantedFilter();
    const latest = Math.max(0, total.value - limit);
    const around = Math.round(visible.from + visible.count / 2 - limit / 2);
    const begin = live.value ? latest : Math.min(Math.max(0, around), latest);
    const all: LadderRow[] = [];
    while (all.length < limit && !isGivenUp()) {
      const parameters = { filter: wanted, from: begin + all.length, limit: 1000 };
      const page = await lab.attempt(() => lab.call('ladder.rows', parameters));
      if (!page || page.rows.length === 0) break;
      all.push(...page.rows);
    }
    return { rows: all.slice(0, limit), first: begin };
  }

  function goLive(): void {
    live.value = true;
    void load();
  }

  const follow = throttle(() => void load(), REFRESH_MS);
  const onScrolled = throttle(() => void load(), SCROLL_MS);
  watch(() => lab.status, follow);
  watch(visible, () => {
    if (!live.value) onScrolled();
  });
  onMounted(load);
  onUnmounted(() => {
    isGone = true;
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
    isMoving,
    visible,
    goLive,
    show,
    placeOf,
    loadAll,
  };
}

const isExchange = (kinds: readonly LadderKind[]) =>
  kinds.every((kind) => EXCHANGE_KINDS.includes(kind));
