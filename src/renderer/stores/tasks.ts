import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';

/** Shorter work needs no word. */
const SHOWN_AFTER_MS = 500;

export interface Task {
  readonly id: string;
  readonly title: string;
  /** From 0 to 1; null: nobody knows. */
  readonly fraction: number | null;
  readonly isShown: boolean;
  readonly cancel?: () => unknown;
}

type TrackedTask = Partial<Task> & {
  readonly title: string;
  readonly fractionNow?: () => number | null;
};

/** What the user waits for: shown once it lasts, with how far it is and a way to give it up. */
export const useTasks = defineStore('tasks', () => {
  const tasks = ref<readonly Task[]>([]);
  let nextId = 1;

  function begin({ id = `task-${nextId++}`, ...task }: Partial<Task> & { title: string }): string {
    const others = tasks.value.filter((other) => other.id !== id);
    tasks.value = [...others, { fraction: null, isShown: false, ...task, id }];
    setTimeout(() => change(id, { isShown: true }), SHOWN_AFTER_MS);
    return id;
  }

  function change(id: string, next: Partial<Task>): void {
    tasks.value = tasks.value.map((task) => (task.id === id ? { ...task, ...next } : task));
  }

  function end(id: string): void {
    tasks.value = tasks.value.filter((task) => task.id !== id);
  }

  /** `fractionNow`: what says how far it is. */
  async function track<T>(
    { fractionNow = () => null, ...task }: TrackedTask,
    work: () => Promise<T>,
  ): Promise<T> {
    const id = begin(task);
    const unwatch = watch(fractionNow, (fraction) => change(id, { fraction }));
    try {
      return await work();
    } finally {
      unwatch();
      end(id);
    }
  }

  const shown = computed(() => tasks.value.filter(({ isShown }) => isShown));
  return { tasks, shown, begin, change, end, track };
});
