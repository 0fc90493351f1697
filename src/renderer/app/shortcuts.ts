import { onMounted, onUnmounted, type Ref } from 'vue';
import type { ScreenCommand } from './commands.ts';

const CHORD_MS = 1200;

/** Listens for the keys of the command table, outside of text fields. */
export function useShortcuts(commands: Readonly<Ref<readonly ScreenCommand[]>>): void {
  let prefix = '';
  let prefixTimer = 0;

  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyName(event);
    if (isTyping(event) && !key.startsWith('Ctrl ')) return;
    const pressed = prefix ? `${prefix} ${key}` : key;
    prefix = '';
    const command = commands.value.find(({ keys }) => keys === pressed);
    if (command) {
      event.preventDefault();
      command.run();
    } else if (commands.value.some(({ keys }) => keys?.startsWith(`${key} `))) {
      prefix = key;
      clearTimeout(prefixTimer);
      prefixTimer = window.setTimeout(() => {
        prefix = '';
      }, CHORD_MS);
    }
  };

  onMounted(() => window.addEventListener('keydown', onKeyDown));
  onUnmounted(() => window.removeEventListener('keydown', onKeyDown));
}

function keyName(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key;
  return event.ctrlKey || event.metaKey ? `Ctrl ${key.toUpperCase()}` : key;
}

function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return true;
  // Space and Enter belong to the button that has the focus.
  return target.tagName === 'BUTTON' && (key === ' ' || key === 'Enter');
}
