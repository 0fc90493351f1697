import {
  APPLICATION_TYPE,
  type ConfigurationObject,
  numberField,
  textField,
} from './object-types.ts';
import { type OptionType, optionFlag, optionNumber, optionText } from './option.ts';

/** Options of the Configuration Server that decide what its history log keeps. */

const SECTION = 'history-log';
const shared = { section: SECTION, effect: 'immediately' } as const;

export const SERVER_OPTIONS = {
  all: {
    ...shared,
    name: 'all',
    kind: 'text',
    initial: 'histlog',
    effect: 'after restart',
    about: 'File of the history log; with :memory: it is lost when the server restarts.',
    confidence: 'inferred',
  },
  expiration: {
    ...shared,
    name: 'expiration',
    kind: 'integer',
    initial: '30',
    min: 1,
    max: 30,
    about: 'Days that changes are kept. A client that was away longer misses the older ones.',
    confidence: 'confirmed',
  },
  clientExpiration: {
    ...shared,
    name: 'client-expiration',
    kind: 'integer',
    initial: '1',
    min: 1,
    max: 30,
    about: 'Days that the session of a client that is away is kept; then it is not restored.',
    confidence: 'inferred',
  },
  maxRecords: {
    ...shared,
    name: 'max-records',
    kind: 'integer',
    initial: '1000',
    min: 1,
    max: 1000,
    about: 'Changes in one answer at most. A client asks again for the rest: nothing is lost.',
    confidence: 'confirmed',
  },
  active: {
    ...shared,
    name: 'active',
    kind: 'boolean',
    initial: 'true',
    about: 'False: changes are not recorded, and a client that is away never learns of them.',
    confidence: 'inferred',
  },
  failsafeStoreProcessing: {
    ...shared,
    name: 'failsafe-store-processing',
    kind: 'boolean',
    initial: 'true',
    about: 'False: the log reaches the disk late, and a crash loses the last changes of it.',
    confidence: 'confirmed',
  },
  historyLogActive: {
    section: 'confserv',
    name: 'history-log-active',
    kind: 'boolean',
    initial: 'true',
    effect: 'immediately',
    about: 'Before release 7.6 only: takes the place of the section history-log.',
    confidence: 'confirmed',
  },
} as const satisfies Record<string, OptionType>;

/** The section history-log came with this release (source document). */
const HISTORY_LOG_RELEASE = [7, 6] as const;

export type HistoryLogSettings = {
  readonly active: boolean;
  readonly file: string;
  readonly expirationDays: number;
  readonly clientExpirationDays: number;
  readonly maxRecords: number;
  readonly failsafe: boolean;
};

export const IN_MEMORY = ':memory:';

/** What the server's own Application object says. */
export function historyLogSettings(
  objects: ReadonlyMap<string, ConfigurationObject>,
): HistoryLogSettings {
  const server = ownApplication(objects);
  const isOld = isBeforeHistoryLog(server ? textField(server, 'version') : '');
  const from = isOld ? null : server;
  const { all, active, historyLogActive, failsafeStoreProcessing } = SERVER_OPTIONS;
  return {
    active: isOld ? optionFlag(server, historyLogActive) : optionFlag(server, active),
    file: optionText(from, all),
    expirationDays: optionNumber(from, SERVER_OPTIONS.expiration),
    clientExpirationDays: optionNumber(from, SERVER_OPTIONS.clientExpiration),
    maxRecords: optionNumber(from, SERVER_OPTIONS.maxRecords),
    failsafe: optionFlag(from, failsafeStoreProcessing),
  };
}

/** The server's own Application object. */
export function ownApplication(
  objects: ReadonlyMap<string, ConfigurationObject>,
): ConfigurationObject | null {
  for (const object of objects.values()) {
    const isServer =
      object.type === 'application' &&
      numberField(object, 'applicationType') === APPLICATION_TYPE.configurationServer;
    if (isServer) return object;
  }
  return null;
}

function isBeforeHistoryLog(version: string): boolean {
  const [major, minor = 0] = version.split('.').map(Number);
  if (!Number.isInteger(major)) return false;
  const [withLog, withLogMinor] = HISTORY_LOG_RELEASE;
  return major < withLog || (major === withLog && minor < withLogMinor);
}
