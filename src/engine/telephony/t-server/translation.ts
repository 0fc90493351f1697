import { formatConnectionId } from '../identifiers.ts';
import type { SwitchEvent, SwitchEventName } from '../messages.ts';
import {
  CALL_STATE,
  CALL_TYPE,
  DN_ROLE,
  PARTY_CAUSE,
  PARTY_STATE,
  RELIABILITY,
} from '../t-library.ts';
import { forgetUnnamed, translateAgent } from './agents.ts';
import {
  addParty,
  callCreated,
  changeParty,
  deleteCall,
  dialed,
  moveParty,
  removeParty,
} from './call-events.ts';
import {
  type Attributes,
  broadcast,
  distribute,
  distributeCall,
  nextUuid,
} from './distribution.ts';
import type { TCall, TServerContext } from './t-server-state.ts';
import { changeUserData } from './user-data.ts';
import { enterVirtualQueue, leaveVirtualQueue } from './virtual-queues.ts';

/** DN event of each report; what is missing here has call-based events only. */
const T_EVENTS: Partial<Record<SwitchEventName, string>> = {
  routeRequest: 'EventRouteRequest',
  routeUsed: 'EventRouteUsed',
  treatmentApplied: 'EventTreatmentApplied',
  treatmentEnd: 'EventTreatmentEnd',
  queued: 'EventQueued',
  diverted: 'EventDiverted',
  abandoned: 'EventAbandoned',
  dialing: 'EventDialing',
  networkReached: 'EventNetworkReached',
  destinationBusy: 'EventDestinationBusy',
  ringing: 'EventRinging',
  established: 'EventEstablished',
  held: 'EventHeld',
  retrieved: 'EventRetrieved',
  released: 'EventReleased',
  partyChanged: 'EventPartyChanged',
  partyAdded: 'EventPartyAdded',
  partyDeleted: 'EventPartyDeleted',
};

/** Turns one report of the switch into TEvents: the DN event, then its call-based twins. */
export function translate(context: TServerContext, event: SwitchEvent): void {
  const { state } = context;
  if (event.event === 'snapshot') return endSnapshot(context);
  if (event.call === 0) return translateAgent(context, event);
  if (state.named) {
    const dns = state.named.calls.get(event.call) ?? new Set();
    state.named.calls.set(event.call, dns.add(event.dn));
  }
  const known = state.calls.get(event.call);
  const call = known ?? createCall(context, event);
  if (event.event === 'isLink') return addLink(context, call, event);
  if (event.event === 'routeUsed') noteRoute(context, call, event);
  const type = T_EVENTS[event.event];
  if (type) distribute(context, type, event.dn, dnAttributes(context, call, event));
  if (!known) beginCall(context, call, event);
  applyToParties(context, call, event);
  if (event.event === 'routeRequest') enterVirtualQueue(context, call, event.dn);
  if (event.event === 'diverted' || event.event === 'abandoned') {
    leaveVirtualQueue(context, call, event);
  }
  if (!event.last) return;
  const from = event.previousCall ? state.calls.get(event.previousCall) : undefined;
  if (event.effect === 'moved' && from) join(context, from, call, event);
  else if (event.effect !== 'moved') deleteCall(context, call, {});
}

/** A call has taken the parties of another, and takes over its data. */
function join(context: TServerContext, from: TCall, into: TCall, event: SwitchEvent): void {
  const news = [...from.userData].filter(([key]) => !into.userData.has(key));
  deleteCall(context, from, { cause: event.cause, into });
  if (news.length === 0) return;
  changeUserData(context, into, event.thirdPartyDn ?? '', new Map([...into.userData, ...news]));
}

function createCall(context: TServerContext, event: SwitchEvent): TCall {
  const { state } = context;
  const { call: id, callType = 0, ani = '', dnis = '', previousCall = 0, link, userData } = event;
  const primary = callType === CALL_TYPE.consult ? state.calls.get(previousCall) : undefined;
  const call: TCall = {
    id,
    connId: formatConnectionId(state.serverId, state.nextConnection++),
    uuid: nextUuid(context),
    callType,
    ani,
    dnis,
    createdSeconds: Math.floor(context.utcSeconds),
    originalUuid: primary?.uuid ?? '',
    parties: new Map(),
    userData: userData ?? primary?.userData ?? new Map(),
    links: link ? [link] : [],
    virtualQueue: null,
  };
  state.calls.set(id, call);
  return call;
}

/** The call-based part follows the first DN event, as T-Server logs show. */
function beginCall(context: TServerContext, call: TCall, event: SwitchEvent): void {
  // The switch names what goes on since before its link came back: learnt late.
  const isLate = context.state.named !== null && event.event === 'party';
  const late = isLate && { Reliability: RELIABILITY.inPast };
  distributeCall(context, 'EventCallCreated', { ...callCreated(call), ...late });
  if (call.callType !== CALL_TYPE.inbound || event.event === 'party') return;
  const role = DN_ROLE.origination;
  addParty(context, call, call.ani, { state: PARTY_STATE.initiated, role, cause: 0, agentId: '' });
}

