import { defineStore } from 'pinia';
import { computed, reactive, ref, watch } from 'vue';

/**
 * How the window looks and which keys it takes: kept in this browser or profile, not in the lab.
 * One table of settings: dialog, search, defaults and checks are derived from it.
 */
export const SETTINGS = {
  theme: {
    title: 'Theme',
    help: 'Light or dark surfaces; colours keep their meaning.',
    choices: { system: 'Follow the system', light: 'Light', dark: 'Dark' },
    initial: 'system',
  },
  density: {
    title: 'Row height',
    help: 'Dense shows more rows, comfortable ones are easier to hit.',
    choices: { dense: 'Dense', comfortable: 'Comfortable' },
    initial: 'dense',
  },
  motion: {
    title: 'Motion',
    help: 'New rows that light up for a moment.',
    choices: { system: 'Follow the system', off: 'Off' },
    initial: 'system',
  },
  timeline: {
    title: 'Time line',
    help: 'The strip below the panels with commands, faults and events over lab time.',
    choices: { shown: 'Shown', hidden: 'Hidden' },
    initial: 'shown',
  },
} as const satisfies Record<string, Setting>;

type Setting = {
  readonly title: string;
  readonly help: string;
  readonly choices: Readonly<Record<string, string>>;
  readonly initial: string;
};

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

const STORAGE_KEY = 'duplexlab.settings';
const VERSION = 1;

type Stored = {
  readonly version: number;
  readonly values: Readonly<Record<string, string>>;
  /** Keys that the user has given to commands, by id; empty: none. */
  readonly keys: Readonly<Record<string, string>>;
  readonly tourSeen: boolean;
};

export const useSettings = defineStore('settings', () => {
  const stored = readStored();
  /** Written by a newer version: it is used as far as it is known, and left as it is. */
  const isNewer = stored.version > VERSION;
  const values = reactive(readValues(stored.values));
  const keys = ref<Readonly<Record<string, string>>>({ ...stored.keys });
  const tourSeen = ref(stored.tourSeen);

  const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
  const systemIsDark = ref(systemDark.matches);
  systemDark.addEventListener('change', ({ matches }) => {
    systemIsDark.value = matches;
  });
  const isDark = computed(() => {
    return values.theme === 'dark' || (values.theme === 'system' && systemIsDark.value);
  });

  watch(
    [values, keys, tourSeen],
    () => {
      if (isNewer) return;
      const next: Stored = {
        version: VERSION,
        values: { ...values },
        keys: keys.value,
        tourSeen: tourSeen.value,
      };
      localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
    },
    { deep: true },
  );
  watch([values, isDark], () => apply(values, isDark.value), { immediate: true, deep: true });

  function set(name: SettingName, value: string): void {
    if (value in SETTINGS[name].choices) values[name] = value;
  }

  function reset(name: SettingName): void {
    values[name] = SETTINGS[name].initial;
  }

  /** Undefined: as the program has it. */
  function setKeys(command: string, wanted: string | undefined): void {
    const { [command]: _before, ...others } = keys.value;
    keys.value = wanted === undefined ? others : { ...others, [command]: wanted };
  }

  return { values, keys, tourSeen, isDark, set, reset, setKeys };
});

function readStored(): Stored {
  const nothing: Stored = { version: VERSION, values: {}, keys: {}, tourSeen: false };
  try {
    const found = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null') as Partial<Stored> | null;
    if (found === null || typeof found !== 'object') return nothing;
    return {
      version: Number(found.version ?? VERSION),
      values: found.values ?? {},
      keys: textsOf(found.keys),
      tourSeen: found.tourSeen === true,
    };
  } catch {
    return nothing;
  }
}

function textsOf(found: unknown): Record<string, string> {
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter(([, text]) => typeof text === 'string'));
}

/** What is no choice of a setting is as if it had not been there. */
function readValues(found: Readonly<Record<string, string>>): Record<SettingName, string> {
  const entries = SETTING_NAMES.map((name) => {
    const { choices, initial } = SETTINGS[name];
    const value = found[name];
    return [name, typeof value === 'string' && value in choices ? value : initial];
  });
  return Object.fromEntries(entries);
}

function apply(values: Readonly<Record<SettingName, string>>, isDark: boolean): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = isDark ? 'dark' : 'light';
  dataset['density'] = values.density;
  dataset['motion'] = values.motion;
}
