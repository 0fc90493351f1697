import { SECOND_US } from '../../kernel/lab-time.ts';
import { CALL_STATE, CALL_TYPE, DN_ROLE } from '../t-library.ts';
import { afterCall, serveQueue } from './agents.ts';
import { report, reportParty, tellPeople } from './reports.ts';
import {
  type Call,
  type CallTypeNumber,
  NO_ANSWER_US,
  otherParties,
  type Party,
  type PartyDoing,
  partyAt,
  type SwitchContext,
} from './switch-state.ts';

/** The life of calls: how parties join, answer, and leave. */

export function createCall(
  context: SwitchContext,
  call: { type: CallTypeNumber; ani: string; dnis: string; primary?: number },
): Call {
  const { state } = context;
  const created: Call = {
    primary: 0,
    ...call,
    id: state.nextCall++,
    parties: [],
    answered: false,
    treatment: null,
    heard: [],
    userData: new Map(),
  };
  state.calls.set(created.id, created);
  return created;
}

export function addParty(
  context: SwitchContext,
  call: Call,
  dn: string,
  doing: PartyDoing,
  role: number,
  queue = '',
): Party {
  const outside = !isLocal(context, dn);
  const party: Party = { dn, doing, role, outside, queue };
  call.parties.push(party);
  context.state.extensions.get(dn)?.calls.push(call.id);
  return party;
}

export function removeParty(context: SwitchContext, call: Call, party: Party): void {
  call.parties.splice(call.parties.indexOf(party), 1);
  const calls = context.state.extensions.get(party.dn)?.calls;
  if (calls?.includes(call.id)) calls.splice(calls.indexOf(call.id), 1);
  const waiting = context.state.queues.get(party.dn)?.calls;
  if (waiting?.includes(call.id)) waiting.splice(waiting.indexOf(call.id), 1);
}

export function isLocal({ state }: SwitchContext, dn: string): boolean {
  return state.extensions.has(dn) || state.queues.has(dn) || state.routingPoints.has(dn);
}

/** Who called: the party that a new destination is told of as the other one. */
export function originOf(call: Call): string {
  const origin = call.parties.find(({ role }) => role === DN_ROLE.origination);
  if (origin) return origin.dn;
  // A queue has called: an agent talks to whoever answered.
  const called = call.type === CALL_TYPE.outbound && call.parties.find(({ outside }) => outside);
  return called ? called.dn : call.ani;
}

export function ring(context: SwitchContext, call: Call, dn: string, queue = '', state = 0): void {
  const party = addParty(context, call, dn, 'alerting', DN_ROLE.destination, queue);
  const otherDn = originOf(call);
  reportParty(context, 'ringing', call, party, { effect: 'added', otherDn, callState: state });
  tellPeople(context, { type: 'ringing', extension: dn, call: call.id });
  context.setTimer(`no answer ${call.id} ${dn}`, NO_ANSWER_US);
}

export function enqueue(context: SwitchContext, call: Call, dn: string): void {
  const party = addParty(context, call, dn, 'queued', DN_ROLE.destination);
  const otherDn = originOf(call);
  reportParty(context, 'queued', call, party, { effect: 'added', otherDn, queue: dn });
  waitInQueue(context, call, dn);
  serveQueue(context, dn);
}

/** Behind all others in a queue; its time to overflow begins. */
export function waitInQueue(context: SwitchContext, call: Call, dn: string): void {
  const queue = context.state.queues.get(dn);
  if (!queue) throw new Error(`${context.self}: no queue ${dn}`);
  queue.calls.push(call.id);
  if (!queue.overflow) return;
  context.setTimer(`overflow ${call.id} ${dn}`, queue.overflow.afterSeconds * SECOND_US);
}

/** The party at `dn` takes the call; whoever waited for that is connected too. */
export function answer(context: SwitchContext, call: Call, dn: string): void {
  const party = partyAt(call, dn);
  if (party?.doing !== 'alerting') return;
  party.doing = 'connected';
  call.answered = true;
  const waiting = otherParties(call, dn).filter(({ doing }) => doing === 'dialing');
  for (const other of waiting) other.doing = 'connected';
  const outside = waiting.find((other) => other.outside);
  if (party.outside) report(context, 'party', call, dn, outsideState(dn));
  else {
    const otherDn = originOf(call);
    const more = outside ? outsideState(outside.dn) : {};
    reportParty(context, 'established', call, party, { effect: 'state', otherDn, ...more });
    tellPeople(context, { type: 'connected', extension: dn, call: call.id });
  }
  for (const other of waiting.filter((one) => !one.outside)) {
    reportParty(context, 'established', call, other, { effect: 'state', otherDn: dn });
    tellPeople(context, { type: 'connected', extension: other.dn, call: call.id });
  }
  joinObserver(context, call, dn);
}