function dnAttributes(context: TServerContext, call: TCall, event: SwitchEvent): Attributes {
  const { callState = CALL_STATE.ok, role = DN_ROLE.unknown, cause = 0, previousCall } = event;
  const previous = previousCall ? context.state.calls.get(previousCall) : undefined;
  const isRelease = event.event === 'released' || event.event === 'abandoned';
  return {
    ConnID: call.connId,
    CallUUID: call.uuid,
    CallID: call.id,
    CallType: call.callType,
    ...(call.ani && { ANI: call.ani }),
    ...dialed(call),
    ...(previous && { PreviousConnID: previous.connId, RefConnID: previous.connId }),
    ...(call.userData.size > 0 && { UserData: call.userData }),
    ThisDNRole: role,
    ...(event.otherDn && { OtherDN: event.otherDn }),
    ...(event.queue && { ThisQueue: event.queue }),
    ...(event.thirdPartyDn && {
      ThirdPartyDN: event.thirdPartyDn,
      ThirdPartyDNRole: event.thirdPartyRole ?? DN_ROLE.unknown,
    }),
    ...((callState !== CALL_STATE.ok || isRelease || event.event === 'ringing') && {
      CallState: callState,
    }),
    ...(cause !== PARTY_CAUSE.empty && { Cause: cause }),
    ...(event.agentId && { AgentID: event.agentId }),
    ...(event.treatment && { TreatmentType: event.treatment }),
    ...(event.digits && {
      CollectedDigits: event.digits,
      LastCollectedDigit: event.digits.slice(-1),
    }),
    ...(event.releasedBy && { ReleasingParty: event.releasedBy }),
  };
}

function applyToParties(context: TServerContext, call: TCall, event: SwitchEvent): void {
  const { dn, effect, state = 0, role = 0, cause = 0, agentId = '' } = event;
  if (effect === 'added' && call.parties.has(dn)) {
    // The switch names its calls anew: the party is known.
    changeParty(context, call, dn, { state, role, cause });
  } else if (effect === 'added') addParty(context, call, dn, { state, role, cause, agentId });
  else if (effect === 'state') changeParty(context, call, dn, { state, role, cause });
  else if (effect === 'deleted' && !event.last) removeParty(context, call, dn, cause);
  else if (effect === 'moved') {
    const from = context.state.calls.get(event.previousCall ?? 0);
    if (from) moveParty(context, from, call, dn, { state, role, cause });
  }
  const { outside, outsideState = 0 } = event;
  if (!outside) return;
  if (call.parties.has(outside)) {
    changeParty(context, call, outside, { state: outsideState, role: 0, cause });
  } else {
    const outsideRole = DN_ROLE.destination;
    const change = { state: outsideState, role: outsideRole, cause, agentId: '' };
    addParty(context, call, outside, change);
  }
}

function addLink(context: TServerContext, call: TCall, { link }: SwitchEvent): void {
  if (!link) return;
  call.links.push(link);
  const ISLinkList = call.links.map((one) => ({ ...one }));
  distributeCall(context, 'EventCallDataChanged', { CallUUID: call.uuid, ISLinkList });
}

/** Keys that a router attaches when it has chosen; the emulator fills those that it knows. */
function noteRoute(context: TServerContext, call: TCall, event: SwitchEvent): void {
  const { thirdPartyDn: target = '', dn, cause } = event;
  if (cause !== PARTY_CAUSE.route) return;
  const agent = context.state.agents.get(target);
  const changes: [string, string][] = [
    ['RTargetTypeSelected', agent ? 'Agent' : 'DN'],
    ['RTargetObjectSelected', target],
  ];
  if (agent) changes.push(['RTargetAgentSelected', agent.agentId]);
  if (call.virtualQueue) changes.push(['RVQID', call.virtualQueue.id]);
  changeUserData(context, call, dn, new Map([...call.userData, ...changes]));
}

/** The link is back: calls that the switch does not name any more are over. */
function endSnapshot(context: TServerContext): void {
  const { state } = context;
  const { named } = state;
  state.named = null;
  state.linkUp = true;
  broadcast(context, 'EventLinkConnected');
  if (!named) return;
  for (const [id, call] of [...state.calls]) {
    const dns = named.calls.get(id);
    if (!dns) deleteCall(context, call, { uncertain: true });
    else
      for (const dn of [...call.parties.keys()]) {
        if (!dns.has(dn)) removeParty(context, call, dn, PARTY_CAUSE.empty);
      }
  }
  forgetUnnamed(context, named.dns);
}
