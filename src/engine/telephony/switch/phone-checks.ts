import type { PhoneActionName } from '../messages.ts';
import {
  type Call,
  type Extension,
  type PartyDoing,
  partyAt,
  type SwitchState,
} from './switch-state.ts';

/** Whether an action at a telephone makes sense now: one answer for its user and the switch. */

type Situation = {
  readonly extension: Extension;
  /** What the extension does on each of its calls, newest last. */
  readonly doing: readonly PartyDoing[];
  readonly calls: readonly Call[];
};

type Rule = (situation: Situation) => string | undefined;

const talks: Rule = ({ doing }) => (doing.includes('connected') ? undefined : 'is on no call');
const rings: Rule = ({ doing }) => (doing.includes('alerting') ? undefined : 'does not ring');
const isFree: Rule = ({ doing }) => (doing.length === 0 ? undefined : 'is on a call');
const isLoggedIn: Rule = ({ extension }) =>
  extension.state === 'logged out' ? 'has nobody logged in' : undefined;
const always: Rule = () => undefined;

/** A consultation, and the call on hold that it was begun from; both must be here. */
const asks: Rule = ({ doing, calls }) => {
  const asked = calls.find((call, at) => call.primary > 0 && doing[at] !== 'held');
  const held = calls.findIndex((call) => call.id === asked?.primary);
  const isWhole = asked && asked.parties.length > 1 && doing[held] === 'held';
  return isWhole ? undefined : 'consults nobody while a call is on hold';
};

const asksAndTalks: Rule = (situation) =>
  asks(situation) ??
  (situation.doing.includes('connected') ? undefined : 'has not been answered yet');

const RULES: Readonly<Record<PhoneActionName, Rule>> = {
  login: ({ extension }) =>
    extension.state === 'logged out' || extension.queues.size > 0 || extension.state === 'not ready'
      ? undefined
      : 'has an agent who is ready',
  logout: (situation) => isLoggedIn(situation) ?? isFree(situation),
  'queue logout': isLoggedIn,
  ready: isLoggedIn,
  'not ready': isLoggedIn,
  'dnd on': always,
  'dnd off': always,
  dial: isFree,
  consult: (situation) =>
    talks(situation) ?? (situation.doing.length > 1 ? 'has two calls already' : undefined),
  'transfer to': talks,
  'conference with': talks,
  redirect: rings,
  answer: (situation) =>
    rings(situation) ?? (situation.doing.includes('connected') ? 'talks already' : undefined),
  'hang up': ({ doing }) =>
    doing.some((one) => one !== 'alerting') ? undefined : 'is on no call that it could end',
  hold: talks,
  retrieve: ({ doing }) => {
    if (!doing.includes('held')) return 'has no call on hold';
    return doing.some((one) => one === 'connected' || one === 'dialing')
      ? 'talks on another call'
      : undefined;
  },
  'complete transfer': asks,
  'complete conference': asksAndTalks,
  observe: isFree,
  'out of service': always,
  'back in service': always,
};

/** What is missing for the action, as the end of a sentence about the extension; or nothing. */
export function whyNot(
  state: SwitchState,
  dn: string,
  action: PhoneActionName,
): string | undefined {
  const extension = state.extensions.get(dn);
  if (!extension) return 'is no extension of this switch';
  const calls = extension.calls.flatMap((id) => state.calls.get(id) ?? []);
  const doing = calls.flatMap((call) => partyAt(call, dn)?.doing ?? []);
  return RULES[action]({ extension, doing, calls });
}
