import type { PhoneAction, UserData } from '../messages.ts';
import { CALL_STATE, CALL_TYPE, DN_ROLE, PARTY_CAUSE } from '../t-library.ts';
import { actAsAgent, afterCall, offer } from './agents.ts';
import { busy, deliver, redirect } from './arrivals.ts';
import {
  addParty,
  answer,
  createCall,
  endCall,
  hangUp,
  isLocal,
  removeParty,
  waitInQueue,
} from './calls.ts';
import { whyNot } from './phone-checks.ts';
import { report, reportDn, reportParty, tellPeople } from './reports.ts';
import {
  type Call,
  type CallTypeNumber,
  callAt,
  type Extension,
  NO_ANSWER_US,
  otherParties,
  partyAt,
  type SwitchContext,
} from './switch-state.ts';

/** What one does at a telephone. An action that makes no sense at the moment does nothing. */
export function actAtPhone(context: SwitchContext, dn: string, act: PhoneAction): void {
  if (whyNot(context.state, dn, act.action) !== undefined) return;
  const extension = context.state.extensions.get(dn)!;
  const active = callAt(context, dn, 'connected');
  switch (act.action) {
    case 'dial':
      return dial(context, dn, act.number, undefined, act.userData);
    case 'answer':
      return answer(context, callAt(context, dn, 'alerting')!, dn);
    case 'hang up': {
      const call = active ?? callAt(context, dn, 'dialing') ?? callAt(context, dn, 'held');
      return release(context, call!, dn);
    }
    case 'hold':
      return hold(context, active!, dn);
    case 'retrieve':
      return retrieve(context, callAt(context, dn, 'held')!, dn);
    case 'consult':
      return consult(context, active!, dn, act.number);
    case 'complete transfer':
      return complete(context, dn, transfer);
    case 'complete conference':
      return complete(context, dn, conference);
    case 'transfer to':
      return transferTo(context, active!, dn, act.number);
    case 'conference with':
      return conferenceWith(context, active!, dn, act.number);
    case 'redirect':
      return redirect(context, callAt(context, dn, 'alerting')!, dn, act.number);
    case 'observe':
      return observe(context, dn, act.number);
    case 'out of service':
    case 'back in service':
      return setService(context, dn, extension, act.action === 'back in service');
    default:
      return actAsAgent(context, dn, act);
  }
}

function dial(
  context: SwitchContext,
  dn: string,
  number: string,
  held: Call | undefined,
  userData?: UserData,
): void {
  const call = createCall(context, {
    type: held ? CALL_TYPE.consult : typeOf(context, number),
    ani: dn,
    dnis: number,
    primary: held?.id,
  });
  const party = addParty(context, call, dn, 'dialing', DN_ROLE.origination);
  reportParty(context, 'dialing', call, party, {
    effect: 'added',
    otherDn: number,
    ...(held && { previousCall: held.id }),
    ...(userData && { userData }),
  });
  if (!deliver(context, call, number)) busy(context, call, dn, number);
}

function typeOf(context: SwitchContext, number: string): CallTypeNumber {
  return isLocal(context, number) ? CALL_TYPE.internal : CALL_TYPE.outbound;
}

/** Who gives up a consult call is back on hold with the first; one retrieves it by hand. */
function release(context: SwitchContext, call: Call, dn: string): void {
  const { doing } = partyAt(call, dn)!;
  if (doing === 'dialing') return endCall(context, call, dn);
  hangUp(context, call, dn);
}

function hold(context: SwitchContext, call: Call, dn: string): void {
  const party = partyAt(call, dn)!;
  party.doing = 'held';
  reportParty(context, 'held', call, party, { effect: 'state', otherDn: otherDnOf(call, dn) });
}

function retrieve(context: SwitchContext, call: Call, dn: string): void {
  const party = partyAt(call, dn)!;
  party.doing = 'connected';
  const otherDn = otherDnOf(call, dn);
  reportParty(context, 'retrieved', call, party, { effect: 'state', otherDn });
}

function otherDnOf(call: Call, dn: string): string {
  return otherParties(call, dn)[0]?.dn ?? '';
}

function consult(context: SwitchContext, call: Call, dn: string, number: string): void {
  hold(context, call, dn);
  dial(context, dn, number, call);
}

/** Joins what was consulted to the call on hold; `how` says what becomes of who asked. */
function complete(
  context: SwitchContext,
  dn: string,
  how: (context: SwitchContext, held: Call, asked: Call, dn: string) => void,
): void {
  const asked = callAt(context, dn, 'connected', 'dialing');
  const held = asked && context.state.calls.get(asked.primary);
  if (held && partyAt(held, dn)?.doing === 'held' && asked.parties.length > 1) {
    how(context, held, asked, dn);
  }
}

/** Two-step transfer; mute, if it is completed while the other telephone still rings. */
function transfer(context: SwitchContext, held: Call, asked: Call, dn: string): void {
  const staying = otherParties(held, dn);
  const [mine, theirs] = [partyAt(held, dn)!, partyAt(asked, dn)!];
  const state = { callState: CALL_STATE.transferred, cause: PARTY_CAUSE.transfer };
  for (const [call, party] of [
    [held, mine],
    [asked, theirs],
  ] as const) {
    removeParty(context, call, party);
    const otherDn = otherDnOf(call, dn);
    report(context, 'released', call, dn, {
      effect: 'deleted',
      role: party.role,
      otherDn,
      ...state,
    });
  }
  moveParties(context, asked, held, { dn, role: DN_ROLE.transferredBy, ...state });
  const third = { thirdPartyDn: dn, thirdPartyRole: DN_ROLE.transferredBy };
  const otherDn = held.parties.at(-1)!.dn;
  for (const party of staying) {
    if (party.outside) continue;
    reportParty(context, 'partyChanged', held, party, { otherDn, ...third, ...state });
  }
  afterCall(context, held, mine);
}

