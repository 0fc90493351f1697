import { SECOND_US } from '../../kernel/lab-time.ts';
import type { PredictiveCall } from '../messages.ts';
import { CALL_STATE, CALL_TYPE, DN_ROLE, PARTY_STATE } from '../t-library.ts';
import { serveQueue } from './agents.ts';
import { callOutside } from './arrivals.ts';
import { addParty, answer, createCall, endCall, waitInQueue } from './calls.ts';
import { report, reportParty } from './reports.ts';
import { type Call, type Party, partyAt, type SwitchContext } from './switch-state.ts';

/** Calls that nobody at this switch makes: a queue calls, and an agent gets who answers. */

export function callForNobody(context: SwitchContext, wanted: PredictiveCall): void {
  const { queue, number, userData, timeoutSeconds } = wanted;
  if (!context.state.queues.has(queue)) return;
  const call = createCall(context, { type: CALL_TYPE.outbound, ani: queue, dnis: number });
  call.userData = userData;
  const party = addParty(context, call, queue, 'dialing', DN_ROLE.origination);
  const more = { effect: 'added', otherDn: number, userData } as const;
  reportParty(context, 'dialing', call, party, more);
  context.setTimer(`give up ${call.id}`, timeoutSeconds * SECOND_US);
  callOutside(context, call, number);
}

/** The party of the queue that calls, while nobody has answered. */
function caller(context: SwitchContext, call: Call): Party | undefined {
  return call.parties.find(({ dn, doing }) => doing === 'dialing' && context.state.queues.has(dn));
}

/** Call progress detection: only people are kept for an agent. */
export function outsideAnswers(
  context: SwitchContext,
  call: Call,
  number: string,
  by: 'machine' | 'fax' | undefined,
): void {
  const origin = caller(context, call);
  const outside = partyAt(call, number);
  if (!origin) return answer(context, call, number);
  if (outside?.doing !== 'alerting') return;
  if (by) return giveUp(context, call, by === 'fax' ? CALL_STATE.fax : CALL_STATE.answeringMachine);
  context.cancelTimer(`give up ${call.id}`);
  outside.doing = 'connected';
  call.answered = true;
  origin.doing = 'queued';
  report(context, 'queued', call, origin.dn, {
    effect: 'state',
    role: origin.role,
    state: PARTY_STATE.queued,
    otherDn: number,
    queue: origin.dn,
    outside: number,
    outsideState: PARTY_STATE.connected,
  });
  waitInQueue(context, call, origin.dn);
  serveQueue(context, origin.dn);
}

/** Ends a call that no person has answered; what was heard is its call state. */
export function giveUp(context: SwitchContext, call: Call, callState: number): void {
  const origin = caller(context, call);
  if (!origin) return;
  context.cancelTimer(`give up ${call.id}`);
  endCall(context, call, origin.dn, callState);
}
