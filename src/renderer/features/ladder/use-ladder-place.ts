import { nextTick, onMounted, onUnmounted, type Ref, ref, shallowRef, watch } from 'vue';
import type { LadderRow } from '../../../contract/ladder.ts';
import { useInspector } from '../../stores/inspector.ts';
import { useKept } from '../../stores/kept.ts';
import { useLadderRows } from './use-ladder-rows.ts';

/** Which row of the ladder is chosen, and where it is scrolled to. */
export function useLadderPlace(
  list: Readonly<Ref<HTMLElement | undefined>>,
  rowPx: Readonly<Ref<number>>,
) {
  const inspector = useInspector();
  const ladder = useLadderRows(onShift);
  const { filter, first, goLive, live, rows, total, visible } = ladder;
  const { chosen, selected } = useKept().keep('ladder place', () => ({
    /** Place of the chosen row among all, and the row itself. */
    selected: ref(-1),
    chosen: shallowRef<LadderRow>(),
  }));

  function select(place: number, isPassing = false): void {
    const row = rows.value[place - first.value];
    if (!row) return;
    moves++;
    held = undefined;
    live.value = false;
    choose(place, row);
    void inspector.showEvent(row.seq, row.label, isPassing);
  }

  /** What is looked at stays in sight, and chosen, where rows have other places. */
  async function onShift(by: number): Promise<void> {
    if (selected.value >= 0) selected.value += by;
    if (selected.value < 0) choose(-1);
    await nextTick();
    restore();
  }

  function choose(place: number, row?: LadderRow): void {
    selected.value = place;
    chosen.value = row;
  }

  function restore(): void {
    const element = list.value;
    if (!element || element.clientHeight === 0) return;
    if (live.value) element.scrollTop = element.scrollHeight;
    else if (Math.floor(element.scrollTop / rowPx.value) !== visible.from) {
      element.scrollTop = visible.from * rowPx.value;
    }
  }

  /** Counts what moves the ladder: an answer that comes late moves it no more. */
  let moves = 0;
  /** What stays in sight while the filter is typed on. */
  let held: { readonly row: LadderRow; readonly isChosen: boolean } | undefined;

  function rowInSight(): typeof held {
    const { count, from } = visible;
    const isChosen = selected.value >= from && selected.value < from + count;
    const row = isChosen ? chosen.value : rows.value[from - first.value];
    return row && { row, isChosen };
  }

  /** Through another filter: the chosen message, or what came next, stays in sight. */
  async function refilter(): Promise<void> {
    const mine = ++moves;
    held = live.value ? undefined : (held ?? rowInSight());
    choose(-1);
    if (!held) return goLive();
    const { isChosen, row } = held;
    const height = Math.floor((list.value?.clientHeight ?? 0) / rowPx.value / 2);
    const found = await ladder.placeOf(row);
    if (mine !== moves) return;
    held = undefined;
    if (!found) return goLive();
    if (isChosen && found.isIt) choose(found.place, row);
    await ladder.show(Math.max(0, found.place - (isChosen ? height : 0)));
    await nextTick();
    if (mine === moves) restore();
  }

  async function move(step: number): Promise<void> {
    const from = selected.value < 0 ? first.value + rows.value.length : selected.value;
    await goTo(Math.min(Math.max(from + step, 0), total.value - 1));
  }

  async function goTo(place: number): Promise<void> {
    moves++;
    held = undefined;
    live.value = false;
    // At once: keys come faster than rows.
    selected.value = place;
    scrollTo(place);
    await ladder.show(place);
    await nextTick();
    if (selected.value === place) select(place, true);
  }

  function scrollTo(place: number): void {
    const element = list.value;
    if (!element) return;
    const top = place * rowPx.value;
    if (top < element.scrollTop) element.scrollTop = top;
    const below = top + 2 * rowPx.value - element.clientHeight;
    if (below > element.scrollTop) element.scrollTop = below;
  }

  function onScroll(): void {
    const element = list.value;
    if (!element || element.clientHeight === 0 || ladder.isMoving.value) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 30;
    if (!atEnd) live.value = false;
    visible.from = Math.floor(element.scrollTop / rowPx.value);
  }

  let observer: ResizeObserver | undefined;
  onMounted(() => {
    observer = new ResizeObserver(() => {
      visible.count = Math.ceil((list.value?.clientHeight ?? 0) / rowPx.value) + 1;
      // A tab that comes to the front, or a panel that was moved, has lost where it was.
      restore();
    });
    if (list.value) observer.observe(list.value);
  });
  onUnmounted(() => observer?.disconnect());
  watch([rows, live], async () => {
    await nextTick();
    if (live.value && list.value) list.value.scrollTop = list.value.scrollHeight;
  });
  watch(filter, refilter, { deep: true });

  return { goTo, ladder, move, onScroll, select, selected };
}
