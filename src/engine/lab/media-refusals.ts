import {
  MEDIA_NAMES,
  type MediaName,
} from '../telephony/interaction-server/interaction-messages.ts';
import type { InteractionServerState } from '../telephony/interaction-server/interaction-server-state.ts';
import { whyNotMedia } from '../telephony/interaction-server/media-agents.ts';
import { placeNameOf } from './build-objects.ts';
import type { LabCommand, LabError } from './commands.ts';
import type { Lab } from './lab.ts';

/** Why an interaction cannot come, or an agent not do something with one, just now. */

type MediaCommand = Extract<LabCommand, { verb: 'submit-interaction' | 'use-media' }>;

export function mediaRefusal(lab: Lab, command: MediaCommand): LabError | undefined {
  if (!lab.definition.multimedia) {
    const remedy = 'Open a lab with one, such as the shipped lab channels.';
    return refuse('no-interaction-server', 'This lab has no Interaction Server.', remedy);
  }
  const state = lab.stateOf<InteractionServerState>('ixn');
  if (!state || lab.stateOf('people') === undefined) {
    const missing = state ? 'people' : 'ixn';
    const message = `The process ${missing} is not running.`;
    return refuse('process-not-running', message, `Start ${missing} first.`);
  }
  if (command.verb === 'use-media') return useRefusal(lab, state, command);
  if (state.queues.has(command.queue)) return undefined;
  return unknownName('interaction queue', command.queue, [...state.queues.keys()]);
}

function unknownName(kind: string, name: string, names: readonly string[]): LabError {
  const remedy = `Use one of: ${names.join(', ')}.`;
  return refuse('unknown-name', `There is no ${kind} "${name}".`, remedy);
}

function useRefusal(
  lab: Lab,
  state: InteractionServerState,
  command: Extract<MediaCommand, { verb: 'use-media' }>,
): LabError | undefined {
  const { extension, action, subject = '', interaction = '' } = command;
  const { multimedia, agents } = lab.definition;
  const groups = multimedia!.strategies.map(({ group }) => group);
  const able = agents.filter((agent) => agent.groups.some((one) => groups.includes(one)));
  const placeOf = (number: string) => {
    const agent = able.find((one) => one.extension === number);
    return agent && placeNameOf(agent);
  };
  const place = placeOf(extension);
  if (place === undefined) {
    const some = able.map((one) => one.extension).join(', ');
    const message = `Nobody at extension ${extension} works with other media than voice.`;
    return refuse('no-media-agent', message, `Use one of: ${some}.`);
  }
  const missing = missingSubject(action, subject);
  if (missing !== undefined) return refuse('missing-subject', missing.message, missing.remedy);
  if (action === 'place in queue' && !state.queues.has(subject)) {
    return unknownName('interaction queue', subject, [...state.queues.keys()]);
  }
  const { workbins } = state.config;
  if (action.endsWith('workbin') && !workbins.includes(subject)) {
    return unknownName('workbin', subject, workbins);
  }
  const isColleague = action === 'transfer to' || action === 'invite';
  const about = isColleague ? (placeOf(subject) ?? subject) : subject;
  const request = { type: 'media', place, agentId: '', action, subject: about } as const;
  const reason = whyNotMedia(state, { ...request, interaction });
  if (reason === undefined) return undefined;
  const remedy = 'Look at its interactions; what was done takes effect a moment of lab time later.';
  return refuse('media-not-ready', `Extension ${extension} ${reason}.`, remedy);
}

const NEEDED: Readonly<Record<string, { readonly message: string; readonly remedy: string }>> = {
  ready: { message: 'A medium is needed.', remedy: 'Such as: ready email' },
  'not ready': { message: 'A medium is needed.', remedy: 'Such as: not ready chat Lunch' },
  'place in queue': { message: 'A queue is needed.', remedy: 'Name an interaction queue.' },
  'place in workbin': { message: 'A workbin is needed.', remedy: 'Name a workbin.' },
  'take from workbin': { message: 'A workbin is needed.', remedy: 'Name a workbin.' },
  'transfer to': { message: 'A colleague is needed.', remedy: 'Such as: transfer to 2004' },
  invite: { message: 'A colleague is needed.', remedy: 'Such as: invite 2004' },
  property: { message: 'KEY=VALUE is needed.', remedy: 'Such as: property Subject=Order' },
};

function missingSubject(action: string, subject: string) {
  const isMedium = (name: string) => (MEDIA_NAMES as readonly string[]).includes(name as MediaName);
  if (action === 'login' && subject !== '' && !subject.split(',').every(isMedium)) {
    const remedy = `Name them with commas and no blanks between: ${MEDIA_NAMES.join(',')}`;
    return { message: `"${subject}" names no media.`, remedy };
  }
  const isPair = action !== 'property' || /^[^=]+=/.test(subject);
  return Object.hasOwn(NEEDED, action) && (subject === '' || !isPair) ? NEEDED[action] : undefined;
}

function refuse(code: string, message: string, remedy: string): LabError {
  return { code, message, remedy, effect: 'none' };
}
