/** What the switch reports over its CTI links, one call-control event each. */
export type SwitchEvent = {
  readonly type: 'cti';
  readonly event:
    | 'routeRequest'
    | 'routeUsed'
    | 'queued'
    | 'diverted'
    | 'abandoned'
    | 'ringing'
    | 'established'
    | 'released'
    | 'agentLogin'
    | 'agentReady'
    | 'agentNotReady';
  /** Switch call id; 0 for agent events. */
  readonly call: number;
  readonly dn: string;
  readonly ani: string;
  readonly dnis: string;
  /** Destination of a route or of a diversion. */
  readonly thirdPartyDn: string;
  /** Queue that a ringing call came through. */
  readonly queue: string;
  readonly agentId: string;
  /** True when this event is the end of the call. */
  readonly last: boolean;
};

/** What people do: callers and agents at their desks. */
export type PeopleMessage =
  | { type: 'attach'; role: 'people' | 't-server' | 'pim' }
  | { type: 'call arrives'; key: number; dialedNumber: string; ani: string }
  | { type: 'caller hangs up'; call: number }
  | { type: 'login'; extension: string; agentId: string }
  | { type: 'ready'; extension: string }
  | { type: 'answer'; extension: string }
  | { type: 'hang up'; extension: string };

/** What people hear from the switch. */
export type SwitchToPeople =
  | { type: 'call accepted'; key: number; call: number }
  | { type: 'ringing'; extension: string; call: number }
  | { type: 'call left'; call: number }
  | { type: 'connected'; extension: string; call: number }
  | { type: 'cleared'; extension: string; call: number };

/** PIM to switch. */
export type RouteCommand =
  | { readonly type: 'route'; readonly call: number; readonly label: string }
  | { readonly type: 'treat'; readonly call: number };

export const SWITCH_CTI_PORT = 3001;
export const T_SERVER_PORT = 3000;

/** T-Library values in use (docs/fidelity/icon.md §2, confirmed). */
export const CALL_TYPE_INBOUND = 2;
export const DN_ROLE_DESTINATION = 2;
export const CALL_STATE = { ok: 0, abandoned: 21, redirected: 22 } as const;
/** TPartyState (docs/fidelity/icon.md §2, confirmed). */
export const PARTY_STATE = {
  initiated: 1,
  queued: 9,
  alerting: 0xa,
  connected: 0xc,
  routing: 0x800,
};
