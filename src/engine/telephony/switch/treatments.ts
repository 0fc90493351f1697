import { SECOND_US } from '../../kernel/lab-time.ts';
import type { CallTreatment } from '../messages.ts';
import { DN_ROLE, TREATMENT } from '../t-library.ts';
import { report, tellPeople } from './reports.ts';
import { type Call, ROUTE_TIMEOUT_US, routingPointOf, type SwitchContext } from './switch-state.ts';

/** What a caller hears at a routing point while the router makes up its mind. */

/** Music until something else is said, an announcement, or the question for digits. */
export function treat(context: SwitchContext, call: Call, treatment?: CallTreatment): void {
  const dn = routingPointOf(call);
  if (!dn) return;
  context.cancelTimer(`route ${call.id}`);
  // Said again by a gateway that has taken over: it goes on.
  if (treatment && call.treatment?.number === treatment.number) return;
  let type: number = TREATMENT.music;
  if (treatment) type = treatment.digits > 0 ? TREATMENT.collectDigits : TREATMENT.announcement;
  report(context, 'treatmentApplied', call, dn, {
    role: DN_ROLE.destination,
    queue: dn,
    treatment: type,
  });
  context.cancelTimer(`treatment ${call.id}`);
  call.treatment = null;
  if (!treatment) return;
  call.treatment = { number: treatment.number, type, wanted: treatment.digits, entered: '' };
  context.setTimer(`treatment ${call.id}`, treatment.seconds * SECOND_US);
  if (treatment.digits > 0) {
    tellPeople(context, { type: 'digits wanted', call: call.id, number: call.ani });
  }
}

/** Digits that nobody has asked for are not heard. */
export function press(context: SwitchContext, call: Call, number: string, digits: string): void {
  const { treatment } = call;
  if (!treatment || treatment.wanted === 0 || number !== call.ani) return;
  treatment.entered = (treatment.entered + digits).slice(0, treatment.wanted);
  if (treatment.entered.length === treatment.wanted) endTreatment(context, call);
}

/** It was heard to its end, all digits are there, or their time is over. */
export function endTreatment(context: SwitchContext, call: Call): void {
  const { treatment } = call;
  const dn = routingPointOf(call);
  if (!treatment || !dn) return;
  context.cancelTimer(`treatment ${call.id}`);
  call.treatment = null;
  report(context, 'treatmentEnd', call, dn, {
    role: DN_ROLE.destination,
    queue: dn,
    treatment: treatment.type,
    treatmentNumber: treatment.number,
    ...(treatment.entered !== '' && { digits: treatment.entered }),
  });
  // The router is asked again, so to speak: without a word the switch goes its own way.
  context.setTimer(`route ${call.id}`, ROUTE_TIMEOUT_US);
}
