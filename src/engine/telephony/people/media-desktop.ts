import type { Message } from '../../kernel/events.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import {
  type DesktopNotice,
  INTERACTION_PORT,
  MEDIA_NAMES,
  MEDIA_TYPE,
  type MediaAction,
  type MediaName,
} from '../interaction-server/interaction-messages.ts';
import { isByHand, type PeopleContext } from './people-state.ts';
import { later } from './speech.ts';

/** Customers who write, and agents who deal with e-mails, chats and work items. */

/** Name of the session with the Interaction Server. */
export const INTERACTIONS = 'interactions';

const SUBJECTS = ['Invoice', 'Change of address', 'Order', 'Complaint'] as const;
const ALL_MEDIA = MEDIA_NAMES.join(',');

export function connectInteractions(context: PeopleContext): void {
  const { config, sessions } = context.state;
  if (!config.media) return;
  const { host } = config.media;
  const session = context.connect({ host, port: INTERACTION_PORT, network: 'public' });
  sessions.set(INTERACTIONS, { host, session, open: false });
}

export function onInteractionsOpened(context: PeopleContext): void {
  tell(context, { type: 'request_register_client', client: 'desktop' });
  const { agents, sources } = context.state.config.media!;
  for (const { extension } of agents) {
    if (isByHand(context, extension)) continue;
    const wait = 1 + 30 * context.uniform('media login');
    later(context, 'media', extension, wait, { extension, action: 'login', subject: ALL_MEDIA });
  }
  for (const index of sources.keys()) nextSubmission(context, index);
}

function tell(context: PeopleContext, message: Message): void {
  const link = context.state.sessions.get(INTERACTIONS);
  if (link?.open) context.send(link.session, message);
}

function nextSubmission(context: PeopleContext, index: number): void {
  const { perHour } = context.state.config.media!.sources[index];
  if (perHour === 0) return;
  const wait = context.exponential('submission', 3600 / perHour) * SECOND_US;
  context.setTimer(`submission ${index}`, wait, { index });
}

/** Somebody has written. */
export function onSubmission(context: PeopleContext, index: number): void {
  const { media, queue } = context.state.config.media!.sources[index];
  const customer = String(100 + Math.floor(context.uniform('writer') * 900));
  const about = Math.floor(context.uniform('subject') * SUBJECTS.length);
  submit(context, media, queue, {
    FromName: `Customer ${customer}`,
    FromAddress: `customer${customer}@example.com`,
    Subject: SUBJECTS[about],
  });
  nextSubmission(context, index);
}

export function submit(
  context: PeopleContext,
  media: MediaName,
  queue: string,
  given: Readonly<Record<string, string>>,
): void {
  const properties = new Map<string, string | number>([
    ['ReceivedDate', Math.floor(context.utcSeconds)],
    ['InteractionSubtype', 'InboundNew'],
    ...Object.entries(given),
  ]);
  tell(context, { type: 'submit', media: MEDIA_TYPE[media], queue, properties });
}

/** What agents do by themselves; whoever is used by hand does nothing of it. */
export function actByItself(context: PeopleContext, act: MediaAct): void {
  if (!isByHand(context, act.extension)) actAtDesktop(context, act);
}

/** An agent who was used by hand goes on with media, logged in already or not. */
export function takeUpMedia(context: PeopleContext, extension: string): void {
  const isAble = context.state.config.media?.agents.some((one) => one.extension === extension);
  if (!isAble) return;
  later(context, 'media', extension, 1, { extension, action: 'login', subject: ALL_MEDIA });
  for (const action of ['accept', 'done']) {
    later(context, 'media', `${extension} ${action}`, 10, { extension, action });
  }
}

export type MediaAct = {
  readonly extension: string;
  readonly action: MediaAction;
  readonly subject?: string;
  readonly interaction?: string;
};

export function actAtDesktop(context: PeopleContext, act: MediaAct): void {
  const { extension, action, subject = '', interaction = '' } = act;
  const agent = context.state.config.media?.agents.find((one) => one.extension === extension);
  if (!agent) return;
  const { place, agentId } = agent;
  const about = subjectOf(context, action, subject);
  tell(context, { type: 'media', place, agentId, action, subject: about, interaction });
  if (action !== 'login' || isByHand(context, extension)) return;
  for (const [at, medium] of MEDIA_NAMES.entries()) {
    const data = { extension, action: 'ready', subject: medium };
    later(context, 'media', `${extension} ${medium}`, 2 + at, data);
  }
}

/** Colleagues are named by their extensions, and known by their places. */
function subjectOf({ state }: PeopleContext, action: MediaAction, subject: string): string {
  if (action === 'login' && subject === '') return ALL_MEDIA;
  if (action !== 'transfer to' && action !== 'invite') return subject;
  return state.config.media?.agents.find((one) => one.extension === subject)?.place ?? subject;
}

/** An interaction is offered: agents accept after a while, and deal with it. */
export function onNotice(
  context: PeopleContext,
  { type, place, interaction, media }: DesktopNotice,
): void {
  const { agents, meanHandleSeconds } = context.state.config.media!;
  const agent = agents.find((one) => one.place === place);
  if (!agent || isByHand(context, agent.extension)) return;
  const { extension } = agent;
  const key = `${extension} ${interaction}`;
  if (type === 'revoked') {
    context.cancelTimer(`media ${key}`);
    const subject = MEDIA_NAMES.find((name) => MEDIA_TYPE[name] === media)!;
    const data = { extension, action: 'ready', subject };
    return later(context, 'media', `${extension} ${subject}`, 30, data);
  }
  const wait = 1 + context.exponential('accept', 4);
  later(context, 'media', key, Math.min(wait, 25), { extension, action: 'accept', interaction });
  const handle = wait + 5 + context.exponential('handle', meanHandleSeconds);
  later(context, 'media', `${key} done`, handle, { extension, action: 'done', interaction });
}
