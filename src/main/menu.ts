import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../contract/menu.ts';

/** Key names of the window's command table, as Electron spells them. */
const ACCELERATOR_KEYS: Readonly<Record<string, string>> = { Ctrl: 'CmdOrCtrl' };

/**
 * The native menu: what the platform expects, and the window's own commands in their menus. Single
 * keys are the window's to hear: as accelerators they could not be typed any more.
 */
export function applicationMenu(
  commands: readonly MenuCommand[],
  perform: (id: string) => void,
  platform: NodeJS.Platform = process.platform,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const names = [...new Set(['Lab', 'Edit', 'View', ...commands.map(({ menu }) => menu)])];
  const help = names.filter((name) => name === 'Help');
  const ordered = [...names.filter((name) => name !== 'Help'), ...help];
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    ...ordered.map((name): MenuItemConstructorOptions => {
      const own = commandItems(
        commands.filter(({ menu }) => menu === name),
        perform,
      );
      if (name === 'Edit') return own.length > 0 ? editMenu(own) : { role: 'editMenu' };
      const more = platformItems(name, isMac);
      const line = own.length > 0 && more.length > 0 ? [SEPARATOR] : [];
      return { label: name, submenu: [...own, ...line, ...more] };
    }),
  ];
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

/** What text fields need, and the window's own; the window hears Ctrl Z itself outside of them. */
function editMenu(own: MenuItemConstructorOptions[]): MenuItemConstructorOptions {
  const text: MenuItemConstructorOptions[] = [
    { role: 'undo', registerAccelerator: false },
    { role: 'redo', registerAccelerator: false },
    SEPARATOR,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
  return { label: 'Edit', submenu: [...text, SEPARATOR, ...own] };
}

function platformItems(menu: string, isMac: boolean): MenuItemConstructorOptions[] {
  if (menu === 'Lab') return [{ role: isMac ? 'close' : 'quit' }];
  if (menu !== 'View') return [];
  return [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    SEPARATOR,
    { role: 'togglefullscreen' },
  ];
}

function commandItems(
  commands: readonly MenuCommand[],
  perform: (id: string) => void,
): MenuItemConstructorOptions[] {
  const items: MenuItemConstructorOptions[] = [];
  let group = commands[0]?.group;
  for (const command of commands) {
    if (command.group !== group) items.push(SEPARATOR);
    group = command.group;
    const accelerator = acceleratorOf(command.keys);
    items.push({
      // An ampersand would underline what follows it.
      label: command.title.replaceAll('&', '&&'),
      enabled: !command.isDisabled,
      ...(command.isChecked === undefined ? {} : { type: 'checkbox', checked: command.isChecked }),
      ...(accelerator ? { accelerator, registerAccelerator: false } : {}),
      click: () => perform(command.id),
    });
  }
  return items;
}

/** Shown beside the item; the window itself listens to all keys. */
function acceleratorOf(keys: string | undefined): string | undefined {
  if (!keys?.startsWith('Ctrl ') && !keys?.startsWith('Shift F')) return undefined;
  return keys
    .split(' ')
    .map((key) => ACCELERATOR_KEYS[key] ?? key)
    .join('+');
}
