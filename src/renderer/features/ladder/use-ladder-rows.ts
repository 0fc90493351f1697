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
  const exchangeOnly = computed({
    get: () => filter.kinds.length === EXCHANGE_KINDS.length && isExchange(filter.kinds),
    set(only) {
      filter.kinds = only ? [...EXCHANGE_KINDS] : [...LADDER_KINDS];
    },
  });
  let request = 0;

  async function load(): Promise<void> {
    const mine = ++request;
    const limit = Math.min(MAX_WINDOW, visible.count + 2 * MARGIN);
    const from = live.value ? null : Math.max(0, visible.from - MARGIN);
    const wanted: LadderFilter = { ...filter, kinds: [...filter.kinds], lanes: [...filter.lanes] };
    const page = await lab.attempt(() => lab.call('ladder.rows', { filter: wanted, from, limit }));
    if (!page || mine !== request) return;
    rows.value = page.rows;
    first.value = page.first;
    total.value = page.total;
    if (live.value) seenTotal.value = page.total;
  }

  /** All rows that the filter lets through, at most so many; for files. */
  async function loadAll(limit: number, isGivenUp: () => boolean): Promise<readonly LadderRow[]> {
    const wanted: LadderFilter = { ...filter, kinds: [...filter.kinds], lanes: [...filter.lanes] };
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
  return { filter, exchangeOnly, rows, first, total, live, unseen, visible, goLive, loadAll };
}

const isExchange = (kinds: readonly LadderKind[]) =>
  kinds.every((kind) => EXCHANGE_KINDS.includes(kind));
