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
  if (found instanceof HTMLDetailsElement) {
    const enter = () => found.querySelector<HTMLElement>('input[type="search"]')?.focus();
    if (found.open) enter();
    // What is inside is drawn once it is open.
    else found.addEventListener('toggle', () => requestAnimationFrame(enter), { once: true });
    found.open = true;
  } else if (found instanceof HTMLInputElement) found.focus();
  else found.click();
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
