import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useCommands } from '../../src/renderer/app/commands/index.ts';
import { MENUS } from '../../src/renderer/app/commands/screen-command.ts';
import { keyName } from '../../src/renderer/app/shortcuts.ts';
import { useLab } from '../../src/renderer/stores/lab.ts';
import { SETTING_NAMES, SETTINGS, useSettings } from '../../src/renderer/stores/settings.ts';
import { offerLab } from './offer-lab.ts';

const KEY = 'duplexlab.settings';
const store = (value: unknown) => localStorage.setItem(KEY, JSON.stringify(value));
const stored = () => JSON.parse(localStorage.getItem(KEY) ?? 'null');

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
  offerLab({});
});

describe('the table of commands', () => {
  it('has each id once, and no two commands on the same keys or behind one another', () => {
    const commands = useCommands().value;
    const ids = commands.map(({ id }) => id);
    expect(ids.length).toBe(new Set(ids).size);
    const keys = commands.flatMap((command) => command.keys ?? []);
    expect(keys.length).toBe(new Set(keys).size);
    const hidden = keys.filter((one) => keys.some((other) => one.startsWith(`${other} `)));
    expect(hidden).toEqual([]);
  });

  it('fills each menu that there is', async () => {
    await vi.waitFor(() => expect(useLab().description).toBeDefined());
    const used = new Set(useCommands().value.flatMap(({ menu }) => menu ?? []));
    expect([...used].toSorted()).toEqual([...MENUS].toSorted());
  });

  it('takes the keys of the user, and none where the user wants none', () => {
    const settings = useSettings();
    const commands = useCommands();
    const keysOf = (id: string) => commands.value.find((command) => command.id === id)?.keys;
    expect(keysOf('run')).toBe('Space');
    settings.setKeys('run', 'F5');
    settings.setKeys('help', '');
    expect([keysOf('run'), keysOf('help')]).toEqual(['F5', undefined]);
    settings.setKeys('run', undefined);
    expect(keysOf('run')).toBe('Space');
  });
});

describe('names of keys', () => {
  const named = (key: string, more: KeyboardEventInit = {}) =>
    keyName(new KeyboardEvent('keydown', { key, ...more }));

  it('are those of the table', () => {
    expect(named(' ')).toBe('Space');
    expect(named('>', { shiftKey: true })).toBe('>');
    expect(named('F6', { shiftKey: true })).toBe('Shift F6');
    expect(named('k', { ctrlKey: true })).toBe('Ctrl K');
    expect(named('k', { metaKey: true })).toBe('Ctrl K');
    expect(named('Z', { ctrlKey: true, shiftKey: true })).toBe('Ctrl Shift Z');
    expect(named('F6', { ctrlKey: true })).toBe('Ctrl F6');
    expect(named('x', { altKey: true })).toBe('Alt X');
  });
});

describe('settings', () => {
  it('begin as the table says, for a profile that has none', () => {
    const { values } = useSettings();
    for (const name of SETTING_NAMES) expect(values[name]).toBe(SETTINGS[name].initial);
  });

  it('what is no setting, no choice or no JSON is as if it were not there', () => {
    store({ version: 1, values: { theme: 'pink', density: 'comfortable', other: 'x' }, keys: 7 });
    const settings = useSettings();
    expect(settings.values.theme).toBe('system');
    expect(settings.values.density).toBe('comfortable');
    expect(settings.keys).toEqual({});
    settings.set('theme', 'pink');
    expect(settings.values.theme).toBe('system');
    localStorage.setItem(KEY, '{"version":');
    setActivePinia(createPinia());
    expect(useSettings().values.density).toBe('dense');
  });

  it('of a newer version are used as far as they are known, and left as they are', async () => {
    const newer = { version: 2, values: { theme: 'dark', glow: 'much' }, keys: {}, tourSeen: true };
    store(newer);
    const settings = useSettings();
    expect([settings.values.theme, settings.isDark]).toEqual(['dark', true]);
    settings.set('theme', 'light');
    await Promise.resolve();
    expect(stored()).toEqual(newer);
  });

  it('act on the document and are kept', async () => {
    const settings = useSettings();
    settings.set('theme', 'dark');
    settings.set('density', 'comfortable');
    await Promise.resolve();
    const { dataset } = document.documentElement;
    expect([dataset['theme'], dataset['density']]).toEqual(['dark', 'comfortable']);
    expect(stored().values.theme).toBe('dark');
  });
});
