import { defineStore } from 'pinia';
import { computed, onMounted, onUnmounted, shallowRef } from 'vue';
import { PANEL_COMMANDS } from '../app/commands/panel-commands.ts';
import type { ScreenCommand } from '../app/commands/screen-command.ts';

/** What a panel that is there does for a command of the table. */
type Offer = Pick<ScreenCommand, 'isDisabled' | 'isChecked' | 'run'>;
type Offers = () => Readonly<Record<string, Offer>>;

/** The commands of panels: disabled while no panel of the kind is there. */
export const usePanelCommands = defineStore('panel-commands', () => {
  const lists = shallowRef<readonly Offers[]>([]);
  const commands = computed(() => {
    // Of two panels of a kind the one that came last is meant.
    const offers = Object.assign({}, ...lists.value.map((list) => list())) as ReturnType<Offers>;
    return Object.entries(PANEL_COMMANDS).map(
      ([id, titled]): ScreenCommand => ({
        id,
        ...titled,
        ...(offers[id] ?? { isDisabled: true, run() {} }),
      }),
    );
  });

  function add(list: Offers): void {
    lists.value = [...lists.value, list];
  }

  function remove(list: Offers): void {
    lists.value = lists.value.filter((one) => one !== list);
  }

  return { commands, add, remove };
});

/** Carries commands out as long as the panel is there; what the list reads may change. */
export function offerCommands(list: Offers): void {
  const panel = usePanelCommands();
  onMounted(() => panel.add(list));
  onUnmounted(() => panel.remove(list));
}

/** An offer for each of some choices, by the names that the table has for them. */
export function forEach<K extends string>(
  choices: Readonly<Record<K, unknown>>,
  id: string,
  offer: (choice: K) => Offer,
): Record<string, Offer> {
  const names = Object.keys(choices) as K[];
  return Object.fromEntries(names.map((name) => [`${id}-${name}`, offer(name)]));
}
