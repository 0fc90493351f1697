import { onMounted, onUnmounted, type Ref } from 'vue';
import type { ScreenCommand } from './commands/screen-command.ts';

export const CHORD_MS = 1200;

/** What every text field has for itself. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  'Ctrl A',
  'Ctrl C',
  'Ctrl V',
  'Ctrl X',
  'Ctrl Y',
  'Ctrl Z',
]);

/** Listens for the keys of the command table, outside of text fields. */
export function useShortcuts(commands: Readonly<Ref<readonly ScreenCommand[]>>): void {
  let prefix = '';
  let prefixTimer = 0;

  /** The button that the pointer, and not the keyboard, has given the focus. */
  let clicked: Element | null = null;
  const onPointerDown = ({ target }: PointerEvent) => {
    clicked = target instanceof Element ? target.closest('button, summary') : null;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Half of a key: what was begun with another one goes on.
    if (isModifier(event)) return;
    const key = keyName(event);
    if (key !== 'Space' || document.activeElement !== clicked) clicked = null;
    // An open dialog or menu has its own keys.
    if (event.defaultPrevented || isInside(event, 'dialog, [role="menu"], .choices')) return;
    const isText = isTyping(event, clicked);
    if (isText && !key.startsWith('Ctrl ') && !key.endsWith('F6')) return;
    if (isText && TEXT_KEYS.has(key)) return;
    const pressed = prefix ? `${prefix} ${key}` : key;
    prefix = '';
    const command = commands.value.find(({ keys }) => keys === pressed);
    if (command) {
      event.preventDefault();
      // A key that is held steps on and on, but does nothing else twice.
      if (!command.isDisabled && !(event.repeat && key.startsWith('Ctrl '))) command.run();
    } else if (commands.value.some(({ keys }) => keys?.startsWith(`${key} `))) {
      prefix = key;
      clearTimeout(prefixTimer);
      prefixTimer = window.setTimeout(() => {
        prefix = '';
      }, CHORD_MS);
    }
  };

  onMounted(() => {
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('pointerdown', onPointerDown, true);
  });
  onUnmounted(() => {
    window.removeEventListener('keydown', onKeyDown);
    window.removeEventListener('pointerdown', onPointerDown, true);
  });
}

/** A key as the table of commands writes it: `Ctrl K`, `Shift F6`, `Space`, `>`. */
export function keyName(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key;
  if (event.ctrlKey || event.metaKey) {
    const isLetter = /^\p{L}$/u.test(key);
    const shift = isLetter && event.shiftKey ? 'Shift ' : '';
    return `Ctrl ${shift}${key.length === 1 ? key.toUpperCase() : key}`;
  }
  if (event.altKey) return `Alt ${key.length === 1 ? key.toUpperCase() : key}`;
  // Shift is in the character itself where there is one.
  return event.shiftKey && key.length > 1 && key !== 'Shift' ? `Shift ${key}` : key;
}

export function isModifier({ key }: KeyboardEvent): boolean {
  return ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph'].includes(key);
}

function isInside({ target }: KeyboardEvent, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}

function isTyping(event: KeyboardEvent, clicked: Element | null): boolean {
  // Inside a shadow root the event's own target is its host.
  const [target] = event.composedPath();
  const { key } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || target.isContentEditable) return true;
  // Space and Enter belong to the button that was reached with the keyboard; after a click Space
  // runs and pauses, as it does elsewhere.
  const isKey = key === 'Enter' || (key === ' ' && target !== clicked);
  return /^(BUTTON|SUMMARY)$/.test(target.tagName) && isKey;
}
