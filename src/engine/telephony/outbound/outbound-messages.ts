import type { PlainData } from '../../kernel/plain-data.ts';

/**
 * What the Outbound Contact Server tells its clients, and the numbers in it. The protocol is not
 * public: names of messages and attributes are an emulator choice (docs/fidelity/choices.md).
 */

export const OUTBOUND_PORT = 5050;

/** CfgDialMode (docs/fidelity/icon.md §2, confirmed). */
export const DIAL_MODE = { predictive: 1, progressive: 2, preview: 3 } as const;
export type DialModeName = keyof typeof DIAL_MODE;
export const DIAL_MODE_NAMES = Object.keys(DIAL_MODE) as readonly DialModeName[];

/** CfgOptimizationMethod (confirmed). */
export const OPTIMIZATION = { none: 0, busyFactor: 1, overdialRate: 2 } as const;

/** Dictionaries 71 and 76 (confirmed). */
export const CAMPAIGN_STATE = { terminated: 0, loaded: 1, started: 2, unloading: 3 } as const;
export const CHAIN_STATE = { null: 0, scheduled: 1, processing: 2, processed: 3 } as const;

export const CAMPAIGN_CAUSE = { operator: 1, schedule: 2, recovered: 3 } as const;
export const CHAIN_CAUSE = {
  loaded: 1,
  dialed: 2,
  result: 3,
  returned: 4,
  rescheduled: 5,
  recovered: 6,
} as const;

/** Record types and statuses of a calling list (docs/fidelity/icon.md §2, recalled). */
export const RECORD_TYPE = { general: 2, campaignRescheduled: 3, personalCallback: 5, noCall: 7 };
export const RECORD_STATUS = { ready: 1, retrieved: 2, updated: 3, cancelled: 5, agentError: 6 };

/** OCS statistics events (docs/fidelity/icon.md §2, confirmed). */
export const METRIC = {
  campaignActivated: 1,
  campaignDeactivated: 2,
  dialingStarted: 3,
  modeChanged: 4,
  dialingStopped: 5,
  callCompleted: 14,
  leadProcessed: 15,
  callbackScheduled: 16,
  callbackCompleted: 17,
  recordScheduled: 20,
} as const;

/** Keys of user data that pass between OCS, calls and desktops (recalled). */
export const GSW = {
  attempt: 'GSW_CALL_ATTEMPT_GUID',
  handle: 'GSW_RECORD_HANDLE',
  chain: 'GSW_CHAIN_ATTR',
  phone: 'GSW_PHONE',
  campaign: 'GSW_CAMPAIGN_NAME',
  mode: 'GSW_CAMPAIGN_MODE',
  result: 'GSW_CALL_RESULT',
  request: 'GSW_AGENT_REQ_TYPE',
  answer: 'GSW_USER_EVENT',
  moment: 'GSW_DATE_TIME',
} as const;

/** What a desktop asks of OCS about the record before its agent, in the words of commands. */
export const RECORD_REQUESTS = {
  preview: 'PreviewRecordRequest',
  reschedule: 'RecordReschedule',
  cancel: 'RecordCancel',
  'do not call': 'DoNotCall',
  reject: 'RecordReject',
} as const;
export type RecordAction = keyof typeof RECORD_REQUESTS;

/** What OCS says to a desktop. */
export const DESKTOP_NEWS = {
  started: 'CampaignStarted',
  stopped: 'CampaignStopped',
  record: 'PreviewRecord',
  noRecord: 'NoRecordsAvailable',
  done: 'RecordAcknowledge',
} as const;

export type CampaignAction = 'load' | 'start' | 'stop' | 'unload' | 'mode';

/** Events for ICON; every one has `TimeinSecs`, and of a snapshot `Snapshot`. */
export type OutboundEvent = Readonly<Record<string, PlainData>> & {
  readonly type:
    | 'OutboundCampaign'
    | 'OutboundCampaignProperties'
    | 'OutboundChain'
    | 'OutboundRecord'
    | 'OutboundField'
    | 'OutboundCall'
    | 'OutboundMetric'
    | 'OutboundSnapshotEnd';
};
