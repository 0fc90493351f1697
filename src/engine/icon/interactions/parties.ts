import {
  type ConfigurationObject,
  numberField,
  objectKey,
} from '../../configuration/object-types.ts';
import {
  PARENT_LINK,
  PARTY_CHANGE,
  PARTY_ROW_STATE,
  PARTY_TYPE,
  partyRowState,
} from '../../idb/dictionary.ts';
import type { CellValue } from '../../idb/row-changes.ts';
import type { Message } from '../../kernel/events.ts';
import { CALL_TYPE, DN_ROLE, PARTY_CAUSE, PARTY_STATE } from '../../telephony/t-library.ts';
import { personOfLogin } from '../directory.ts';
import type { IconContext, IconState } from '../icon-state.ts';
import { nextRow } from '../icon-state.ts';
import { insert, insertAt, update } from '../rows.ts';
import {
  type DnEvent,
  type IconCall,
  type IconParty,
  numberOf,
  orNull,
  secondsOf,
  textOf,
} from './call-state.ts';
import { iconUuid } from './calls.ts';

/** The party-based track: G_PARTY, each change of it in G_PARTY_HISTORY, totals at its end. */

const ROW_STATES = 7;
const CFG_QUEUES = [3, 4, 5, 6, 19];

export function findEndpoint(state: IconState, dn: string): ConfigurationObject | undefined {
  const dbid = state.directory.endpoints.get(dn);
  return dbid === undefined ? undefined : state.objects.get(objectKey('dn', dbid));
}

export function partyOf(call: IconCall, dn: string): IconParty | undefined {
  for (const party of call.parties.values()) if (party.dn === dn) return party;
  return undefined;
}

export function addParty(context: IconContext, call: IconCall, event: Message): IconParty {
  const dn = textOf(event, 'ThisDN');
  const party = createParty(context, call, {
    guid: textOf(event, 'PartyUUID'),
    dn,
    role: numberOf(event, 'ThisDNRole'),
    partyState: numberOf(event, 'PartyState'),
    login: textOf(event, 'AgentID'),
    seconds: secondsOf(event),
  });
  const { departed } = call;
  let parent: Parent = { partyId: '', link: PARENT_LINK.none };
  if (departed?.target === dn) {
    parent = departed;
    call.departed = null;
  } else if (call.callType === CALL_TYPE.consult && party.role === DN_ROLE.origination) {
    const primary = context.state.calls.get(call.parentUuid);
    const partyId = (primary && partyOf(primary, dn)?.partyId) ?? '';
    if (partyId !== '') parent = { partyId, link: PARENT_LINK.consulted };
  }
  insertParty(context, call, party, parent, PARTY_ROW_STATE.null);
  return party;
}

type NewParty = {
  readonly guid: string;
  readonly dn: string;
  readonly role: number;
  readonly partyState: number;
  readonly login: string;
  readonly seconds: number;
};

type Parent = { readonly partyId: string; readonly link: number };

function createParty(context: IconContext, call: IconCall, from: NewParty): IconParty {
  const { state } = context;
  const { dn, guid, seconds, role } = from;
  const endpoint = findEndpoint(state, dn);
  const isExternal = endpoint === undefined;
  const { observerParty, externalParty } = state.options;
  const party: IconParty = {
    guid,
    partyId: iconUuid(state),
    dn,
    row: nextRow(state, 'G_PARTY'),
    type: isExternal ? PARTY_TYPE.external : PARTY_TYPE.internal,
    role: role || (isExternal ? DN_ROLE.origination : DN_ROLE.destination),
    endpointId: endpoint?.dbid ?? 0,
    endpointType: endpoint ? numberField(endpoint, 'dnType') : 0,
    agentId: personOfLogin(state, from.login),
    sessionId: state.sessions.get(dn)?.id ?? '',
    placeId: state.directory.places.get(endpoint?.dbid ?? 0) ?? 0,
    isHidden: (isExternal && externalParty) || (role === DN_ROLE.observer && observerParty),
    ...freshParty(from.partyState, seconds),
  };
  joinCall(call, party);
  return party;
}

