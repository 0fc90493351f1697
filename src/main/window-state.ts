import { readFileSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';

/** Where the window was: kept beside the labs, and used only where it can still be seen. */

export type WindowState = Rectangle & { readonly isMaximized: boolean };

/** Of the window that must lie on a screen, pixels: enough to take hold of it. */
const MIN_SEEN = 100;

export function readWindowState(
  file: string,
  screens: readonly Rectangle[],
): WindowState | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState> | null;
    const { x, y, width, height, isMaximized } = found ?? {};
    const numbers = [x, y, width, height].map(Number);
    if (numbers.some((number) => !Number.isInteger(number))) return undefined;
    const [left, top, wide, high] = numbers;
    const box = { x: left, y: top, width: wide, height: high };
    if (wide < MIN_SEEN || high < MIN_SEEN || !screens.some((screen) => isSeen(box, screen))) {
      return undefined;
    }
    return { ...box, isMaximized: isMaximized === true };
  } catch {
    return undefined;
  }
}

/** Not to be able to keep it is no reason to say anything: the window opens as at first. */
export function keepWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state));
  } catch {
    return;
  }
}

function isSeen(box: Rectangle, screen: Rectangle): boolean {
  const across = Math.min(box.x + box.width, screen.x + screen.width) - Math.max(box.x, screen.x);
  const down = Math.min(box.y + box.height, screen.y + screen.height) - Math.max(box.y, screen.y);
  return across >= MIN_SEEN && down >= MIN_SEEN;
}
