import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AvailabilityReport } from '../../contract/rpc.ts';
import { useLab } from './lab.ts';

/** How far the data of IDB can be trusted, and what of its timeline is chosen. */
export const useAvailability = defineStore('availability', () => {
  const lab = useLab();
  const report = shallowRef<AvailabilityReport | null>(null);
  /** Key of a session or gap of the timeline; empty for none. */
  const chosen = ref('');

  async function load(): Promise<void> {
    const found = await lab.attempt(() => lab.call('availability.report', {}));
    if (found) report.value = found;
  }

  return { report, chosen, load };
});
