import type { SessionPeer } from '../../kernel/process.ts';
import { type CallLink, SWITCH_CTI_PORT, type UserData } from '../messages.ts';
import { CALL_STATE, CALL_TYPE, DN_ROLE, PARTY_CAUSE, WORK_MODE } from '../t-library.ts';
import { afterCall, offer } from './agents.ts';
import {
  addParty,
  createCall,
  endCall,
  enqueue,
  hangUp,
  originOf,
  removeParty,
  ring,
} from './calls.ts';
import { report, reportDn, reportParty, tellPeople } from './reports.ts';
import {
  type Call,
  isFree,
  partyAt,
  ROUTE_TIMEOUT_US,
  routingPointOf,
  type SwitchContext,
} from './switch-state.ts';
import { cutOff } from './treatments.ts';

/** Where calls go: to a routing point, a queue, an extension, outside, or another switch. */

export type Arrival = {
  readonly dialedNumber: string;
  readonly ani: string;
  readonly link?: CallLink;
  readonly userData?: UserData;
};

export function acceptCall(context: SwitchContext, arrival: Arrival): void {
  const { dialedNumber: dnis, ani, link, userData } = arrival;
  const { state } = context;
  const known =
    state.routingPoints.has(dnis) || state.queues.has(dnis) || state.extensions.has(dnis);
  if (!known) return;
  const call = createCall(context, { type: CALL_TYPE.inbound, ani, dnis });
  addParty(context, call, ani, 'dialing', DN_ROLE.origination);
  tellPeople(context, { type: 'call accepted', call: call.id, ani });
  const more = { ...(link && { link }), ...(userData && { userData }) };
  // Nobody can take the call: the caller hears that, and no telephone knew of it.
  if (!deliver(context, call, dnis, '', more)) dropUnheard(context, call);
}

function dropUnheard(context: SwitchContext, call: Call): void {
  context.state.calls.delete(call.id);
  tellPeople(context, { type: 'call left', call: call.id });
}

/** A call comes to a number of this switch, or leaves it; false if nobody is there. */
export function deliver(
  context: SwitchContext,
  call: Call,
  dn: string,
  queue = '',
  more: { readonly link?: CallLink; readonly userData?: UserData } = {},
): boolean {
  const { state } = context;
  if (state.routingPoints.has(dn)) {
    askForRoute(context, call, dn, more);
    return true;
  }
  if (state.queues.has(dn)) {
    enqueue(context, call, dn);
    return true;
  }
  const extension = state.extensions.get(dn);
  if (extension) {
    if (extension.calls.length > 0 || extension.doNotDisturb || !extension.inService) return false;
    ring(context, call, dn, queue);
    return true;
  }
  callOutside(context, call, dn);
  return true;
}

function askForRoute(
  context: SwitchContext,
  call: Call,
  dn: string,
  more: { readonly link?: CallLink; readonly userData?: UserData },
): void {
  const party = addParty(context, call, dn, 'routing', DN_ROLE.destination);
  const otherDn = originOf(call);
  reportParty(context, 'routeRequest', call, party, {
    effect: 'added',
    otherDn,
    queue: dn,
    ...more,
  });
  context.setTimer(`route ${call.id}`, ROUTE_TIMEOUT_US);
}

export function callOutside(context: SwitchContext, call: Call, number: string): void {
  addParty(context, call, number, 'alerting', DN_ROLE.destination);
  const origin = originOf(call);
  if (partyAt(call, origin)?.outside === false) {
    report(context, 'networkReached', call, origin, {
      role: DN_ROLE.origination,
      otherDn: number,
      outside: number,
      outsideState: 0xa,
    });
  } else report(context, 'party', call, number, { outside: number, outsideState: 0xa });
  tellPeople(context, { type: 'outside rings', number, call: call.id });
}

/** `byRouter` is false for the switch's own way out when nobody answers its question. */
export function routeCall(
  context: SwitchContext,
  call: Call,
  label: string,
  byRouter: boolean,
): void {
  const { state } = context;
  const from = routingPointOf(call);
  if (!from) return;
  context.cancelTimer(`route ${call.id}`);
  cutOff(context, call);
  if (state.elsewhere.has(label)) return leave(context, call, from, label);
  const target = chooseTarget(context, label);
  const cause = byRouter ? PARTY_CAUSE.route : PARTY_CAUSE.empty;
  leaveRoutingPoint(context, call, from, target, cause);
  deliver(context, call, target);
}

/** A label that cannot be reached (the agent was taken meanwhile) ends in the default queue. */
function chooseTarget({ state }: SwitchContext, label: string): string {
  const extension = state.extensions.get(label);
  const reachable = extension ? isFree(extension) : state.queues.has(label) || label.length > 6;
  return reachable ? label : state.defaultQueue;
}

function leaveRoutingPoint(
  context: SwitchContext,
  call: Call,
  from: string,
  target: string,
  cause: number,
  last = false,
): void {
  const party = partyAt(call, from)!;
  const third = { thirdPartyDn: target, thirdPartyRole: DN_ROLE.destination, queue: from };
  report(context, 'routeUsed', call, from, { role: party.role, cause, ...third });
  removeParty(context, call, party);
  const more = { role: party.role, ...third, ...(last && { last }) };
  report(context, 'diverted', call, from, { effect: 'deleted', cause, ...more });
}

