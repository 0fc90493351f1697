/** Numbers of the T-Library (docs/fidelity/icon.md §2, confirmed). */

export const CALL_TYPE = { unknown: 0, internal: 1, inbound: 2, outbound: 3, consult: 4 } as const;

export const DN_ROLE = {
  unknown: 0,
  origination: 1,
  destination: 2,
  conferenceMember: 3,
  newParty: 4,
  addedBy: 5,
  deletedBy: 6,
  transferredBy: 7,
  deletedParty: 8,
  conferencedBy: 9,
  observer: 10,
} as const;

export const CALL_STATE = {
  ok: 0,
  transferred: 1,
  conferenced: 2,
  systemError: 4,
  busy: 6,
  noAnswer: 7,
  answeringMachine: 9,
  sitInvalidNumber: 11,
  fax: 17,
  overflowed: 20,
  abandoned: 21,
  redirected: 22,
  dropped: 26,
  answer: 33,
  wrongParty: 40,
  dialError: 41,
  agentCallBackError: 47,
  doNotCall: 51,
  cancel: 52,
  wrongNumber: 53,
} as const;

/** TPartyState: bits, of which the lowest four say what a telephone does. */
export const PARTY_STATE = {
  null: 0,
  initiated: 1,
  queued: 9,
  alerting: 0xa,
  busy: 0xb,
  connected: 0xc,
  held: 0xe,
  failed: 0xf,
  treatment: 0x200,
  routing: 0x800,
  dialing: 0x1_0001,
} as const;

export const PARTY_CAUSE = {
  empty: 0,
  acd: 1,
  busy: 2,
  noAnswer: 3,
  route: 5,
  forward: 8,
  redirect: 9,
  transfer: 10,
  oneStepTransfer: 11,
  conference: 12,
} as const;

export const WORK_MODE = {
  unknown: 0,
  manualIn: 1,
  autoIn: 2,
  afterCallWork: 3,
  auxiliary: 4,
  walkAway: 6,
} as const;

export const RELIABILITY = { ok: 0, inPast: 1, uncertain: 2 } as const;

export const TREATMENT = { music: 2, collectDigits: 6, announcement: 7 } as const;

/** Events, by the numbers of TMessageType. */
export const T_EVENT = {
  EventServerConnected: 50,
  EventServerDisconnected: 51,
  EventError: 52,
  EventRegistered: 53,
  EventUnregistered: 54,
  EventQueued: 57,
  EventDiverted: 58,
  EventAbandoned: 59,
  EventRinging: 60,
  EventDialing: 61,
  EventNetworkReached: 62,
  EventDestinationBusy: 63,
  EventEstablished: 64,
  EventReleased: 65,
  EventHeld: 66,
  EventRetrieved: 67,
  EventPartyChanged: 68,
  EventPartyAdded: 69,
  EventPartyDeleted: 70,
  EventRouteRequest: 71,
  EventRouteUsed: 72,
  EventAgentLogin: 73,
  EventAgentLogout: 74,
  EventAgentReady: 75,
  EventAgentNotReady: 76,
  EventDNDOn: 77,
  EventDNDOff: 78,
  EventAttachedDataChanged: 85,
  EventLinkDisconnected: 94,
  EventLinkConnected: 95,
  EventUserEvent: 96,
  EventTreatmentApplied: 114,
  EventTreatmentNotApplied: 115,
  EventTreatmentEnd: 116,
  EventDNOutOfService: 147,
  EventDNBackInService: 148,
  EventQueueLogout: 152,
} as const;
