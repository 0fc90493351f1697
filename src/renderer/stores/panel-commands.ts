import { defineStore } from 'pinia';
import { computed, onMounted, onUnmounted, shallowRef } from 'vue';
import type { ScreenCommand } from '../app/commands/screen-command.ts';

/** What the panels that are there add to the table of commands. */
export const usePanelCommands = defineStore('panel-commands', () => {
  const lists = shallowRef<readonly (() => readonly ScreenCommand[])[]>([]);
  const commands = computed(() => {
    const found = new Map<string, ScreenCommand>();
    // Of two panels of a kind the one that came last is meant.
    for (const list of lists.value) for (const command of list()) found.set(command.id, command);
    return [...found.values()];
  });

  function add(list: () => readonly ScreenCommand[]): void {
    lists.value = [...lists.value, list];
  }

  function remove(list: () => readonly ScreenCommand[]): void {
    lists.value = lists.value.filter((one) => one !== list);
  }

  return { commands, add, remove };
});

/** Offers commands as long as the panel is there; what the list reads may change. */
export function offerCommands(list: () => readonly ScreenCommand[]): void {
  const panel = usePanelCommands();
  onMounted(() => panel.add(list));
  onUnmounted(() => panel.remove(list));
}
