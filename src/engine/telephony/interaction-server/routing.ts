import { SECOND_US } from '../../kernel/lab-time.ts';
import { CAPACITY } from './interaction-messages.ts';
import {
  handlersOf,
  type Interaction,
  type InteractionContext,
  type StrategyConfig,
} from './interaction-server-state.ts';
import { leaveAbode, placeInQueue, revoke } from './interactions.ts';
import { tell, tellAgent, tellDesktops } from './reports.ts';

/**
 * Strategies take interactions from their queues, as soon as an agent can have one (emulator
 * choice), and offer them. An agent who does not answer gets nothing further until ready again.
 */

const INVITATION_US = 30 * SECOND_US;

export function serveQueue(context: InteractionContext, queue: string): void {
  const { config, queues, interactions } = context.state;
  const name = config.queues.find((one) => one.name === queue)?.strategy;
  const strategy = config.strategies.find((one) => one.name === name);
  if (!strategy) return;
  const full = new Set<number>();
  for (const id of [...queues.get(queue)!]) {
    const interaction = interactions.get(id)!;
    // Places only fill up meanwhile.
    if (full.has(interaction.media)) continue;
    const place = choosePlace(context, strategy, interaction.media);
    if (place === undefined) {
      full.add(interaction.media);
      continue;
    }
    leaveAbode(context, interaction);
    interaction.abode = { kind: 'strategy', name: strategy.name };
    const more = { Queue: queue, Strategy: strategy.name };
    tell(context, 'event_taken_from_queue', interaction, more);
    invite(context, interaction, place, strategy.name);
  }
}

/** Queues whose interactions an agent who has become free might get. */
export function serveAll(context: InteractionContext): void {
  for (const { name } of context.state.config.queues) serveQueue(context, name);
}

function choosePlace(
  { state }: InteractionContext,
  { places }: StrategyConfig,
  media: number,
): string | undefined {
  const free = places.filter((place) => {
    const agent = state.agents.get(place);
    if (agent?.media.get(media) !== true) return false;
    const held = handlersOf(state, place).filter((one) => one.media === media);
    return held.length < (CAPACITY[media] ?? 1);
  });
  free.sort((a, b) => state.agents.get(a)!.lastGivenUs - state.agents.get(b)!.lastGivenUs);
  return free[0];
}

/** `by`: the strategy, or the place of the agent who asks for it. */
export function invite(
  context: InteractionContext,
  interaction: Interaction,
  place: string,
  by: string,
): void {
  const { id, media } = interaction;
  interaction.agents.set(place, 'invited');
  const agent = context.state.agents.get(place)!;
  agent.lastGivenUs = context.nowUs;
  const more = { Place: place, AgentID: agent.agentId, By: by };
  tell(context, 'event_agent_invited', interaction, more);
  tellDesktops(context, { type: 'invited', place, interaction: id, media });
  context.setTimer(`invited ${id} ${place}`, INVITATION_US, { id, place });
}

/** Nobody has answered the invitation. */
export function onNoAnswer(
  context: InteractionContext,
  { id, place }: { readonly id: string; readonly place: string },
): void {
  const interaction = context.state.interactions.get(id);
  if (interaction?.agents.get(place) !== 'invited') return;
  revoke(context, interaction, place);
  setReady(context, place, interaction.media, false, 'NoAnswer');
  if (interaction.agents.size === 0) {
    placeInQueue(context, interaction, interaction.queue, '');
  }
}

export function setReady(
  context: InteractionContext,
  place: string,
  media: number,
  isReady: boolean,
  reason = '',
): void {
  const agent = context.state.agents.get(place);
  if (agent?.media.get(media) === undefined) return;
  agent.media.set(media, isReady);
  const type = isReady ? 'event_ready_for_media' : 'event_not_ready_for_media';
  const { agentId } = agent;
  tellAgent(context, type, place, {
    AgentID: agentId,
    MediaType: media,
    ...(reason && { Reason: reason }),
  });
  if (isReady) serveAll(context);
}
