/** What is said between a switch, its CTI links, and the people at their telephones. */

/** What happened, as a CTI link reports it. `party` has no DN event, only call-based ones. */
export type SwitchEventName =
  | 'party'
  /** All that was there when a T-Server attached has been told. */
  | 'snapshot'
  | 'routeRequest'
  | 'routeUsed'
  | 'treatmentApplied'
  | 'treatmentEnd'
  | 'queued'
  | 'diverted'
  | 'abandoned'
  | 'dialing'
  | 'networkReached'
  | 'destinationBusy'
  | 'ringing'
  | 'established'
  | 'held'
  | 'retrieved'
  | 'released'
  | 'partyChanged'
  | 'partyAdded'
  | 'partyDeleted'
  | 'isLink'
  | 'agentLogin'
  | 'agentLogout'
  | 'queueLogout'
  | 'agentReady'
  | 'agentNotReady'
  | 'dndOn'
  | 'dndOff'
  | 'dnOutOfService'
  | 'dnBackInService';

/** What becomes of the party at `dn` with the event. */
export type PartyEffect = 'added' | 'state' | 'moved' | 'deleted';

export type SwitchEvent = {
  readonly type: 'cti';
  readonly event: SwitchEventName;
  /** Switch call id; 0 for events of agents and DNs. */
  readonly call: number;
  readonly dn: string;
  readonly callType?: number;
  readonly ani?: string;
  readonly dnis?: string;
  readonly effect?: PartyEffect;
  /** TPartyState of the party after the event. */
  readonly state?: number;
  /** TDNRole of the party. */
  readonly role?: number;
  readonly otherDn?: string;
  /** Destination of a route or of a diversion, who transferred, who joined. */
  readonly thirdPartyDn?: string;
  readonly thirdPartyRole?: number;
  /** Queue that a ringing call came through, or that an agent logs in to. */
  readonly queue?: string;
  readonly callState?: number;
  readonly cause?: number;
  /** The call that a party comes from, or that a consult call belongs to. */
  readonly previousCall?: number;
  readonly agentId?: string;
  readonly workMode?: number;
  readonly reason?: string;
  readonly treatment?: number;
  /** The number of the treatment that has ended. */
  readonly treatmentNumber?: number;
  /** What the caller has entered, at the end of such a treatment. */
  readonly digits?: string;
  /** A party outside the switch that changes with this event. */
  readonly outside?: string;
  readonly outsideState?: number;
  /** Link to a call on another switch. */
  readonly link?: CallLink;
  /** Data that came with a call from another switch. */
  readonly userData?: UserData;
  /** Who hung up first, as one at this telephone sees it. */
  readonly releasedBy?: 'local' | 'remote';
  /** True when this event is the end of the call. */
  readonly last?: boolean;
};

/** Strings and whole numbers by key; lists are not used by the emulator. */
export type UserData = ReadonlyMap<string, string | number>;

export type CallLink = {
  readonly id: string;
  /** Name of the other switch. */
  readonly remoteLocation: string;
  readonly kind: 'source' | 'target';
};

/** What one does at a telephone or at the desktop beside it. */
export type PhoneAction =
  | { action: 'login'; agentId: string; queue?: string }
  | { action: 'logout' }
  | { action: 'queue logout'; queue: string }
  | { action: 'ready' }
  | { action: 'not ready'; reason?: string; workMode?: number }
  | { action: 'dnd on' | 'dnd off' }
  /** A desktop may give a call data from the start. */
  | { action: 'dial'; number: string; userData?: UserData }
  | { action: 'consult' | 'transfer to' | 'conference with' | 'redirect'; number: string }
  | { action: 'answer' | 'hang up' | 'hold' | 'retrieve' }
  | { action: 'complete transfer' | 'complete conference' }
  /** Joins the calls of another extension without being heard. */
  | { action: 'observe'; number: string }
  | { action: 'out of service' | 'back in service' };

export type PhoneActionName = PhoneAction['action'];

/** What people do: callers, agents at their desks, and those whom agents call. */
export type PeopleMessage =
  | { type: 'attach'; role: 'people' | 'pim' }
  /** Of a redundant pair one at a time has the link. */
  | { type: 'attach'; role: 't-server'; name: string }
  | {
      type: 'call arrives';
      dialedNumber: string;
      ani: string;
      link?: CallLink;
      userData?: UserData;
    }
  | { type: 'caller hangs up'; call: number; number: string }
  | { type: 'outside answers'; call: number; number: string; by?: 'machine' | 'fax' }
  | { type: 'outside presses'; call: number; number: string; digits: string }
  | { type: 'outside is busy'; call: number; number: string }
  /** There is no such number. */
  | { type: 'outside is unknown'; call: number; number: string }
  | ({ type: 'phone'; extension: string } & PhoneAction);

/** What somebody outside does, or what is at the other end instead. */
export type OutsideAction = 'answer' | 'busy' | 'hang up' | 'machine' | 'fax' | 'unknown' | 'press';

/** What people hear from the switch. */
export type SwitchToPeople =
  | { type: 'call accepted'; call: number; ani: string }
  /** The caller is asked for digits. */
  | { type: 'digits wanted'; call: number; number: string }
  | { type: 'ringing'; extension: string; call: number }
  | { type: 'call left'; call: number }
  | { type: 'connected'; extension: string; call: number }
  | { type: 'busy tone'; extension: string; call: number }
  /** `work`: after-call work follows. `missed`: nobody answered, and the agent is not ready. */
  | { type: 'cleared'; extension: string; call: number; work: boolean; missed?: boolean }
  /** Somebody outside is on another call now. */
  | { type: 'outside moved'; number: string; from: number; to: number }
  /** Somebody outside is called. */
  | { type: 'outside rings'; number: string; call: number };

/** From a PIM or a T-Server to the switch. */
export type LinkCommand =
  | { readonly type: 'route'; readonly call: number; readonly label: string }
  /** Without a treatment: music. */
  | { readonly type: 'treat'; readonly call: number; readonly treatment?: CallTreatment }
  /** A call without an agent: who answers waits in the queue for one. */
  | PredictiveCall
  /** What the T-Server keeps with a call, all of it. */
  | { readonly type: 'call data'; readonly call: number; readonly userData: UserData };

/** An announcement, or digits that are collected: at most so many, for so long. */
export type CallTreatment = {
  /** Whoever asks for it knows it by this number, and hears it again at its end. */
  readonly number: number;
  readonly seconds: number;
  readonly digits: number;
};

export type PredictiveCall = {
  readonly type: 'predictive call';
  readonly queue: string;
  readonly number: string;
  /** How long the number may ring. */
  readonly timeoutSeconds: number;
  readonly userData: UserData;
};

export const SWITCH_CTI_PORT = 3001;
export const T_SERVER_PORT = 3000;
/** Where the primary of a pair expects its backup. */
export const T_SERVER_PAIR_PORT = 3002;