function freshParty(partyState: number, seconds: number) {
  return {
    state: partyRowState(partyState),
    sinceSeconds: seconds,
    sequence: 1,
    alertings: 0,
    holds: 0,
    seconds: new Array<number>(ROW_STATES).fill(0),
    synchronized: true,
  };
}

function joinCall(call: IconCall, party: IconParty): void {
  call.parties.set(party.guid, party);
  call.sequence++;
  noteState(call, party, party.sinceSeconds);
}

/** A queue, workbin, strategy or agent of the Interaction Server. */
export function addMediaParty(
  context: IconContext,
  call: IconCall,
  from: Pick<IconParty, 'guid' | 'dn' | 'type' | 'endpointId' | 'agentId'> &
    Pick<IconParty, 'placeId' | 'sessionId' | 'isHidden'> & {
      readonly partyState: number;
      readonly parent: Parent;
      readonly seconds: number;
    },
): void {
  const { partyState, parent, seconds, ...named } = from;
  const party: IconParty = {
    ...named,
    partyId: iconUuid(context.state),
    row: nextRow(context.state, 'G_PARTY'),
    role: DN_ROLE.destination,
    endpointType: 0,
    ...freshParty(partyState, seconds),
  };
  joinCall(call, party);
  insertParty(context, call, party, parent, PARTY_ROW_STATE.null);
}

function insertParty(
  context: IconContext,
  call: IconCall,
  party: IconParty,
  parent: Parent,
  previous: number,
): void {
  if (party.isHidden) return;
  const seconds = party.sinceSeconds;
  const event = call.dnEvents.get(party.dn);
  insertAt(context, 'GCC', 'G_PARTY', party.row, call.createdSeconds, {
    PARTYID: party.partyId,
    PARTYGUID: party.guid,
    TYPE: party.type,
    PROLE: party.role,
    PARENTPARTYID: orNull(parent.partyId),
    PARENTLINKTYPE: parent.link,
    CALLID: call.uuid,
    STATE: party.state,
    ENDPOINTDN: party.dn,
    PREVSTATE: previous,
    AGENTID: party.agentId,
    CCEVENT: event?.ccEvent ?? null,
    CCEVENTCAUSE: event?.cause ?? null,
    ENDPOINTID: party.endpointId,
    ENDPOINTTYPE: party.endpointType,
    LOGINSESSIONID: orNull(party.sessionId),
    PLACEID: orNull(party.placeId),
    SWITCHID: orNull(call.switchDbid),
    CSEQ: call.sequence,
    PSEQ: party.sequence,
    CREATED: seconds,
    LASTCHANGE: seconds,
  });
  partyHistory(context, call, party, PARTY_CHANGE.created, previous, seconds, parent.partyId);
}

/** The party goes on to another state; one in which it is already changes nothing. */
export function changeParty(
  context: IconContext,
  call: IconCall,
  party: IconParty,
  partyState: number,
  seconds: number,
): void {
  const next = partyRowState(partyState);
  if (next === party.state) return;
  const previous = leaveState(party, seconds);
  party.state = next;
  party.sequence++;
  call.sequence++;
  noteState(call, party, seconds);
  if (party.isHidden) return;
  updateParty(context, call, party, previous, seconds);
  partyHistory(context, call, party, PARTY_CHANGE.changed, previous, seconds);
}

/** The origin hears that its destination is busy (option dest-busy-processing). */
export function markBusy(context: IconContext, call: IconCall, event: Message): void {
  const party = partyOf(call, textOf(event, 'ThisDN'));
  if (party) changeParty(context, call, party, PARTY_STATE.failed, secondsOf(event));
}

/** Leaves one call for another: a new association with the same party instance. */
export function moveParty(
  context: IconContext,
  from: IconCall,
  to: IconCall,
  party: IconParty,
  event: Message,
): IconParty {
  const seconds = secondsOf(event);
  const previous = party.state;
  const dnEvent = to.dnEvents.get(party.dn);
  if (dnEvent) from.dnEvents.set(party.dn, dnEvent);
  endParty(context, from, party, seconds, to.uuid);
  const moved = createParty(context, to, {
    guid: party.guid,
    dn: party.dn,
    role: party.role,
    partyState: numberOf(event, 'PartyState'),
    login: '',
    seconds,
  });
  const kept: IconParty = { ...moved, agentId: party.agentId, sessionId: party.sessionId };
  to.parties.set(kept.guid, kept);
  const isConference = dnEvent?.cause === PARTY_CAUSE.conference;
  const link = isConference ? PARENT_LINK.conferenced : PARENT_LINK.transferred;
  insertParty(context, to, kept, { partyId: party.partyId, link }, previous);
  return kept;
}