function outsideState(outside: string) {
  return { outside, outsideState: 0xc } as const;
}

/** A supervisor who watches this extension hears the call from now on. */
function joinObserver(context: SwitchContext, call: Call, dn: string): void {
  const { extensions } = context.state;
  const observed = extensions.get(dn);
  const observer = observed?.observer ?? '';
  if (!observed || observer === '' || extensions.get(observer)?.calls.length !== 0) return;
  const party = addParty(context, call, observer, 'connected', DN_ROLE.observer);
  reportParty(context, 'established', call, party, { effect: 'added', otherDn: dn });
  for (const other of otherParties(call, observer)) {
    if (other.outside) continue;
    const more = { otherDn: observer, thirdPartyDn: observer, thirdPartyRole: DN_ROLE.observer };
    report(context, 'partyAdded', call, other.dn, { role: other.role, ...more });
  }
}

/** One party leaves. A call of two ends with that, a larger one goes on without the party. */
export function hangUp(context: SwitchContext, call: Call, dn: string, callState = 0): void {
  const leaver = partyAt(call, dn);
  if (!leaver) return;
  const staying = otherParties(call, dn).filter(({ role }) => role !== DN_ROLE.observer);
  const talking = staying.filter(({ doing }) => doing === 'connected' || doing === 'held');
  if (talking.length < 2 || (leaver.role === DN_ROLE.origination && !call.answered)) {
    if (leaver.role !== DN_ROLE.observer) return endCall(context, call, dn, callState);
  }
  removeParty(context, call, leaver);
  const more = { role: leaver.role, callState };
  if (leaver.outside) report(context, 'party', call, dn, { effect: 'deleted', ...more });
  else report(context, 'released', call, dn, { effect: 'deleted', ...more });
  for (const other of otherParties(call, dn)) {
    if (other.outside || other.doing === 'alerting') continue;
    const third = { thirdPartyDn: dn, thirdPartyRole: DN_ROLE.deletedParty };
    report(context, 'partyDeleted', call, other.dn, { role: other.role, otherDn: dn, ...third });
  }
  if (!leaver.outside) afterCall(context, call, leaver);
}

/** The end of a call: who hangs up is released first, the last one ends it. */
export function endCall(context: SwitchContext, call: Call, first: string, callState = 0): void {
  const { state } = context;
  context.cancelTimer(`route ${call.id}`);
  state.calls.delete(call.id);
  const origin = call.parties.find(({ dn }) => dn === first);
  const order = origin ? [origin, ...otherParties(call, first)] : [...call.parties];
  const inside = order.filter(({ outside }) => !outside);
  for (const party of order) removeParty(context, call, party);
  for (const [index, party] of inside.entries()) {
    const last = index === inside.length - 1;
    const waits = party.doing !== 'connected' && party.doing !== 'held';
    const isAbandoned = waits && party.doing !== 'dialing';
    const event = isAbandoned ? 'abandoned' : 'released';
    const outcome = isAbandoned ? CALL_STATE.abandoned : callState;
    const queue = party.doing === 'queued' || party.doing === 'routing' ? party.dn : party.queue;
    report(context, event, call, party.dn, {
      effect: 'deleted',
      role: party.role,
      otherDn: originOf(call) === party.dn ? (order.at(-1)?.dn ?? '') : originOf(call),
      callState: outcome,
      ...(!isAbandoned && { releasedBy: origin?.outside ? 'remote' : 'local' }),
      ...(queue && { queue }),
      ...(last && { last }),
    });
  }
  if (inside.length === 0) report(context, 'party', call, first, { effect: 'deleted', last: true });
  for (const party of inside) afterCall(context, call, party);
  const outside = order.find((party) => party.outside);
  if (outside && call.type !== CALL_TYPE.internal) {
    tellPeople(context, { type: 'call left', call: call.id });
  }
}
