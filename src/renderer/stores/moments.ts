import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { TimelineMark } from '../../contract/rpc.ts';
import { throttle } from '../ui/throttle.ts';
import { useLab } from './lab.ts';

const REFRESH_MS = 1000;
/** Shorter cannot be zoomed to. */
const SHORTEST_US = 100_000;

export type Range = { readonly fromUs: number; readonly toUs: number };

/** The stretch of lab time that time line and charts show, and what happened in it. */
export const useMoments = defineStore('moments', () => {
  const lab = useLab();
  /** Null: from the beginning until now, and on. */
  const zoomed = ref<Range | null>(null);
  const marks = shallowRef<readonly TimelineMark[]>([]);
  const range = computed<Range>(() => {
    return zoomed.value ?? { fromUs: 0, toUs: Math.max(1, lab.status?.nowUs ?? 1) };
  });

  async function refresh(): Promise<void> {
    marks.value = (await lab.attempt(() => lab.call('timeline.read', {}))) ?? marks.value;
  }

  /** To a stretch; the whole for null or for what is too short to be meant. */
  function zoom(wanted: Range | null): void {
    const isMeant = wanted && wanted.toUs - wanted.fromUs >= SHORTEST_US;
    zoomed.value = isMeant ? { ...wanted, fromUs: Math.max(0, wanted.fromUs) } : null;
  }

  /** By a factor; what stands at this share of the range stays there: at first the newest. */
  function zoomBy(factor: number, share = zoomed.value ? 0.5 : 1): void {
    const { fromUs, toUs } = range.value;
    const size = (toUs - fromUs) * factor;
    if (size >= (lab.status?.nowUs ?? toUs)) return zoom(null);
    const kept = fromUs + (toUs - fromUs) * share;
    const from = Math.max(0, kept - size * share);
    zoom({ fromUs: from, toUs: from + size });
  }

  /** By a part of what is shown; not beyond the beginning, nor beyond now. */
  function panBy(share: number): void {
    const { fromUs, toUs } = range.value;
    const size = toUs - fromUs;
    const latest = Math.max(0, (lab.status?.nowUs ?? toUs) - size);
    const from = Math.min(Math.max(0, fromUs + size * share), latest);
    if (zoomed.value) zoom({ fromUs: from, toUs: from + size });
  }

  const follow = throttle(() => void refresh(), REFRESH_MS);
  // A past that is replayed comes while the lab stands still.
  watch(() => [lab.status?.eventCount, lab.status?.historyRebuilt], follow, { immediate: true });
  return { range, zoomed, marks, zoom, zoomBy, panBy };
});
