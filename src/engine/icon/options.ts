import type { ConfigurationObject } from '../configuration/object-types.ts';
import { type OptionType, optionNumber, optionText } from '../configuration/option.ts';

/** Options of the ICON application that the emulator obeys (docs/fidelity/icon.md §3). */

const shared = { section: 'callconcentrator', confidence: 'confirmed' } as const;

export const ICON_OPTIONS = {
  role: {
    ...shared,
    name: 'role',
    kind: 'text',
    initial: 'all',
    effect: 'after restart',
    about:
      'Kinds of data, with commas between: all, cfg, gcc, gls, gud, gos, lrm; ~cfg leaves one ' +
      'out. Lower case only: anything else counts as all.',
  },
  cfgAnnex: {
    ...shared,
    name: 'cfg-annex',
    kind: 'integer',
    initial: '0',
    max: 1,
    effect: 'after restart',
    about: '1: changes of monitored Annex sections are kept in GC_ANNEX (role cfg).',
  },
  startCfgSync: {
    ...shared,
    name: 'start-cfg-sync',
    kind: 'integer',
    initial: '-1',
    min: -1,
    max: 1,
    effect: 'immediately',
    about:
      'Resynchronization: set 0, then 1 while ICON runs. It goes on to its end whatever comes ' +
      'then; a 1 that is there when ICON starts does nothing.',
  },
  accQueueSize: {
    ...shared,
    name: 'acc-queue-size',
    kind: 'integer',
    initial: '500',
    min: 1,
    effect: 'immediately',
    about: 'Rows in memory before they go to the persistent queue.',
  },
  accQueueLifespan: {
    ...shared,
    name: 'acc-queue-lifespan',
    kind: 'integer',
    initial: '5',
    min: 1,
    effect: 'immediately',
    about: 'Seconds that a row stays in memory before it goes to the persistent queue.',
  },
} as const satisfies Record<string, OptionType>;

const ROLES = ['cfg', 'gcc', 'gls', 'gud', 'gos', 'lrm'] as const;
export type IconRole = (typeof ROLES)[number];

export type IconOptions = {
  /** Read when ICON starts. */
  roles: readonly IconRole[];
  cfgAnnex: boolean;
  /** Obeyed at once. */
  startCfgSync: number;
  accQueueSize: number;
  accQueueLifespanSeconds: number;
};

export function readIconOptions(application: ConfigurationObject | null): IconOptions {
  return {
    roles: parseRoles(optionText(application, ICON_OPTIONS.role)),
    cfgAnnex: optionNumber(application, ICON_OPTIONS.cfgAnnex) === 1,
    startCfgSync: optionNumber(application, ICON_OPTIONS.startCfgSync),
    accQueueSize: optionNumber(application, ICON_OPTIONS.accQueueSize),
    accQueueLifespanSeconds: optionNumber(application, ICON_OPTIONS.accQueueLifespan),
  };
}

/** `all,~gud` and the like; what is not lower case, or names no role, counts as all. */
export function parseRoles(text: string): IconRole[] {
  const words = text.split(',').map((word) => word.trim());
  const isRole = (word: string): word is IconRole => (ROLES as readonly string[]).includes(word);
  const wanted = words.filter((word) => !word.startsWith('~'));
  const unwanted = words.filter((word) => word.startsWith('~')).map((word) => word.slice(1));
  const takesAll = wanted.length === 0 || !wanted.every(isRole);
  return ROLES.filter((role) => {
    return (takesAll || wanted.includes(role)) && !unwanted.includes(role);
  });
}
