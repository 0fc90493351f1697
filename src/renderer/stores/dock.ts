import type { DockviewApi } from 'dockview-vue';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { addPanel, buildFirstLayout, forgetLayout } from '../app/layouts.ts';
import type { PanelName } from '../app/panels.ts';
import { useScreen } from './screen.ts';

/** Of the dock, for a panel that comes beside the others. */
const REVEALED_SHARE = 0.26;
/** Of the dock, for a panel that floats above it. */
const FLOAT_SHARE = 0.6;

/** The dock as commands see it. */
export const useDock = defineStore('dock', () => {
  const api = shallowRef<DockviewApi>();
  const screen = useScreen();

  /** Brings a panel to the front of the present view, or into it. */
  function show(panel: PanelName): void {
    const dock = api.value;
    if (!dock) return;
    const known = dock.getPanel(panel);
    if (known) known.api.setActive();
    else addPanel(dock, panel);
    focusActive();
  }

  /** In sight, wherever it stands; beside what is there if the view has none. The focus stays. */
  function reveal(panel: PanelName): void {
    const dock = api.value;
    // A panel that fills the window was made so on purpose.
    if (!dock || dock.hasMaximizedGroup()) return;
    const known = dock.getPanel(panel);
    if (known) {
      if (!known.api.isVisible) known.api.setActive();
      return;
    }
    const width = Math.round(dock.width * REVEALED_SHARE);
    const beside = { position: { direction: 'right' }, initialWidth: width } as const;
    addPanel(dock, panel, screen.isNarrow ? {} : beside);
  }

  function closeActive(): void {
    api.value?.activePanel?.api.close();
  }

  function maximize(): void {
    const dock = api.value;
    if (dock?.hasMaximizedGroup()) dock.exitMaximizedGroup();
    else dock?.activePanel?.api.maximize();
  }

  function float(): void {
    const dock = api.value;
    const panel = dock?.activePanel;
    if (!dock || !panel) return;
    const [width, height] = [dock.width, dock.height].map((size) => Math.round(size * FLOAT_SHARE));
    const position = { left: Math.round(dock.width / 8), top: Math.round(dock.height / 8) };
    dock.addFloatingGroup(panel, { width, height, position });
  }

  function reset(): void {
    const { isNarrow, view } = screen;
    forgetLayout(view, isNarrow);
    if (api.value) buildFirstLayout(api.value, view, isNarrow);
  }

  /** Among the panels that stand behind each other in one place. */
  function moveTab(by: 1 | -1): void {
    const group = api.value?.activeGroup;
    if (!group || group.panels.length === 0) return;
    const at = group.activePanel ? group.panels.indexOf(group.activePanel) : 0;
    group.panels[(at + by + group.panels.length) % group.panels.length].api.setActive();
    focusActive();
  }

  /** F6: from group to group, the focus inside; where all stand behind each other, among them. */
  function moveFocus(by: 1 | -1): void {
    const dock = api.value;
    if (!dock || dock.groups.length === 0) return;
    if (dock.groups.length === 1) return moveTab(by);
    const at = dock.activeGroup ? dock.groups.indexOf(dock.activeGroup) : -1;
    const next = dock.groups[(at + by + dock.groups.length) % dock.groups.length];
    next.activePanel?.api.setActive();
    focusActive();
  }

  function focusActive(): void {
    const element = api.value?.activePanel?.view.content.element;
    element?.querySelector<HTMLElement>('section.panel, [tabindex]')?.focus();
  }

  return { api, show, reveal, closeActive, maximize, float, reset, moveFocus, moveTab };
});
