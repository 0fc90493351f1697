import { panelText } from '../ui/panel-text.ts';

/** What finds or filters in a panel: a field, or what opens it. */
const FIELDS = 'input[type="search"], [data-find]';

/** Goes to that of the panel that has the focus, or of any that is seen; false: there is none. */
export function findHere(): boolean {
  const own = document.activeElement?.closest('.dock-panel');
  const panels = [...(own ? [own] : []), ...document.querySelectorAll('main .dock-panel')];
  const found = panels
    .flatMap((panel) => [...panel.querySelectorAll<HTMLElement>(FIELDS)])
    .find((one) => one.offsetParent !== null);
  if (!found) return false;
  if (found instanceof HTMLInputElement) found.focus();
  // What it opens goes to its own field.
  else if (found.getAttribute('aria-expanded') !== 'true') found.click();
  else document.querySelector<HTMLElement>('.choices input[type="search"]')?.focus();
  return true;
}

/** What the panel that has the focus says, the time line too; undefined: none has it. */
export function textHere(): { readonly title: string; readonly text: string } | undefined {
  const own = document.activeElement?.closest<HTMLElement>('.dock-panel, .timeline');
  const panel = own ?? document.querySelector<HTMLElement>('main .dv-active-group .dock-panel');
  if (!panel) return undefined;
  const title = panel.dataset['title'] ?? panel.ariaLabel ?? '';
  return { title, text: panelText(panel) };
}
