import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { FileContent, LabFileCheck } from '../../contract/desk.ts';
import type { DeskState, LabShelf } from '../../contract/rpc.ts';
import { DRAFTS_KEY } from './configuration.ts';
import { useLab } from './lab.ts';
import { useTasks } from './tasks.ts';

const OPENING = 'opening';
/** Which labs there are is read when the first view stands. */
const SHELF_AFTER_MS = 2000;
/** What a lab file may have; a few kilobytes are usual. */
const MAX_LAB_FILE_BYTES = 4_000_000;
const RECENT_SHOWN = 6;

/** A lab file that the user has brought, and what is in it. */
export type BroughtFile = {
  readonly name: string;
  readonly text: string;
  readonly check: LabFileCheck;
};

/** Which labs there are, and what the program does beside the lab that is open. */
export const useDesk = defineStore('desk', () => {
  const lab = useLab();
  const tasks = useTasks();
  const state = shallowRef<DeskState>();
  const shelf = shallowRef<LabShelf>();
  const brought = shallowRef<BroughtFile>();
  const isBusy = ref(false);

  lab.onEvent((event) => {
    if (event.event === 'desk') follow(event.data);
    else if (event.event === 'file') {
      tasks.change(event.data.token, { fraction: event.data.fraction });
    }
  });
  // Somebody else may have opened another lab while this window was cut off.
  lab.onLink((isUp) => {
    if (isUp) void lab.attempt(() => lab.call('desk.state', {})).then((it) => it && follow(it));
    else tasks.end(OPENING);
  });
  setTimeout(() => void refresh(), SHELF_AFTER_MS);

  function follow(next: DeskState): void {
    const before = state.value;
    state.value = next;
    // Everything that is shown is of the lab before.
    if (before && before.serial !== next.serial) return startAnew();
    const { opening } = next;
    if (!opening) return tasks.end(OPENING);
    if (!tasks.tasks.some(({ id }) => id === OPENING)) {
      const title = `Opening ${opening.name}`;
      tasks.begin({ id: OPENING, title, cancel: () => lab.call('desk.cancel', {}) });
    }
    tasks.change(OPENING, { fraction: opening.fraction });
  }

  /** As the user calls it; a folder that is only called "lab" says less than the lab file. */
  const labName = computed(() => {
    const own = state.value?.labName ?? 'lab';
    return own === 'lab' ? (lab.description?.name ?? own) : own;
  });

  async function refresh(): Promise<void> {
    shelf.value = (await lab.attempt(() => lab.call('desk.labs', {}))) ?? shelf.value;
  }

  const recent = computed(() => {
    const closed = shelf.value?.kept.filter((one) => one.state === 'closed') ?? [];
    return closed.slice(0, RECENT_SHOWN);
  });

  async function busily<T>(work: () => Promise<T>): Promise<T | undefined> {
    isBusy.value = true;
    const result = await lab.attempt(work);
    isBusy.value = false;
    return result;
  }

  const open = (id: string) => busily(() => lab.call('desk.open', { id }));

  function create(name: string, from: { shipped: string } | { name: string; text: string }) {
    return busily(() => lab.call('desk.create', { name, from }));
  }

  async function remove(id: string, name: string): Promise<void> {
    const removed = await lab.attempt(() => lab.call('desk.remove', { id }));
    await refresh();
    if (!removed) return;
    const { undo } = removed;
    if (undo === null) {
      return lab.say('info', `${name} is off the list; its folder stays where it is.`);
    }
    const bringBack = async () => {
      await lab.attempt(() => lab.call('desk.restore', { id: undo }));
      await refresh();
    };
    lab.say('info', `${name} is removed.`, { label: 'Undo', run: () => void bringBack() });
  }

  /** A file that was picked or dropped: checked, and shown with what is wrong in it. */
  async function bring(file: File): Promise<void> {
    if (file.size > MAX_LAB_FILE_BYTES) {
      return lab.say('error', `${file.name} is too large: a lab file is text of a few kilobytes.`);
    }
    const text = await file.text();
    const { name } = file;
    const check = await lab.attempt(() => lab.call('desk.check', { name, text }));
    if (check) brought.value = { name, text, check };
  }

  /** Writes a file where the user wants it, with progress, and says so. */
  async function writeFile(name: string, what: FileContent, about: string): Promise<void> {
    const target = await lab.attempt(() => lab.call('files.target', { name }));
    if (!target) return;
    const { token } = target;
    const cancel = () => lab.call('files.cancel', { token });
    const written = await tasks.track({ id: token, title: `Writing ${target.name}`, cancel }, () =>
      lab.attempt(() => lab.call('files.write', { token, what })),
    );
    if (!written) return;
    if (written.download !== null) fetchFile(written.download);
    const size = written.sizeBytes.toLocaleString('en-US');
    lab.say('info', `${written.name}: ${size} bytes, ${about}.`);
  }

  /** What a report of a fault needs. */
  function saveBundle(): Promise<void> {
    return writeFile(
      `duplexlab-bundle-${labName.value}.zip`,
      { kind: 'bundle' },
      'the lab, the log files and the doctor; README.txt in it tells what else',
    );
  }

  return {
    state,
    labName,
    shelf,
    recent,
    brought,
    isBusy,
    refresh,
    open,
    create,
    remove,
    bring,
    writeFile,
    saveBundle,
  };
});

function startAnew(): void {
  // What was looked at is not in the other lab.
  for (const key of ['duplexlab.table', 'duplexlab.database', DRAFTS_KEY])
    sessionStorage.removeItem(key);
  location.reload();
}

function fetchFile(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
