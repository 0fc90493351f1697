import { MEDIA_TYPE, type MediaName, type MediaRequest } from './interaction-messages.ts';
import {
  handlersOf,
  type Interaction,
  type InteractionContext,
  type InteractionServerState,
} from './interaction-server-state.ts';
import {
  leaveAbode,
  placeInQueue,
  placeInWorkbin,
  stopProcessing,
  takeFromWorkbin,
} from './interactions.ts';
import { tell, tellAgent } from './reports.ts';
import { invite, serveAll, setReady } from './routing.ts';

/** What agents do at their desktops with media and interactions. */

export function onMediaRequest(context: InteractionContext, request: MediaRequest): void {
  if (whyNotMedia(context.state, request) !== undefined) return;
  const { place, action, subject, agentId } = request;
  const interaction = interactionFor(context.state, request)!;
  switch (action) {
    case 'login':
      return logIn(context, place, agentId, subject);
    case 'logout':
      return logOut(context, place);
    case 'ready':
      return setReady(context, place, MEDIA_TYPE[subject as MediaName], true);
    case 'not ready': {
      const [media, reason = ''] = subject.split(' ');
      return setReady(context, place, MEDIA_TYPE[media as MediaName], false, reason);
    }
    case 'accept':
      return accept(context, interaction, place);
    case 'reject':
      return reject(context, interaction, place);
    case 'done':
      stopProcessing(context, interaction, subject || 'Normal', place);
      return serveAll(context);
    case 'place in queue':
      placeInQueue(context, interaction, subject, place);
      return serveAll(context);
    case 'place in workbin':
      placeInWorkbin(context, interaction, subject, place);
      return serveAll(context);
    case 'take from workbin':
      return takeFromWorkbin(context, interaction, subject, place);
    case 'transfer to':
      interaction.agents.delete(place);
      tell(context, 'event_party_removed', interaction, { Place: place });
      return invite(context, interaction, subject, place);
    case 'invite':
      return invite(context, interaction, subject, place);
    case 'leave':
      interaction.agents.delete(place);
      tell(context, 'event_party_removed', interaction, { Place: place });
      return serveAll(context);
    case 'property':
      return changeProperty(context, interaction, place, subject);
  }
}

function logIn(context: InteractionContext, place: string, agentId: string, media: string): void {
  const { agents } = context.state;
  const wanted = media.split(',').map((name) => MEDIA_TYPE[name as MediaName]);
  agents.set(place, {
    agentId,
    media: new Map(wanted.map((one) => [one, false])),
    lastGivenUs: context.nowUs,
  });
  tellAgent(context, 'event_agent_login', place, { AgentID: agentId, Media: wanted });
}

/** What the agent still has goes back to its queue. */
function logOut(context: InteractionContext, place: string): void {
  const { state } = context;
  const { agentId } = state.agents.get(place)!;
  state.agents.delete(place);
  for (const interaction of handlersOf(state, place)) {
    interaction.agents.delete(place);
    context.cancelTimer(`invited ${interaction.id} ${place}`);
    tell(context, 'event_party_removed', interaction, { Place: place });
    if (interaction.agents.size > 0) continue;
    placeInQueue(context, interaction, interaction.queue, '');
  }
  tellAgent(context, 'event_agent_logout', place, { AgentID: agentId });
}

function accept(context: InteractionContext, interaction: Interaction, place: string): void {
  context.cancelTimer(`invited ${interaction.id} ${place}`);
  leaveAbode(context, interaction);
  interaction.agents.set(place, 'handling');
  const { agentId } = context.state.agents.get(place)!;
  tell(context, 'event_accepted', interaction, { Place: place, AgentID: agentId });
}

function reject(context: InteractionContext, interaction: Interaction, place: string): void {
  context.cancelTimer(`invited ${interaction.id} ${place}`);
  interaction.agents.delete(place);
  tell(context, 'event_rejected', interaction, { Place: place });
  setReady(context, place, interaction.media, false, 'Rejected');
  if (interaction.agents.size > 0) return;
  placeInQueue(context, interaction, interaction.queue, '');
}

function changeProperty(
  context: InteractionContext,
  interaction: Interaction,
  place: string,
  pair: string,
): void {
  const at = pair.indexOf('=');
  const properties = new Map(interaction.properties);
  properties.set(pair.slice(0, at), pair.slice(at + 1));
  interaction.properties = properties;
  const more = { Place: place, UserData: properties };
  tell(context, 'event_properties_changed', interaction, more);
}

/** The interaction that a request is about: what fits the action, the newest first. */
export function interactionFor(
  state: InteractionServerState,
  { place, action, subject, interaction: ending }: MediaRequest,
): Interaction | undefined {
  const doing = action === 'accept' || action === 'reject' ? 'invited' : 'handling';
  const fits = (one: Interaction) =>
    action === 'take from workbin'
      ? one.abode?.kind === 'workbin' && one.abode.name === subject
      : one.agents.get(place) === doing;
  return [...state.interactions.values()]
    .filter((one) => one.id.endsWith(ending) && fits(one))
    .at(-1);
}

function whatIsMissing({ action, subject }: MediaRequest): string {
  if (action === 'accept' || action === 'reject') return 'is offered no interaction';
  return action === 'take from workbin' ? `finds nothing in ${subject}` : 'has no interaction';
}

const NEEDS_NOTHING: readonly MediaRequest['action'][] = ['login', 'logout', 'ready', 'not ready'];

/** What is missing for a request, as the end of a sentence about the place; or nothing. */
export function whyNotMedia(
  state: InteractionServerState,
  request: MediaRequest,
): string | undefined {
  const { place, action, subject } = request;
  const agent = state.agents.get(place);
  if (action === 'login') return agent ? 'has an agent logged in' : undefined;
  if (!agent) return 'has nobody logged in';
  if (action === 'ready' || action === 'not ready') {
    const media = MEDIA_TYPE[subject.split(' ')[0] as MediaName];
    return agent.media.has(media) ? undefined : 'is not logged in to that medium';
  }
  if (NEEDS_NOTHING.includes(action)) return undefined;
  const interaction = interactionFor(state, request);
  if (!interaction) return whatIsMissing(request);
  if (action === 'place in queue' && !state.queues.has(subject)) return 'knows no such queue';
  if (action === 'place in workbin' && !state.config.workbins.includes(subject)) {
    return 'knows no such workbin';
  }
  const handling = [...interaction.agents.values()].filter((doing) => doing === 'handling');
  if (action === 'leave' && handling.length < 2) return 'is alone with the interaction';
  if (action !== 'transfer to' && action !== 'invite') return undefined;
  if (!state.agents.get(subject)?.media.has(interaction.media)) {
    return 'asks for an agent who is not logged in to that medium';
  }
  return interaction.agents.has(subject) ? 'asks for an agent who has it already' : undefined;
}
