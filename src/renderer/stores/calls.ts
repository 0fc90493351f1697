import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { CallList, CallStory, CallStoryRow } from '../../contract/rpc.ts';
import { useInDatabase } from './in-database.ts';
import { useLab } from './lab.ts';

const LIMIT = 200;

/** The calls that IDB has, and the story of the one that is chosen. */
export const useCalls = defineStore('calls', () => {
  const lab = useLab();
  const inDatabase = useInDatabase();
  const text = ref('');
  const list = shallowRef<CallList>({ calls: [], total: 0 });
  const chosen = ref('');
  const story = shallowRef<CallStory | null>(null);
  /** Event that is pointed at: its rows light up, and an event lights up for its row. */
  const pointed = ref<readonly number[]>([]);

  async function load(): Promise<void> {
    const asked = text.value;
    const place = inDatabase();
    const parameters = { text: asked, limit: LIMIT, ...place };
    const found = await lab.attempt(() => lab.call('calls.list', parameters));
    if (place.database !== inDatabase().database) return;
    if (found && asked === text.value) list.value = found;
    if (chosen.value !== '') await loadStory();
  }

  async function loadStory(): Promise<void> {
    const uuid = chosen.value;
    const place = inDatabase();
    const found = await lab.attempt(() => lab.call('calls.story', { uuid, ...place }));
    const isWanted = uuid === chosen.value && place.database === inDatabase().database;
    if (found !== undefined && isWanted) story.value = found;
  }

  async function choose(uuid: string): Promise<void> {
    chosen.value = uuid;
    pointed.value = [];
    await loadStory();
  }

  function point(seqs: readonly number[]): void {
    pointed.value = seqs;
  }

  function isPointed(row: Pick<CallStoryRow, 'causes'>): boolean {
    return row.causes.some(({ seq }) => pointed.value.includes(seq));
  }

  return { text, list, chosen, story, pointed, load, choose, point, isPointed };
});
