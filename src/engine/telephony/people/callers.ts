import { SECOND_US } from '../../kernel/lab-time.ts';
import type { OutsideAction } from '../messages.ts';
import type { PeopleContext, PeopleState } from './people-state.ts';
import { later, say } from './speech.ts';

/** People outside: they call, wait as long as they have patience, and answer when called. */

/** Emulator choice: what the last digits of a number outside say about who answers. */
const BUSY_ENDING = '00';
const NO_ANSWER_ENDING = '99';
const MACHINE_ENDING = '98';
const UNKNOWN_ENDING = '97';
const FAX_ENDING = '96';

/** Thinning: candidate moments at the day's highest rate, kept by the rate of the hour. */
export function nextArrivalUs(context: PeopleContext): number {
  const highest = Math.max(...context.state.config.callsPerHour);
  return context.exponential('arrival', 3600 / highest) * SECOND_US;
}

export function arrive(context: PeopleContext): void {
  const { config } = context.state;
  context.setTimer('arrival', nextArrivalUs(context));
  const localSeconds = context.utcSeconds + config.utcOffsetSeconds;
  const hour = Math.floor(localSeconds / 3600) % 24;
  const highest = Math.max(...config.callsPerHour);
  if (context.uniform('thinning') * highest >= config.callsPerHour[hour]) return;
  const total = config.dialedNumbers.reduce((sum, { share }) => sum + share, 0);
  let pick = context.uniform('dialed number') * total;
  const chosen =
    config.dialedNumbers.find(({ share }) => {
      pick -= share;
      return pick < 0;
    }) ?? config.dialedNumbers[0];
  placeCall(context, chosen.switch, chosen.dn, outsideNumber(context, 'ani'));
}

export function outsideNumber(context: PeopleContext, purpose: string): string {
  return `555${String(Math.floor(context.uniform(purpose) * 1e7)).padStart(7, '0')}`;
}

export function placeCall(
  context: PeopleContext,
  at: string,
  dialedNumber: string,
  ani: string,
): void {
  say(context, at, { type: 'call arrives', dialedNumber, ani });
}

export function onAccepted(context: PeopleContext, at: string, ani: string, call: number): void {
  const { state } = context;
  putOutside(state, ani, at, call);
  if (state.config.agentsBy === 'hand') return;
  const wait = 5 + context.exponential('patience', state.config.meanPatienceSeconds);
  later(context, 'patience', `${at}/${call}`, wait, { at, call, number: ani });
}

/** A caller is asked for digits: some press a key, others only listen. */
export function onDigitsWanted(
  context: PeopleContext,
  at: string,
  number: string,
  call: number,
): void {
  const { digits: choices, agentsBy } = context.state.config;
  if (agentsBy === 'hand' || choices.length === 0) return;
  let pick = context.uniform('digits');
  const chosen = choices.find(({ share }) => {
    pick -= share;
    return pick < 0;
  });
  if (!chosen) return;
  const wait = 1 + 2 * context.uniform('digits');
  later(context, 'digits', `${at}/${call}`, wait, { at, call, number, digits: chosen.digits });
}

/** A transfer or a conference has taken somebody outside from one call to another. */
export function onOutsideMoved(
  { state }: PeopleContext,
  at: string,
  { number, to: call }: { readonly number: string; readonly to: number },
): void {
  putOutside(state, number, at, call);
}

/** Somebody outside is called: most answer, after a while. */
export function onOutsideRings(
  context: PeopleContext,
  at: string,
  number: string,
  call: number,
): void {
  const { state } = context;
  putOutside(state, number, at, call);
  if (state.config.agentsBy === 'hand') return;
  if (number.endsWith(NO_ANSWER_ENDING)) return;
  if (number.endsWith(BUSY_ENDING)) {
    return say(context, at, { type: 'outside is busy', call, number });
  }
  if (number.endsWith(UNKNOWN_ENDING)) {
    return say(context, at, { type: 'outside is unknown', call, number });
  }
  const wait = 3 + context.exponential('outside answer', state.config.meanAnswerSeconds);
  later(context, 'outside', `${at}/${call}`, wait, { at, call, number });
}

/** The call is no longer here: nobody waits for it. */
export function forgetCall(context: PeopleContext, at: string, call: number): void {
  context.cancelTimer(`patience ${at}/${call}`);
  context.cancelTimer(`outside ${at}/${call}`);
  context.cancelTimer(`digits ${at}/${call}`);
  const { state } = context;
  for (const number of state.outsideByCall.get(`${at}/${call}`) ?? []) {
    forgetOutside(state, number);
  }
}

/** Somebody outside is on a call now, and on no other. */
function putOutside(state: PeopleState, number: string, at: string, call: number): void {
  forgetOutside(state, number);
  state.outside.set(number, { at, call });
  const key = `${at}/${call}`;
  const numbers = state.outsideByCall.get(key) ?? new Set();
  state.outsideByCall.set(key, numbers.add(number));
}

export function forgetOutside(state: PeopleState, number: string): void {
  const known = state.outside.get(number);
  if (!known) return;
  state.outside.delete(number);
  const key = `${known.at}/${known.call}`;
  const numbers = state.outsideByCall.get(key);
  numbers?.delete(number);
  if (numbers?.size === 0) state.outsideByCall.delete(key);
}

/** Somebody outside, or something, takes the call. */
export function answerOutside(
  context: PeopleContext,
  at: string,
  call: number,
  number: string,
  by: 'machine' | 'fax' | undefined,
): void {
  say(context, at, { type: 'outside answers', call, number, ...(by && { by }) });
}

export function answeredBy(number: string): 'machine' | 'fax' | undefined {
  if (number.endsWith(MACHINE_ENDING)) return 'machine';
  return number.endsWith(FAX_ENDING) ? 'fax' : undefined;
}

/** A command: what somebody outside does. */
export function actOutside(
  context: PeopleContext,
  number: string,
  action: OutsideAction,
  digits: string,
): void {
  const known = context.state.outside.get(number);
  if (!known) return;
  const { at, call } = known;
  if (action === 'press') say(context, at, { type: 'outside presses', call, number, digits });
  else if (action === 'hang up') say(context, at, { type: 'caller hangs up', call, number });
  else if (action === 'busy') say(context, at, { type: 'outside is busy', call, number });
  else if (action === 'unknown') say(context, at, { type: 'outside is unknown', call, number });
  else answerOutside(context, at, call, number, action === 'answer' ? undefined : action);
}
