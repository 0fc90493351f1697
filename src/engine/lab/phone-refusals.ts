import type { PeopleState } from '../telephony/people/people-state.ts';
import { whyNot } from '../telephony/switch/phone-checks.ts';
import type { SwitchState } from '../telephony/switch/switch-state.ts';
import { asksForDigits } from '../telephony/switch/treatments.ts';
import type { LabCommand, LabError } from './commands.ts';
import type { Lab } from './lab.ts';
import { switchProcess } from './nodes.ts';

/** Why somebody cannot use a telephone, or act on a call, just now. */

export function callRefusal(lab: Lab, dialedNumber: string, ani: string): LabError | undefined {
  const numbers = lab.definition.sites.flatMap((site) => [
    ...site.routingPoints.map(({ dn }) => dn),
    ...site.queues.map(({ dn }) => dn),
  ]);
  const extensions = lab.definition.agents.map(({ extension }) => extension);
  const own = lab.definition.sites.flatMap(({ translationNumbers }) => translationNumbers);
  if ([...numbers, ...extensions, ...own].includes(ani)) {
    const message = `${ani} is a number of this lab: somebody outside has another one.`;
    return refuse('caller-is-inside', message, 'Use a number such as 5550100.');
  }
  if (![...numbers, ...extensions].includes(dialedNumber)) {
    return refuse(
      'unknown-dialed-number',
      `This lab has no dialed number "${dialedNumber}".`,
      `Use one of: ${numbers.join(', ')}, or an extension.`,
    );
  }
  return undefined;
}

type PhoneCommand = Extract<LabCommand, { verb: 'use-phone' | 'attach-data' }>;

const NEEDS_NUMBER = [
  'dial',
  'consult',
  'transfer to',
  'conference with',
  'redirect',
  'observe',
] as const;

export function phoneRefusal(lab: Lab, command: PhoneCommand): LabError | undefined {
  const { agents, sites } = lab.definition;
  const { extension } = command;
  const agent = agents.find((one) => one.extension === extension);
  if (!agent) {
    const some = agents.slice(0, 6).map((one) => one.extension);
    const remedy = `Use one of: ${some.join(', ')}${agents.length > 6 ? ', ...' : ''}.`;
    return refuse('unknown-extension', `This lab has no extension "${extension}".`, remedy);
  }
  const home = switchProcess(sites.find(({ name }) => name === agent.site)!);
  const state = lab.stateOf<SwitchState>(home);
  if (!state || !lab.stateOf<PeopleState>('people')) {
    const missing = state ? 'people' : home;
    const remedy = `Start ${missing} first.`;
    return refuse('process-not-running', `The process ${missing} is not running.`, remedy);
  }
  if (command.verb === 'attach-data') return dataRefusal(state, command);
  const { action } = command;
  if (action === 'by itself') return undefined;
  const what = NEEDS_NUMBER.find((one) => one === action);
  if (what && command.number === undefined) {
    return refuse('missing-number', `"${what}" needs a number.`, `Write it like: ${what} 2002`);
  }
  if (action === 'login' && command.agentId === undefined) {
    return refuse(
      'missing-login',
      'An agent logs in with a code.',
      `Such as: login ${agent.login}`,
    );
  }
  if (action === 'queue logout' && command.queue === undefined) {
    const remedy = 'Name the queue that the agent leaves.';
    return refuse('missing-queue', 'A queue is needed.', remedy);
  }
  const reason = whyNot(state, extension, action);
  if (reason === undefined) return undefined;
  const remedy = 'Look at its calls; what was done takes effect a moment of lab time later.';
  return refuse('phone-not-ready', `Extension ${extension} ${reason}.`, remedy);
}

/** Data needs a call; an event of the desktop's own does not. */
function dataRefusal(
  state: SwitchState,
  { extension, how }: Extract<LabCommand, { verb: 'attach-data' }>,
): LabError | undefined {
  if (how === 'event' || (state.extensions.get(extension)?.calls.length ?? 0) > 0) return undefined;
  const message = `Extension ${extension} is on no call that data could be attached to.`;
  return refuse('phone-not-ready', message, 'Attach it while there is a call, or send an event.');
}

type OutsideCommand = Extract<LabCommand, { verb: 'act-outside' }>;

export function outsideRefusal(lab: Lab, command: OutsideCommand): LabError | undefined {
  const { number, action, digits } = command;
  const outside = lab.stateOf<PeopleState>('people')?.outside;
  const known = outside?.get(number);
  if (!known) {
    const some = [...(outside?.keys() ?? [])].slice(0, 6).join(', ');
    return refuse(
      'unknown-number',
      `Nobody outside is on a call with the number ${number}.`,
      some === '' ? 'Nobody outside is on a call now.' : `On calls are: ${some}.`,
    );
  }
  if (action !== 'press') return undefined;
  if (digits === undefined) {
    return refuse('missing-digits', '"press" needs digits.', 'Write it like: press 12');
  }
  const call = lab.stateOf<SwitchState>(known.at)?.calls.get(known.call);
  if (call && asksForDigits(call)) return undefined;
  const remedy = 'The step "collect" of a script asks, for as long as it says.';
  return refuse('nobody-asks', `Nobody asks ${number} for digits just now.`, remedy);
}

function refuse(code: string, message: string, remedy: string): LabError {
  return { code, message, remedy, effect: 'none' };
}
