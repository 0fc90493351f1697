import { ITX_EVENT, MEDIA_TYPE } from '../telephony/interaction-server/interaction-messages.ts';
import {
  CAMPAIGN_CAUSE,
  CAMPAIGN_STATE,
  CHAIN_CAUSE,
  CHAIN_STATE,
  DIAL_MODE,
  METRIC,
  OPTIMIZATION,
  RECORD_STATUS as RECORD_STATUS_OF_LIST,
  RECORD_TYPE,
} from '../telephony/outbound/outbound-messages.ts';
import { CALL_STATE, CALL_TYPE, DN_ROLE, T_EVENT, WORK_MODE } from '../telephony/t-library.ts';

/**
 * Numbers that IDB rows carry. Where no source gives them (docs/fidelity/icon.md §2, unknown) they
 * are the emulator's own, kept in one place so that a real dictionary can replace them. The same
 * lists fill G_DICT_TYPE and G_DICTIONARY.
 */

export const PARTY_ROW_STATE = {
  null: 0,
  initiated: 1,
  alerting: 2,
  connected: 3,
  hold: 4,
  queued: 5,
  fail: 6,
} as const;

export const PARTY_CHANGE = { created: 1, changed: 2, terminated: 3 } as const;

/** How a party came from another one. */
export const PARENT_LINK = {
  none: 0,
  diverted: 1,
  redirected: 2,
  transferred: 3,
  singleStepTransferred: 4,
  conferenced: 5,
  consulted: 6,
} as const;

/** Confirmed: dictionaries 7, 3, 1 and 9 (docs/fidelity/icon.md §2). */
export const RECORD_STATE = { unknown: 0, active: 1, terminated: 2 } as const;
export const IR_CHANGE = { created: 1, terminated: 2, merged: 3 } as const;
export const CALL_CHANGE = { created: 1, terminated: 2, merged: 3, transferFailed: 4 } as const;
export const PARTY_TYPE = {
  unknown: 0,
  internal: 1,
  external: 2,
  place: 3,
  interactionQueue: 4,
  workbin: 5,
  routingStrategy: 6,
} as const;
/** Confirmed: dictionary 24. */
export const RECORD_STATUS = { active: 1, deleted: 2, synchronizing: 10 } as const;
/** Confirmed: dictionary 27. */
export const LINK_TYPE = { bidirectional: 0, unidirectional: 1, source: 2, target: 3 } as const;
export const LINK_STATE = { unknown: 0, active: 1, terminated: 2, failed: 3 } as const;
export const MERGE_TYPE = { none: 0, transfer: 1, conference: 2 } as const;
export const MERGE_STATE = { none: 0, merged: 1, failed: 2 } as const;

export const USER_DATA_CHANGE = { created: 1, updated: 2, deleted: 3, terminated: 4 } as const;
/** G_USERDATA_HISTORY.GSYS_EXT_INT1: how sure the type of the change is. */
export const USER_DATA_RELIABILITY = { ok: 0, firstSeen: 1 } as const;

/** G_IR.GSYS_EXT_VCH2: empty for data that is whole. */
export const LOW_RELIABILITY = { stuck: 'LOW:stuck', notWhole: 'LOW:partly seen' } as const;

export const ROUTE_RESULT = { routed: 1, byDefault: 2, abandoned: 3 } as const;
/** Public code treats 1 as normal and 2 as abandoned (inferred); the others are ours. */
export const QUEUE_CAUSE = { normal: 1, abandoned: 2, cleared: 3, stuck: 4 } as const;

/** G_AGENT_STATE_HISTORY.TYPE: 5 and 6 are confirmed. */
export const AGENT_RECORD = {
  state: 5,
  pendingState: 6,
  workMode: 7,
  callConnect: 8,
  callDisconnect: 9,
} as const;
export const AGENT_ROW_STATE = { null: 0, login: 1, notReady: 2, ready: 3, busy: 4 } as const;
export const AGENT_CAUSE = { none: 0, agent: 1, call: 2, recovered: 3 } as const;
export const DND_STATE = { on: 1, off: 2 } as const;

export const PROVIDER_TAG = { GCC: 1, GLS: 2, GUD: 3, GOS: 4, CFG: 5 } as const;

/** T-Library party state (confirmed numbers) to the row's state. */
export function partyRowState(partyState: number): number {
  if ((partyState & 0x800) !== 0) return PARTY_ROW_STATE.queued;
  switch (partyState & 0xf) {
    case 1:
      return PARTY_ROW_STATE.initiated;
    case 0xa:
      return PARTY_ROW_STATE.alerting;
    case 0xc:
      return PARTY_ROW_STATE.connected;
    case 0xe:
      return PARTY_ROW_STATE.hold;
    case 9:
      return PARTY_ROW_STATE.queued;
    case 0xb:
    case 0xf:
      return PARTY_ROW_STATE.fail;
    default:
      return PARTY_ROW_STATE.null;
  }
}

