import type { useDock } from '../../stores/dock.ts';
import type { useInspector } from '../../stores/inspector.ts';
import type { useScreen } from '../../stores/screen.ts';
import { SETTINGS, type useSettings } from '../../stores/settings.ts';
import { PANEL_NAMES, PANELS } from '../panels.ts';
import { VIEWS, type View } from '../views.ts';
import type { ScreenCommand } from './screen-command.ts';

export const VIEW_INFO: Readonly<Record<View, { title: string; keys: string; sign: string }>> = {
  overview: { title: 'Overview', keys: 'g o', sign: 'A∥B' },
  topology: { title: 'Topology', keys: 'g m', sign: 'Map' },
  nodes: { title: 'ICM nodes and events', keys: 'g n', sign: 'NM' },
  configuration: { title: 'Configuration', keys: 'g c', sign: 'Cfg' },
  consoles: { title: 'Consoles', keys: 'g k', sign: 'C:\\' },
  registry: { title: 'Registry', keys: 'g r', sign: 'Reg' },
  state: { title: 'Router state, side by side', keys: 'g s', sign: 'A=B' },
  calls: { title: 'Calls', keys: 'g a', sign: 'Call' },
  sessions: { title: 'Data source sessions and gaps', keys: 'g d', sign: 'DSS' },
  charts: { title: 'Charts', keys: 'g h', sign: 'Plot' },
  tables: { title: 'IDB tables', keys: 'g t', sign: 'IDB' },
};

export function viewCommands(
  screen: ReturnType<typeof useScreen>,
  dock: ReturnType<typeof useDock>,
  settings: ReturnType<typeof useSettings>,
  inspector: ReturnType<typeof useInspector>,
): ScreenCommand[] {
  return [
    ...VIEWS.map(
      (view): ScreenCommand => ({
        id: `view-${view}`,
        title: `Go to ${VIEW_INFO[view].title}`,
        keys: VIEW_INFO[view].keys,
        menu: 'View',
        group: 'views',
        isChecked: screen.view === view,
        run: () => {
          screen.view = view;
        },
      }),
    ),
    ...PANEL_NAMES.map(
      (panel): ScreenCommand => ({
        id: `panel-${panel}`,
        title: `Show panel: ${PANELS[panel].title}`,
        run: () => dock.show(panel),
      }),
    ),
    ...panelCommands(dock),
    {
      id: 'inspector-back',
      title: 'Back in the inspector',
      keys: ',',
      menu: 'View',
      group: 'panels',
      isDisabled: inspector.past.length === 0,
      run: () => void inspector.back(),
    },
    ...Object.entries(SETTINGS.theme.choices).map(
      ([choice, label]): ScreenCommand => ({
        id: `theme-${choice}`,
        title: `Theme: ${label.toLowerCase()}`,
        menu: 'View',
        group: 'theme',
        isChecked: settings.values.theme === choice,
        run: () => settings.set('theme', choice),
      }),
    ),
  ];
}

function panelCommands(dock: ReturnType<typeof useDock>): ScreenCommand[] {
  const inView = { menu: 'View', group: 'panels' } as const;
  return [
    {
      id: 'next-panel',
      title: 'Go to the next panel',
      keys: 'F6',
      ...inView,
      run: () => dock.moveFocus(1),
    },
    {
      id: 'previous-panel',
      title: 'Go to the previous panel',
      keys: 'Shift F6',
      ...inView,
      run: () => dock.moveFocus(-1),
    },
    {
      id: 'next-tab',
      title: 'Go to the next tab of the panel',
      keys: ']',
      ...inView,
      run: () => dock.moveTab(1),
    },
    {
      id: 'previous-tab',
      title: 'Go to the tab before of the panel',
      keys: '[',
      ...inView,
      run: () => dock.moveTab(-1),
    },
    {
      id: 'maximize-panel',
      title: 'Maximize the panel, or put it back',
      keys: 'm',
      ...inView,
      run: dock.maximize,
    },
    { id: 'float-panel', title: 'Float the panel', ...inView, run: dock.float },
    { id: 'close-panel', title: 'Close the panel', ...inView, run: dock.closeActive },
    { id: 'reset-layout', title: 'Reset the layout of this view', ...inView, run: dock.reset },
  ];
}
