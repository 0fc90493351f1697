import { SECOND_US } from '../../kernel/lab-time.ts';
import type { CallTreatment } from '../messages.ts';
import { DN_ROLE, TREATMENT } from '../t-library.ts';
import { report, tellPeople } from './reports.ts';
import {
  type Call,
  partyAt,
  ROUTE_TIMEOUT_US,
  routingPointOf,
  type SwitchContext,
} from './switch-state.ts';

/** What a caller hears at a routing point while the router makes up its mind. */

/** Music until something else is said, an announcement, or the question for digits. */
export function treat(context: SwitchContext, call: Call, asked?: CallTreatment): void {
  const dn = routingPointOf(call);
  if (!dn) return;
  const isAgain = asked !== undefined && call.treatment?.number === asked.number;
  // A gateway side that was slow: something else has begun since.
  if (asked && !isAgain && call.heard.includes(asked.number)) return;
  context.cancelTimer(`route ${call.id}`);
  // A gateway that has taken over asks again: it goes on, or its end is told again.
  if (isAgain) return call.treatment?.ended ? tellEnd(context, call) : undefined;
  cutOff(context, call);
  const type = typeOf(asked);
  const more = { role: DN_ROLE.destination, queue: dn, treatment: type };
  report(context, 'treatmentApplied', call, dn, more);
  if (!asked) return;
  const { number, digits: wanted, seconds } = asked;
  call.treatment = { number, type, wanted, entered: '', ended: false };
  call.heard.push(number);
  context.setTimer(`treatment ${call.id}`, seconds * SECOND_US);
  if (wanted === 0) return;
  const caller = call.parties.find(({ outside }) => outside)?.dn ?? call.ani;
  tellPeople(context, { type: 'digits wanted', call: call.id, number: caller });
}

function typeOf(asked: CallTreatment | undefined): number {
  if (!asked) return TREATMENT.music;
  return asked.digits > 0 ? TREATMENT.collectDigits : TREATMENT.announcement;
}

/** Digits that nobody has asked for are not heard. */
export function press(context: SwitchContext, call: Call, number: string, digits: string): void {
  if (!asksForDigits(call) || !partyAt(call, number)) return;
  const treatment = call.treatment!;
  treatment.entered = (treatment.entered + digits).slice(0, treatment.wanted);
  if (treatment.entered.length === treatment.wanted) endTreatment(context, call);
}

export function asksForDigits({ treatment }: Call): boolean {
  return treatment !== null && !treatment.ended && treatment.wanted > 0;
}

/** It was heard to its end, all digits are there, or their time is over. */
export function endTreatment(context: SwitchContext, call: Call): void {
  if (!call.treatment || call.treatment.ended || !routingPointOf(call)) return;
  context.cancelTimer(`treatment ${call.id}`);
  call.treatment.ended = true;
  tellEnd(context, call);
}

/** The call goes on before its treatment has ended. */
export function cutOff(context: SwitchContext, call: Call): void {
  context.cancelTimer(`treatment ${call.id}`);
  if (call.treatment && !call.treatment.ended) reportEnd(context, call);
  call.treatment = null;
}

/** Without a word of the router the switch goes its own way. */
function tellEnd(context: SwitchContext, call: Call): void {
  reportEnd(context, call);
  context.setTimer(`route ${call.id}`, ROUTE_TIMEOUT_US);
}

function reportEnd(context: SwitchContext, call: Call): void {
  const { type, number, entered } = call.treatment!;
  const dn = routingPointOf(call)!;
  report(context, 'treatmentEnd', call, dn, {
    role: DN_ROLE.destination,
    queue: dn,
    treatment: type,
    treatmentNumber: number,
    ...(entered !== '' && { digits: entered }),
  });
}
