import { computed, type Ref, watch } from 'vue';
import type { MenuCommand } from '../../contract/menu.ts';
import type { ScreenCommand } from './commands/screen-command.ts';

/** In the desktop application the system's own menu has what the menu bar has in a browser. */
export const hasNativeMenu = window.duplexLab !== undefined;

/** Keeps the native menu like the table of commands, and does what is chosen there. */
export function useNativeMenu(commands: Readonly<Ref<readonly ScreenCommand[]>>): void {
  const desktop = window.duplexLab;
  if (!desktop) return;
  desktop.onCommand((id) => {
    const chosen = commands.value.find((command) => command.id === id);
    if (chosen && !chosen.isDisabled) chosen.run();
  });
  const wanted = computed(() => JSON.stringify(commands.value.flatMap(itemOf)));
  watch(wanted, (next) => void desktop.setMenu(JSON.parse(next)), { immediate: true });
}

function itemOf(command: ScreenCommand): MenuCommand[] {
  const { group, id, isChecked, isDisabled, keys, menu, title } = command;
  return menu ? [{ id, title, menu, group, keys, isChecked, isDisabled }] : [];
}
