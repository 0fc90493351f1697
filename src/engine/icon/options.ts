import type { ConfigurationObject } from '../configuration/object-types.ts';
import { type OptionType, optionFlag, optionNumber, optionText } from '../configuration/option.ts';

/** Options of the ICON application that the emulator obeys (docs/fidelity/icon.md §3). */

const MAIN = 'callconcentrator';
type More = Partial<OptionType>;

function option<K extends OptionType['kind']>(
  kind: K,
  name: string,
  initial: string,
  about: string,
  more: More = {},
): OptionType & { readonly kind: K } {
  const effect = 'immediately';
  return {
    section: MAIN,
    confidence: 'confirmed',
    effect,
    ...more,
    kind,
    name,
    initial,
    about,
  };
}

const atStart: More = { effect: 'after restart' };
/** The name is known, what it does or its default is not. */
const chosen: More = { confidence: 'emulator choice' };

function excludes(name: string, what: string, known: More = {}) {
  const more: More = { section: 'filter-data', ...known };
  return option('flag', name, '0', `1: ${what} are not kept.`, more);
}

export const ICON_OPTIONS = {
  role: option(
    'text',
    'role',
    'all',
    'Kinds of data, with commas between: all, cfg, gcc, gls, gud, gos, lrm; ~cfg leaves one ' +
      'out. Lower case only: anything else counts as all.',
    atStart,
  ),
  cfgAnnex: option(
    'flag',
    'cfg-annex',
    '0',
    '1: changes of monitored Annex sections are kept in GC_ANNEX (role cfg).',
    atStart,
  ),
  startCfgSync: option(
    'integer',
    'start-cfg-sync',
    '-1',
    'Resynchronization: set 0, then 1 while ICON runs. It goes on to its end whatever comes ' +
      'then; a 1 that is there when ICON starts does nothing.',
    { min: -1, max: 1 },
  ),
  accQueueSize: option(
    'integer',
    'acc-queue-size',
    '500',
    'Rows in memory before they go to the persistent queue.',
    { min: 1 },
  ),
  accQueueLifespanSeconds: option(
    'integer',
    'acc-queue-lifespan',
    '5',
    'Seconds that a row stays in memory before it goes to the persistent queue.',
    { min: 1 },
  ),
  pqDbname: option(
    'text',
    'pq-dbname',
    'icon_<dbid>.pq',
    'File of the persistent queue. With :memory: it does not outlive ICON.',
    atStart,
  ),
  pqStartupCheck: option(
    'flag',
    'pq-startup-check',
    '1',
    '1: the queue file is checked when ICON starts; a damaged one is put aside.',
    atStart,
  ),
  pqStartupPurge: option(
    'text',
    'pq-startup-purge',
    '0',
    'Compacts the queue file when ICON starts: 0 never, 1 always, or above a size such as 10mb. ' +
      'What IDB does not have yet is kept.',
    atStart,
  ),
  pqBacklogAlarmThreshold: option(
    'integer',
    'pq-backlog-alarm-threshold',
    '0',
    'Transactions in the queue that raise 09-25025; 09-25026 clears it. 0: no alarm.',
    chosen,
  ),
  partitionType: option(
    'integer',
    'partition-type',
    '0',
    'What GSYS_PARTITION holds: 0 the day as YYYYMMDD, 1 the UTC second of creation.',
    { max: 2 },
  ),
  useDssMonitor: option(
    'boolean',
    'use-dss-monitor',
    '0',
    'True: sessions of data sources are kept in G_DSS_*_PROVIDER; user data and the end of a ' +
      'call are stored independently. False: the end of a call is stored when its user data is.',
    atStart,
  ),
  dssNoDataSeconds: option(
    'integer',
    'dss-no-data-tout',
    '300',
    'Seconds without new data of a provider until its open sessions say so in NODATA_IUTC.',
    { confidence: 'inferred', min: 1 },
  ),
  heartbeatPeriodSeconds: option(
    'integer',
    'heartbeat-period',
    '0',
    'Seconds without a heartbeat after which LCA takes ICON for unresponsive; 0: it does not ' +
      'look. The real product takes nothing between 0 and 10.',
    { section: 'sml', max: 604_800 },
  ),
  hangupRestart: option(
    'boolean',
    'hangup-restart',
    'true',
    'True: LCA starts an unresponsive ICON anew. False: it raises an alarm, and somebody does.',
    { section: 'sml' },
  ),
  logCallFailure: option(
    'integer',
    'log-call-failure',
    '0',
    'Log event 09-20039 for calls that cannot be processed: 0 never, 1 once in 30 minutes at ' +
      'most, 2 for each call.',
    { max: 2 },
  ),
  maxUserdataLength: option(
    'integer',
    'max-userdata-length',
    '255',
    'Longest VALUE in the user data history; longer ones are cut.',
    { min: 1, max: 1024 },
  ),
  storeReleasingParty: option(
    'flag',
    'store-releasing-party',
    '0',
    '1: G_CALL_STAT says who hung up first, in GSYS_EXT_INT1: 1 inside, 2 outside.',
  ),
  sscProcessing: option(
    'flag',
    'ssc-processing',
    '1',
    '1: a single-step conference counts in CNT_CONFERENCE.',
    chosen,
  ),
  destBusyProcessing: option(
    'flag',
    'dest-busy-processing',
    '0',
    '1: a busy destination becomes a row of G_PARTY_HISTORY.',
    chosen,
  ),
  agentPstorageName: option(
    'text',
    'agent-pstorage-name',
    'apstorage.db',
    'File of the login sessions: without it they cannot be ended after a restart.',
    atStart,
  ),
  glsActiveReasonCodes: option(
    'flag',
    'gls-active-reason-codes',
    '0',
    '1: reasons that hold now are in G_AGENT_STATE_RC_A.',
    chosen,
  ),
  glsAcwFirst: option(
    'flag',
    'gls-acw-first',
    '0',
    'After-call work belongs to the last call (0) or to the first one (1) since ready.',
    chosen,
  ),
  glsStatsUpdateSeconds: option(
    'integer',
    'gls-stats-update',
    '0',
    'Seconds between updates of the agent statistics; 0: at the end of a session only.',
    chosen,
  ),
  gosWriteDuplicateMetrics: option(
    'flag',
    'gos-write-duplicate-metrics',
    '0',
    '1: metrics that OCS tells again after a reconnection are kept once more in GO_METRICS.',
    chosen,
  ),
  mcrOmProcessing: option(
    'flag',
    'mcr-om-processing',
    '1',
    '1: interactions of third-party media (work items) are kept.',
    { confidence: 'inferred', ...atStart },
  ),
  omMemoryOptimization: option(
    'flag',
    'om-memory-optimization',
    '0',
    '1: of the interactions that wait in a queue or workbin only so many stay in memory; needs ' +
      'Interaction Server 7.6.1 or later.',
    chosen,
  ),
  omMaxInMemory: option(
    'integer',
    'om-max-in-memory',
    '100',
    'Interactions of each queue and workbin that stay in memory with om-memory-optimization.',
    { ...chosen, min: 1 },
  ),
  omForceAdata: option(
    'boolean',
    'om-force-adata',
    'false',
    'True: an interaction that comes back into memory gets one more row in GM_F_USERDATA.',
    chosen,
  ),
  omCheckFilterFlag: option(
    'flag',
    'om-check-filter-flag',
    '1',
    '1: strategies whose Annex has om-activity-report false (section callconcentrator) leave no ' +
      'rows.',
    atStart,
  ),
  eventData: option(
    'text',
    'EventData',
    '',
    'Keys of EventUserEvent that are kept in G_CUSTOM_DATA_S, with commas between.',
    { ...chosen, section: 'custom-states' },
  ),
  storeEventData: option(
    'text',
    'store-event-data',
    'all',
    'What of EventUserEvent goes to G_CUSTOM_DATA_S: none, conf (the keys of EventData) or all.',
    { ...chosen, section: 'custom-states' },
  ),
  secureKeys: option(
    'text',
    'secure-keys',
    '',
    'Keys of user data that go to the secure history, with commas between.',
    { ...chosen, section: 'user-data' },
  ),
  customKeys: option(
    'text',
    'custom-keys',
    '',
    'Up to 48 keys of user data for the CUST columns: 16 each for CUST, CUST1 and CUST2.',
    { ...chosen, section: 'user-data' },
  ),
  observerParty: excludes('observer-party', 'parties that observe'),
  externalParty: excludes('external-party', 'parties outside'),
  acdPartyMetrics: excludes('acd-party-metrics', 'rows of G_PARTY_STAT of queues'),
  acdPartyHistory: excludes('acd-party-history', 'rows of G_PARTY_HISTORY of queues'),
  callMetrics: excludes('call-metrics', 'rows of G_CALL_STAT'),
  glsQueue: excludes('gls-queue', 'queues in the history of agent states', chosen),
} as const satisfies Record<string, OptionType>;

