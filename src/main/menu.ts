import type { MenuItemConstructorOptions } from 'electron';

/** Native menu: what the platform expects. The lab's own commands live in the window's palette. */
export function applicationMenu(): MenuItemConstructorOptions[] {
  const mac: MenuItemConstructorOptions[] = [{ role: 'appMenu' }];
  return [
    ...(process.platform === 'darwin' ? mac : []),
    { label: 'Lab', submenu: [{ role: process.platform === 'darwin' ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
  ];
}