/** G_SYNC_CONTROL.EVENTID: 0 while a resynchronization runs (confirmed), then the log event. */
export const SYNC_EVENT = { running: 0, reloaded: 25017, needed: 25131 } as const;

type Dictionary = {
  /** Number of the dictionary: confirmed where a PDM page names it, else above 1000. */
  readonly number: number;
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
  /** `TABLE.COLUMN` of where its numbers stand. */
  readonly columns: readonly string[];
};

/** What G_DICT_TYPE and G_DICTIONARY hold. */
export const DICTIONARIES: readonly Dictionary[] = [
  {
    number: 1,
    name: 'G_CALL_HISTORY.CHANGETYPE',
    values: CALL_CHANGE,
    columns: ['G_CALL_HISTORY.CHANGETYPE'],
  },
  {
    number: 3,
    name: 'G_IR_HISTORY.CHANGETYPE',
    values: IR_CHANGE,
    columns: ['G_IR_HISTORY.CHANGETYPE'],
  },
  {
    number: 7,
    name: 'G_IR.STATE',
    values: RECORD_STATE,
    columns: [
      'G_IR.STATE',
      'G_IR_ACTIVE.STATE',
      'G_CALL.STATE',
      'G_CALL_ACTIVE.STATE',
      'G_LOGIN_SESSION.STATE',
      'GX_SESSION_ENDPOINT.STATE',
      'G_VIRTUAL_QUEUE.STATUS',
    ],
  },
  {
    number: 8,
    name: 'G_PARTY.STATE (emulator choice)',
    values: PARTY_ROW_STATE,
    columns: [
      'G_PARTY.STATE',
      'G_PARTY.PREVSTATE',
      'G_PARTY_HISTORY.STATE',
      'G_PARTY_HISTORY.PREVSTATE',
    ],
  },
  {
    number: 9,
    name: 'G_PARTY.TYPE',
    values: PARTY_TYPE,
    columns: ['G_PARTY.TYPE'],
  },
  {
    number: 10,
    name: 'G_PARTY.PROLE (emulator choice)',
    values: DN_ROLE,
    columns: ['G_PARTY.PROLE'],
  },
  {
    number: 11,
    name: 'PARENTLINKTYPE (emulator choice)',
    values: PARENT_LINK,
    columns: ['G_PARTY.PARENTLINKTYPE'],
  },
  {
    number: 24,
    name: 'STATUS',
    values: RECORD_STATUS,
    columns: [],
  },
  {
    number: 26,
    name: 'PROVIDERTAG (emulator choice)',
    values: PROVIDER_TAG,
    columns: ['G_PROV_CONTROL.PROVIDERTAG'],
  },
  {
    number: 27,
    name: 'G_IS_LINK.ISLINKTYPE',
    values: LINK_TYPE,
    columns: ['G_IS_LINK.ISLINKTYPE'],
  },
  {
    number: 71,
    name: 'GO_CAMPAIGN.STATE',
    values: CAMPAIGN_STATE,
    columns: ['GO_CAMPAIGN.STATE', 'GO_CAMPAIGNHISTORY.STATE', 'GO_CAMPAIGNHISTORY.PREVSTATE'],
  },
  {
    number: 76,
    name: 'GO_CHAIN.STATE',
    values: CHAIN_STATE,
    columns: ['GO_CHAIN.STATE', 'GO_CHAINREC_HIST.STATE', 'GO_CHAINREC_HIST.PREVSTATE'],
  },
  {
    number: 86,
    name: 'G_CALL.MERGETYPE (emulator choice)',
    values: MERGE_TYPE,
    columns: ['G_CALL.MERGETYPE'],
  },
  {
    number: 1001,
    name: 'CALLTYPE',
    values: CALL_TYPE,
    columns: ['G_CALL.CALLTYPE', 'G_IR.CALLTYPE'],
  },
  {
    number: 1022,
    name: 'MEDIATYPE',
    values: MEDIA_TYPE,
    columns: ['G_CALL.MEDIATYPE', 'G_IR.MEDIATYPE', 'GX_SESSION_ENDPOINT.MEDIATYPE'],
  },
  {
    number: 1002,
    name: 'G_PARTY_HISTORY.CHANGETYPE (emulator choice)',
    values: PARTY_CHANGE,
    columns: ['G_PARTY_HISTORY.CHANGETYPE'],
  },
  {
    number: 1003,
    name: 'CCEVENT (emulator choice)',
    values: { ...T_EVENT, ...ITX_EVENT },
    columns: ['G_PARTY.CCEVENT', 'G_PARTY_HISTORY.CCEVENT'],
  },
  {
    number: 1004,
    name: 'G_USERDATA_HISTORY.CHANGETYPE (inferred)',
    values: USER_DATA_CHANGE,
    columns: ['G_USERDATA_HISTORY.CHANGETYPE', 'G_SECURE_USERDATA_HISTORY.CHANGETYPE'],
  },
  {
    number: 1005,
    name: 'G_ROUTE_RESULT.RESULT (emulator choice)',
    values: ROUTE_RESULT,
    columns: ['G_ROUTE_RESULT.RESULT'],
  },
  {
    number: 1006,
    name: 'G_VIRTUAL_QUEUE.CAUSE (inferred)',
    values: QUEUE_CAUSE,
    columns: ['G_VIRTUAL_QUEUE.CAUSE', 'G_ROUTE_RES_VQ_HIST.RESULT'],
  },
  {
    number: 1007,
    name: 'G_AGENT_STATE_HISTORY.TYPE (emulator choice)',
    values: AGENT_RECORD,
    columns: ['G_AGENT_STATE_HISTORY.TYPE'],
  },
  {
    number: 1008,
    name: 'G_AGENT_STATE_HISTORY.STATE (emulator choice)',
    values: AGENT_ROW_STATE,
    columns: [
      'G_AGENT_STATE_HISTORY.STATE',
      'G_AGENT_STATE_HISTORY.PREVSTATE',
      'G_AGENT_STATE_HISTORY.PENDINGSTATE',
      'G_AGENT_STATE_RC.AGENTSTATE',
    ],
  },
  {
    number: 1009,
    name: 'WORKMODE',
    values: WORK_MODE,
    columns: [
      'G_AGENT_STATE_HISTORY.WORKMODE',
      'G_AGENT_STATE_HISTORY.PREVWORKMODE',
      'G_AGENT_STATE_RC.WORKMODE',
      'GS_AGENT_STAT_WM.WORKMODE',
    ],
  },
  {
    number: 1010,
    name: 'G_AGENT_STATE_HISTORY.CAUSE (emulator choice)',
    values: AGENT_CAUSE,
    columns: ['G_AGENT_STATE_HISTORY.CAUSE'],
  },
  {
    number: 1011,
    name: 'G_IS_LINK.STATE',
    values: LINK_STATE,
    columns: ['G_IS_LINK.STATE'],
  },
  {
    number: 1012,
    name: 'MERGESTATE (emulator choice)',
    values: MERGE_STATE,
    columns: ['G_IS_LINK.MERGESTATE', 'G_IR.MERGESTATE'],
  },
  {
    number: 1014,
    name: 'DIALMODE',
    values: DIAL_MODE,
    columns: ['GO_CAMPAIGN.DIALMODE', 'GO_CAMPPROP_HIST.DIALMODE', 'GO_CAMPPROP_HIST.PREVDIALMODE'],
  },
  {
    number: 1015,
    name: 'OPTIMMODE',
    values: OPTIMIZATION,
    columns: [
      'GO_CAMPAIGN.OPTIMMODE',
      'GO_CAMPPROP_HIST.OPTIMMODE',
      'GO_CAMPPROP_HIST.PREVOPTIMMODE',
    ],
  },
  {
    number: 1016,
    name: 'GO_CAMPAIGNHISTORY.CAUSE (emulator choice)',
    values: CAMPAIGN_CAUSE,
    columns: ['GO_CAMPAIGNHISTORY.CAUSE'],
  },
  {
    number: 1017,
    name: 'GO_CHAINREC_HIST.CAUSE (emulator choice)',
    values: CHAIN_CAUSE,
    columns: ['GO_CHAINREC_HIST.CAUSE'],
  },
  {
    number: 1018,
    name: 'CALLRESULT',
    values: CALL_STATE,
    columns: ['GO_CHAIN.CALLRESULT', 'GO_RECORD.CALLRESULT'],
  },
  {
    number: 1019,
    name: 'RECORDTYPE (recalled)',
    values: RECORD_TYPE,
    columns: ['GO_CHAIN.RECORDTYPE'],
  },
  {
    number: 1020,
    name: 'RECORDSTATUS (recalled)',
    values: RECORD_STATUS_OF_LIST,
    columns: ['GO_RECORD.RECORDSTATUS'],
  },
  {
    number: 1021,
    name: 'GO_METRICS.METRICID',
    values: METRIC,
    columns: ['GO_METRICS.METRICID'],
  },
  {
    number: 1013,
    name: 'G_DND_HISTORY.STATE (inferred)',
    values: DND_STATE,
    columns: ['G_DND_HISTORY.STATE'],
  },
];

/** The word for a number in a column, where a dictionary has one. */
export function wordFor(table: string, column: string, value: unknown): string | undefined {
  return words.get(`${table}.${column}`)?.get(Number(value));
}

const words: ReadonlyMap<string, ReadonlyMap<number, string>> = new Map(
  DICTIONARIES.flatMap(({ columns, values }) => {
    const byCode = new Map(Object.entries(values).map(([word, code]) => [code, spellWord(word)]));
    return columns.map((column) => [column, byCode] as const);
  }),
);

/** `notReady` as `not ready`. */
export function spellWord(word: string): string {
  if (word.startsWith('Event')) return word;
  return word.replace(
    /([a-z])([A-Z])(?![A-Z])/g,
    (_all, one, two) => `${one} ${two.toLowerCase()}`,
  );
}