/** `reference`: the call to which the party has gone. Answers the id of its totals' row. */
export function endParty(
  context: IconContext,
  call: IconCall,
  party: IconParty,
  seconds: number,
  reference = '',
): number {
  const previous = leaveState(party, seconds);
  party.state = PARTY_ROW_STATE.null;
  party.sequence++;
  call.sequence++;
  call.parties.delete(party.guid);
  if (party.isHidden) return 0;
  updateParty(context, call, party, previous, seconds, true);
  partyHistory(context, call, party, PARTY_CHANGE.terminated, previous, seconds, reference);
  if (isQueue(party) && context.state.options.acdPartyMetrics) return 0;
  return insert(context, 'GCC', 'G_PARTY_STAT', call.createdSeconds, {
    PARTYID: party.partyId,
    TT_ALERTING: party.seconds[PARTY_ROW_STATE.alerting],
    TT_CONNECTED: party.seconds[PARTY_ROW_STATE.connected],
    TT_HOLD: party.seconds[PARTY_ROW_STATE.hold],
    TT_QUEUED: party.seconds[PARTY_ROW_STATE.queued],
    TT_ACW: 0,
    CNT_HOLD: party.holds,
    CNT_ALERTING: party.alertings,
  });
}

export function isQueue({ endpointType }: IconParty): boolean {
  return CFG_QUEUES.includes(endpointType);
}

function noteState(call: IconCall, party: IconParty, seconds: number): void {
  const { totals } = call;
  if (party.state === PARTY_ROW_STATE.alerting) party.alertings++;
  if (party.state === PARTY_ROW_STATE.hold) {
    party.holds++;
    if (party.type === PARTY_TYPE.internal) totals.holds++;
  }
  if (party.state !== PARTY_ROW_STATE.connected || party.role === DN_ROLE.observer) return;
  if (party.type !== PARTY_TYPE.internal && party.type !== PARTY_TYPE.place) return;
  if (!totals.connected) totals.firstConnectSeconds = seconds;
  totals.connected = true;
  totals.connectedInside = true;
}

function leaveState(party: IconParty, seconds: number): number {
  const previous = party.state;
  party.seconds[previous] += seconds - party.sinceSeconds;
  party.sinceSeconds = seconds;
  return previous;
}

function updateParty(
  context: IconContext,
  call: IconCall,
  party: IconParty,
  previous: number,
  seconds: number,
  isEnded = false,
): void {
  const event = call.dnEvents.get(party.dn);
  const named: Record<string, CellValue> = {
    STATE: party.state,
    PREVSTATE: previous,
    CCEVENT: event?.ccEvent ?? null,
    CCEVENTCAUSE: event?.cause ?? null,
    CSEQ: call.sequence,
    PSEQ: party.sequence,
    LASTCHANGE: seconds,
  };
  if (isEnded) named['TERMINATED'] = seconds;
  update(context, 'GCC', 'G_PARTY', party.row, named);
}

function partyHistory(
  context: IconContext,
  call: IconCall,
  party: IconParty,
  change: number,
  previous: number,
  seconds: number,
  reference = '',
): void {
  if (isQueue(party) && context.state.options.acdPartyHistory) return;
  const event: DnEvent | undefined = call.dnEvents.get(party.dn);
  insert(context, 'GCC', 'G_PARTY_HISTORY', call.createdSeconds, {
    PARTYID: party.partyId,
    PSEQ: party.sequence,
    CSEQ: call.sequence,
    CHANGETYPE: change,
    CCEVENT: event?.ccEvent ?? null,
    CCEVENTCAUSE: event?.cause ?? null,
    STATE: party.state,
    PREVSTATE: previous,
    REFID: orNull(reference),
    CALLID: call.uuid,
    ENDPOINTID: party.endpointId,
    ADDED: seconds,
  });
}