const ROLES = ['cfg', 'gcc', 'gls', 'gud', 'gos', 'lrm'] as const;
export type IconRole = (typeof ROLES)[number];

type ValueOf<T extends OptionType> = T['kind'] extends 'integer'
  ? number
  : T['kind'] extends 'text'
    ? string
    : boolean;

type OptionName = keyof typeof ICON_OPTIONS;

export type IconOptions = {
  -readonly [K in Exclude<OptionName, 'role'>]: ValueOf<(typeof ICON_OPTIONS)[K]>;
} & { roles: readonly IconRole[] };

/** The values that count now. */
export function readIconOptions(application: ConfigurationObject | null): IconOptions {
  const options: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(ICON_OPTIONS)) {
    if (name === 'role') options['roles'] = parseRoles(optionText(application, ICON_OPTIONS.role));
    else if (type.kind === 'text') options[name] = optionText(application, type);
    else if (type.kind === 'integer') options[name] = optionNumber(application, type);
    else options[name] = optionFlag(application, type);
  }
  return options as IconOptions;
}

/** Only those that are obeyed at once: the others keep the value of the start. */
export function followOptions(options: IconOptions, application: ConfigurationObject | null): void {
  const now = readIconOptions(application) as Record<string, unknown>;
  for (const [name, type] of Object.entries(ICON_OPTIONS)) {
    if (type.effect === 'immediately') Object.assign(options, { [name]: now[name] });
  }
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

/** `1` above a size, `10mb` and the like as bytes: above which the queue is compacted; or never. */
export function purgeAboveBytes(text: string): number {
  const match = /^(\d+)\s*(kb|mb|gb)?$/i.exec(text.trim());
  if (!match || match[1] === '0') return Number.POSITIVE_INFINITY;
  if (match[2] === undefined) return 0;
  const units = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };
  return Number(match[1]) * units[match[2].toLowerCase() as keyof typeof units];
}