type Mover = { dn: string; role: number; callState: number; cause: number };

/** All parties of one call go over to another, and the empty one ends. */
function moveParties(
  context: SwitchContext,
  from: Call,
  to: Call,
  { dn: by, role, callState, cause }: Mover,
): void {
  const { state } = context;
  const otherDn = otherDnOf(to, by);
  const moved = [...from.parties];
  context.cancelTimer(`route ${from.id}`);
  for (const party of moved) {
    removeParty(context, from, party);
    const waiting = party.doing === 'queued';
    to.parties.push(party);
    state.extensions.get(party.dn)?.calls.push(to.id);
    if (waiting) waitInQueue(context, to, party.dn);
    if (party.doing === 'routing') context.setTimer(`route ${to.id}`, 0);
    if (party.doing === 'alerting' && !party.outside) reschedule(context, from, to, party.dn);
    if (party.outside) {
      const { dn: number } = party;
      tellPeople(context, { type: 'outside moved', number, from: from.id, to: to.id });
    }
    if (party.doing === 'connected') to.answered = true;
    const last = party === moved.at(-1);
    reportParty(context, party.outside ? 'party' : 'partyChanged', to, party, {
      effect: 'moved',
      previousCall: from.id,
      otherDn,
      thirdPartyDn: by,
      thirdPartyRole: role,
      callState,
      cause,
      ...(last && { last }),
    });
  }
  state.calls.delete(from.id);
  // Somebody may have asked further from the call that is gone.
  for (const other of state.calls.values()) {
    if (other.primary === from.id) other.primary = to.id;
  }
}

function reschedule(context: SwitchContext, from: Call, to: Call, dn: string): void {
  context.cancelTimer(`no answer ${from.id} ${dn}`);
  context.setTimer(`no answer ${to.id} ${dn}`, NO_ANSWER_US);
}

/** The one who asked leaves the consult call and joins all in the first. */
function conference(context: SwitchContext, held: Call, asked: Call, dn: string): void {
  if (partyAt(asked, dn)!.doing !== 'connected') return;
  const theirs = partyAt(asked, dn)!;
  const state = { callState: CALL_STATE.conferenced, cause: PARTY_CAUSE.conference };
  removeParty(context, asked, theirs);
  const otherDn = otherDnOf(asked, dn);
  report(context, 'released', asked, dn, {
    effect: 'deleted',
    role: theirs.role,
    otherDn,
    ...state,
  });
  retrieve(context, held, dn);
  const present = [...held.parties];
  moveParties(context, asked, held, { dn, role: DN_ROLE.conferencedBy, ...state });
  const joined = held.parties.at(-1)!;
  tellJoined(context, held, present, joined.dn, dn);
}

function tellJoined(
  context: SwitchContext,
  call: Call,
  present: readonly { dn: string; outside: boolean; role: number }[],
  joined: string,
  by: string,
): void {
  for (const { dn, outside, role } of present) {
    if (outside || dn === joined) continue;
    report(context, 'partyAdded', call, dn, {
      role,
      otherDn: joined,
      thirdPartyDn: dn === by ? joined : by,
      thirdPartyRole: dn === by ? DN_ROLE.newParty : DN_ROLE.addedBy,
      callState: CALL_STATE.conferenced,
      cause: PARTY_CAUSE.conference,
    });
  }
}

/** Single-step transfer: who transfers is gone before the other telephone rings. */
function transferTo(context: SwitchContext, call: Call, dn: string, number: string): void {
  const mine = partyAt(call, dn)!;
  const { extensions } = context.state;
  const target = extensions.get(number);
  if (target && (target.calls.length > 0 || target.doNotDisturb || !target.inService)) {
    return busy(context, call, dn, number);
  }
  removeParty(context, call, mine);
  const state = { callState: CALL_STATE.transferred, cause: PARTY_CAUSE.oneStepTransfer };
  const third = { thirdPartyDn: number, thirdPartyRole: DN_ROLE.destination };
  report(context, 'released', call, dn, { effect: 'deleted', role: mine.role, ...third, ...state });
  const by = { thirdPartyDn: dn, thirdPartyRole: DN_ROLE.transferredBy };
  for (const party of call.parties) {
    if (!party.outside) {
      reportParty(context, 'partyChanged', call, party, { otherDn: number, ...by, ...state });
    }
  }
  deliver(context, call, number);
  afterCall(context, call, mine);
}

/** Single-step conference: the third telephone rings and is in when it answers. */
function conferenceWith(context: SwitchContext, call: Call, dn: string, number: string): void {
  const present = [...call.parties];
  if (!context.state.extensions.has(number)) return;
  if (!deliver(context, call, number)) return busy(context, call, dn, number);
  tellJoined(context, call, present, number, dn);
}

function observe(context: SwitchContext, dn: string, observed: string): void {
  const extension = context.state.extensions.get(observed);
  if (extension && observed !== dn) extension.observer = extension.observer === dn ? '' : dn;
}

function setService(
  context: SwitchContext,
  dn: string,
  extension: Extension,
  inService: boolean,
): void {
  if (extension.inService === inService) return;
  extension.inService = inService;
  for (const id of inService ? [] : [...extension.calls]) {
    const call = context.state.calls.get(id);
    if (call) hangUp(context, call, dn, CALL_STATE.dropped);
  }
  reportDn(context, inService ? 'dnBackInService' : 'dnOutOfService', dn);
  if (inService) offer(context, dn);
}
