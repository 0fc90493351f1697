import { describe, expect, it, vi } from 'vitest';
import { applicationMenu } from '../../src/main/menu.ts';

const COMMANDS = [
  { id: 'labs', title: 'Labs & more', menu: 'Lab', group: 'labs', keys: 'Ctrl O' },
  { id: 'settings', title: 'Settings', menu: 'Lab', group: 'settings', keys: 'Ctrl ,' },
  { id: 'run', title: 'Run or pause', menu: 'Run', keys: 'Space' },
  { id: 'dark', title: 'Dark', menu: 'View', isChecked: true },
  { id: 'lift', title: 'Lift all faults', menu: 'Fault', isDisabled: true },
  { id: 'help', title: 'Keyboard help', menu: 'Help' },
];

type Item = {
  label?: string;
  role?: string;
  type?: string;
  accelerator?: string;
  registerAccelerator?: boolean;
  click?: () => void;
  submenu?: Item[];
};

const menuOf = (platform: NodeJS.Platform, perform = (_id: string) => {}) =>
  applicationMenu(COMMANDS, perform, platform) as Item[];

describe('the native menu', () => {
  it("has the platform's menus and the window's commands, help last", () => {
    const names = (platform: NodeJS.Platform) =>
      menuOf(platform).map(({ label, role }) => label ?? role);
    expect(names('linux')).toEqual(['Lab', 'editMenu', 'View', 'Run', 'Fault', 'Help']);
    expect(names('darwin')).toEqual(['appMenu', 'Lab', 'editMenu', 'View', 'Run', 'Fault', 'Help']);
  });

  it('keeps groups apart, spells keys, and says what is off or chosen', () => {
    const [lab, , view, run, fault] = menuOf('win32');
    expect(lab.submenu!.map(({ label, role, type }) => label ?? role ?? type)).toEqual([
      'Labs && more',
      'separator',
      'Settings',
      'separator',
      'quit',
    ]);
    expect(lab.submenu![0]).toMatchObject({
      accelerator: 'CmdOrCtrl+O',
      // The window hears its keys itself: twice would be once too many.
      registerAccelerator: false,
    });
    expect(view.submenu![0]).toMatchObject({ type: 'checkbox', checked: true });
    expect(fault.submenu![0]).toMatchObject({ enabled: false });
    // A single key must stay free to be typed.
    expect(run.submenu![0].accelerator).toBeUndefined();
  });

  it("has text fields' own edits beside the window's; Ctrl Z is left to both", () => {
    const undo = { id: 'undo', title: 'Undo the edit', menu: 'Edit', keys: 'Ctrl Z' };
    const [, edit] = applicationMenu([...COMMANDS, undo], () => {}, 'linux') as Item[];
    const items = edit.submenu!;
    expect(items.slice(0, 2)).toEqual([
      { role: 'undo', registerAccelerator: false },
      { role: 'redo', registerAccelerator: false },
    ]);
    expect(items.map(({ role }) => role)).toContain('paste');
    expect(items.at(-1)).toMatchObject({ label: 'Undo the edit', registerAccelerator: false });
  });

  it('does what is chosen', () => {
    const perform = vi.fn();
    menuOf('linux', perform)[3].submenu![0].click!();
    expect(perform).toHaveBeenCalledWith('run');
  });
});