/** The call goes to another switch; what happens to it there is that switch's business. */
function leave(context: SwitchContext, call: Call, from: string, dn: string): void {
  const { state } = context;
  const { host, location } = state.elsewhere.get(dn)!;
  const id = `${state.name}-${call.id}`;
  const more = { link: { id, remoteLocation: location, kind: 'source' as const } };
  report(context, 'isLink', call, from, more);
  const inside = call.parties.filter((party) => !party.outside && party.dn !== from);
  leaveRoutingPoint(context, call, from, dn, PARTY_CAUSE.route, inside.length === 0);
  state.calls.delete(call.id);
  for (const party of [...call.parties]) removeParty(context, call, party);
  for (const party of inside) {
    const last = party === inside.at(-1);
    const more = { role: party.role, otherDn: dn, ...(last && { last }) };
    report(context, 'released', call, party.dn, { effect: 'deleted', ...more });
  }
  for (const party of inside) afterCall(context, call, party);
  tellPeople(context, { type: 'call left', call: call.id });
  const session = context.connect({ host, port: SWITCH_CTI_PORT, network: 'public' });
  const link: CallLink = { id, remoteLocation: state.name, kind: 'target' };
  const { ani, userData } = call;
  state.leaving.set(session, { dialedNumber: dn, ani, link, userData });
}

/** The trunk to the other switch is there: it takes the call over. */
export function handOver(context: SwitchContext, { session }: SessionPeer): void {
  const call = context.state.leaving.get(session);
  if (!call) return;
  context.state.leaving.delete(session);
  context.send(session, { type: 'call arrives', ...call });
  context.close(session);
}

/** A call has waited in its queue as long as it may. */
export function overflow(context: SwitchContext, call: Call, dn: string): void {
  const party = partyAt(call, dn);
  const target = context.state.queues.get(dn)?.overflow?.to;
  if (party?.doing !== 'queued' || target === undefined) return;
  removeParty(context, call, party);
  report(context, 'diverted', call, dn, {
    effect: 'deleted',
    role: party.role,
    queue: dn,
    thirdPartyDn: target,
    thirdPartyRole: DN_ROLE.destination,
    callState: CALL_STATE.overflowed,
  });
  enqueue(context, call, target);
}

/** A call rings too long: it goes back to its queue, or waits on if it came straight. */
export function onNoAnswer(context: SwitchContext, call: Call, dn: string): void {
  const party = partyAt(call, dn);
  if (party?.doing !== 'alerting' || party.outside) return;
  const { state } = context;
  const talking = call.parties.filter(({ doing }) => doing === 'connected' || doing === 'held');
  // Those who talk go on without the one who does not answer.
  if (talking.length > 1) return hangUp(context, call, dn, CALL_STATE.noAnswer);
  const isDirect = call.type === CALL_TYPE.internal || call.type === CALL_TYPE.consult;
  if (isDirect && party.queue === '') return;
  redirect(context, call, dn, party.queue || state.defaultQueue, CALL_STATE.noAnswer);
}

/** From a ringing telephone to another destination. */
export function redirect(
  context: SwitchContext,
  call: Call,
  dn: string,
  target: string,
  callState: number = CALL_STATE.redirected,
): void {
  const party = partyAt(call, dn);
  if (party?.doing !== 'alerting' || party.outside) return;
  removeParty(context, call, party);
  const third = { thirdPartyDn: target, thirdPartyRole: DN_ROLE.destination };
  const cause = callState === CALL_STATE.noAnswer ? PARTY_CAUSE.noAnswer : PARTY_CAUSE.redirect;
  report(context, 'released', call, dn, {
    effect: 'deleted',
    role: party.role,
    callState: CALL_STATE.redirected,
    cause,
    ...third,
  });
  const extension = context.state.extensions.get(dn)!;
  const missed = callState === CALL_STATE.noAnswer;
  tellPeople(context, { type: 'cleared', extension: dn, call: call.id, work: false, missed });
  if (missed) sitOut(context, dn);
  else if (isFree(extension)) extension.readySince = context.state.nextReady++;
  const talking = call.parties.filter(({ doing }) => doing === 'connected' || doing === 'held');
  if (!deliver(context, call, target) && talking.length < 2) {
    endCall(context, call, originOf(call), CALL_STATE.busy);
  }
  if (extension.state === 'logged out' || extension.calls.length > 0) return;
  const event = extension.state === 'ready' ? 'agentReady' : 'agentNotReady';
  reportDn(context, event, dn, {}, ['pim']);
  offer(context, dn);
}

/** An agent who does not answer gets no further calls until ready again. */
function sitOut(context: SwitchContext, dn: string): void {
  const extension = context.state.extensions.get(dn)!;
  if (extension.state !== 'ready') return;
  extension.state = 'not ready';
  extension.workMode = WORK_MODE.walkAway;
  reportDn(context, 'agentNotReady', dn, { workMode: WORK_MODE.walkAway });
}

/** Busy, or no number at all: `callState` says which. */
export function outsideIsBusy(
  context: SwitchContext,
  call: Call,
  number: string,
  callState: number = CALL_STATE.busy,
): void {
  const party = partyAt(call, number);
  if (party?.doing !== 'alerting') return;
  const origin = originOf(call);
  if (context.state.queues.has(origin)) return endCall(context, call, origin, callState);
  removeParty(context, call, party);
  report(context, 'party', call, number, { effect: 'deleted' });
  if (partyAt(call, origin)?.outside !== false) return endCall(context, call, origin);
  busy(context, call, origin, number, callState);
}

export function busy(
  context: SwitchContext,
  call: Call,
  origin: string,
  number: string,
  callState: number = CALL_STATE.busy,
): void {
  const more = { role: DN_ROLE.origination, otherDn: number, callState };
  report(context, 'destinationBusy', call, origin, { ...more, cause: PARTY_CAUSE.busy });
  tellPeople(context, { type: 'busy tone', extension: origin, call: call.id });
}

export function callerHangsUp(context: SwitchContext, call: Call, number: string): void {
  const outside = partyAt(call, number);
  if (outside?.outside) hangUp(context, call, number);
}
