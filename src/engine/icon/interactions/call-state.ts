import type { CellValue } from '../../idb/row-changes.ts';
import type { Message } from '../../kernel/events.ts';

/** What ICON holds in memory of a call until it has ended, and a little longer. */
export type IconCall = {
  readonly uuid: string;
  readonly tServer: string;
  readonly switchDbid: number;
  readonly irid: string;
  rootIrid: string;
  connId: string;
  readonly switchCallId: number;
  readonly callType: number;
  readonly mediaType: number;
  readonly ani: string;
  dnis: string;
  /** CallUUID of the call that this one consults for, or empty. */
  readonly parentUuid: string;
  readonly createdSeconds: number;
  /** False until a DN event of the call has arrived: nothing is written before. */
  matched: boolean;
  /** Call-based events that arrived before the match. */
  readonly early: Message[];
  /** Not seen for its whole life: its data is less reliable. */
  partlySeen: boolean;
  /** Named by the T-Server since its link came back. */
  synchronized: boolean;
  ended: boolean;
  /** Rows in G_CALL and G_IR; the active tables use the same ids. */
  row: number;
  irRow: number;
  /** CSEQ of the last row of the call's history. */
  sequence: number;
  readonly parties: Map<string, IconParty>;
  /** Last event at each DN. */
  readonly dnEvents: Map<string, DnEvent>;
  /** Party that has left for another destination. */
  departed: { readonly partyId: string; readonly target: string; readonly link: number } | null;
  userData: ReadonlyMap<string, string | number>;
  /** DN at which the user data was last changed. */
  dataBy: string;
  readonly links: string[];
  /** VQIDs of its stays in virtual queues. */
  readonly stays: string[];
  /** Time of the route request at each routing point. */
  readonly routing: Map<string, number>;
  readonly totals: CallTotals;
  /** CallUUID of the call that took this one's parties, or empty. */
  mergedInto: string;
  mergeType: number;
};

export type DnEvent = {
  readonly type: string;
  readonly ccEvent: number;
  readonly cause: number;
  readonly callState: number;
  readonly thirdPartyDn: string;
};

export type CallTotals = {
  connected: boolean;
  connectedInside: boolean;
  abandoned: boolean;
  holds: number;
  diverted: number;
  transfers: number;
  conferences: number;
  consults: number;
  queued: number;
  firstConnectSeconds: number;
  /** 0 not known, 1 inside, 2 outside. */
  releasedBy: number;
};

export type IconParty = {
  readonly guid: string;
  readonly partyId: string;
  readonly dn: string;
  readonly row: number;
  readonly type: number;
  readonly role: number;
  readonly endpointId: number;
  readonly endpointType: number;
  readonly agentId: number;
  readonly sessionId: string;
  readonly placeId: number;
  /** Left out by a filter: it counts, but has no rows. */
  readonly isHidden: boolean;
  state: number;
  sinceSeconds: number;
  /** PSEQ of the last row of its history. */
  sequence: number;
  alertings: number;
  holds: number;
  /** Whole seconds spent in each row state. */
  readonly seconds: number[];
  /** Named by the T-Server since its link came back. */
  synchronized: boolean;
};

export function createTotals(): CallTotals {
  return {
    connected: false,
    connectedInside: false,
    abandoned: false,
    holds: 0,
    diverted: 0,
    transfers: 0,
    conferences: 0,
    consults: 0,
    queued: 0,
    firstConnectSeconds: 0,
    releasedBy: 0,
  };
}

export function secondsOf(event: Message): number {
  return Number(event['TimeinSecs']);
}

export function textOf(event: Message, attribute: string): string {
  const value = event[attribute];
  if (typeof value === 'string') return value;
  return value === undefined ? '' : String(value);
}

export function numberOf(event: Message, attribute: string): number {
  const value = event[attribute];
  return value === undefined ? 0 : Number(value);
}

export function orNull(value: string | number): CellValue {
  return value === '' || value === 0 ? null : value;
}
