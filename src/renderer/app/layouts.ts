import type { DockviewApi, SerializedDockview } from 'dockview-vue';
import { isPanelName, PANELS, type PanelName } from './panels.ts';
import type { View } from './views.ts';

/** Where panels stand at first, and what is remembered of where the user has put them. */

type Direction = 'left' | 'right' | 'below' | 'within';

type Place = {
  readonly panel: PanelName;
  /** Beside, below or as a tab with a panel that is placed before. */
  readonly direction?: Direction;
  readonly of?: PanelName;
  /** Share of the whole window, 0 to 1. */
  readonly width?: number;
  readonly height?: number;
  /** Beside other panels, without what needs room. */
  readonly isCompact?: boolean;
  /** A tab that is not the one in front. */
  readonly isBehind?: boolean;
};

const FIRST_LAYOUTS: Readonly<Record<View, readonly Place[]>> = {
  overview: [
    { panel: 'pair' },
    { panel: 'console', direction: 'below', of: 'pair', height: 0.43, isCompact: true },
    { panel: 'ladder', direction: 'right', of: 'pair', width: 0.78 },
    { panel: 'inspector', direction: 'right', of: 'ladder', width: 0.24 },
    { panel: 'idb', direction: 'right', of: 'console', width: 0.53, isCompact: true },
    { panel: 'transfers', direction: 'within', of: 'ladder', isBehind: true },
  ],
  topology: [
    { panel: 'topology' },
    { panel: 'inspector', direction: 'right', of: 'topology', width: 0.22 },
  ],
  nodes: [{ panel: 'nodes' }, { panel: 'inspector', direction: 'right', of: 'nodes', width: 0.26 }],
  configuration: [{ panel: 'configuration' }],
  consoles: [{ panel: 'console' }],
  registry: [{ panel: 'registry' }],
  state: [{ panel: 'state' }],
  calls: [{ panel: 'calls' }],
  sessions: [{ panel: 'sessions' }],
  charts: [
    { panel: 'charts' },
    { panel: 'inspector', direction: 'right', of: 'charts', width: 0.22 },
  ],
  tables: [
    { panel: 'idb' },
    { panel: 'inspector', direction: 'right', of: 'idb', width: 0.25 },
    { panel: 'sql', direction: 'within', of: 'idb' },
  ],
};

export function buildFirstLayout(api: DockviewApi, view: View, isNarrow: boolean): void {
  api.clear();
  for (const place of FIRST_LAYOUTS[view]) {
    const { panel, of, width, height, isBehind, isCompact } = place;
    // In a narrow window panels stand behind each other.
    const direction = isNarrow ? 'within' : place.direction;
    addPanel(api, panel, {
      ...(isBehind && { inactive: true }),
      ...(isCompact && { params: { isCompact } }),
      ...(of && { position: { referencePanel: of, direction: direction ?? 'within' } }),
      ...(width && !isNarrow && { initialWidth: Math.round(api.width * width) }),
      ...(height && !isNarrow && { initialHeight: Math.round(api.height * height) }),
    });
  }
  const [first] = FIRST_LAYOUTS[view];
  api.getPanel(first.panel)?.api.setActive();
}

type AddOptions = Omit<Parameters<DockviewApi['addPanel']>[0], 'id' | 'component'>;

export function addPanel(api: DockviewApi, panel: PanelName, options: AddOptions = {}): void {
  const { title } = PANELS[panel];
  api.addPanel({ id: panel, component: 'DockPanel', title, ...options } as never);
}

const keyOf = (view: View, isNarrow: boolean) =>
  `duplexlab.layout.${view}${isNarrow ? '.narrow' : ''}`;

export function rememberLayout(api: DockviewApi, view: View, isNarrow: boolean): void {
  localStorage.setItem(keyOf(view, isNarrow), JSON.stringify(api.toJSON()));
}

export function forgetLayout(view: View, isNarrow: boolean): void {
  localStorage.removeItem(keyOf(view, isNarrow));
}

/** A layout that cannot be read, or has panels that are no more, gives way to the first one. */
export function restoreLayout(api: DockviewApi, view: View, isNarrow: boolean): void {
  const text = localStorage.getItem(keyOf(view, isNarrow));
  try {
    const layout = JSON.parse(text ?? 'null') as SerializedDockview | null;
    const panels = Object.keys(layout?.panels ?? {});
    if (!layout || panels.length === 0 || !panels.every(isPanelName)) {
      return buildFirstLayout(api, view, isNarrow);
    }
    api.fromJSON(layout);
  } catch {
    forgetLayout(view, isNarrow);
    buildFirstLayout(api, view, isNarrow);
  }
}
