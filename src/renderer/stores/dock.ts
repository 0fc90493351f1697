import type { DockviewApi } from 'dockview-vue';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { addPanel, buildFirstLayout, forgetLayout } from '../app/layouts.ts';
import type { PanelName } from '../app/panels.ts';
import { useScreen } from './screen.ts';

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

  /** F6: from group to group, the focus inside. */
  function moveFocus(by: 1 | -1): void {
    const dock = api.value;
    if (!dock || dock.groups.length === 0) return;
    const at = dock.activeGroup ? dock.groups.indexOf(dock.activeGroup) : -1;
    const next = dock.groups[(at + by + dock.groups.length) % dock.groups.length];
    next.activePanel?.api.setActive();
    focusActive();
  }

  function focusActive(): void {
    const element = api.value?.activePanel?.view.content.element;
    element?.querySelector<HTMLElement>('section.panel, [tabindex]')?.focus();
  }

  return { api, show, closeActive, maximize, float, reset, moveFocus };
});
