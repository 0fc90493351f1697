/** Menus of the menu bar, in their order. */
export const MENUS = ['Lab', 'Edit', 'View', 'Run', 'Fault', 'Data', 'Help'] as const;
export type MenuName = (typeof MENUS)[number];

/** One command: menu, palette, shortcuts and their editor, and help are derived from the table. */
export interface ScreenCommand {
  readonly id: string;
  readonly title: string;
  /** Keys as shown; `g o` is two keys one after the other. */
  readonly keys?: string;
  /** The keys that it came along with. */
  readonly ownKeys?: string;
  /** Where it stands in the menu bar; without: in the palette only. */
  readonly menu?: MenuName;
  /** Commands of a menu with the same group stand together. */
  readonly group?: string;
  readonly isDisabled?: boolean;
  /** For one of several: which one holds. */
  readonly isChecked?: boolean;
  readonly run: () => unknown;
}
