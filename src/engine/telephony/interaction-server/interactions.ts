import { readKept, writeKept } from '../../kernel/kept-map.ts';
import { formatUuid } from '../identifiers.ts';
import type { SubmitRequest } from './interaction-messages.ts';
import type { Interaction, InteractionContext } from './interaction-server-state.ts';
import { INTERACTIONS_FILE, tell, tellDesktops } from './reports.ts';
import { serveQueue } from './routing.ts';

/** The way of an interaction: into queues and workbins, to agents, and to its end. */

export function submit(context: InteractionContext, request: SubmitRequest): void {
  const { state } = context;
  const { media, queue, properties } = request;
  if (!state.queues.has(queue)) return;
  const interaction: Interaction = {
    id: formatUuid(state.idPrefix, state.nextId++),
    media,
    createdSeconds: Math.floor(context.utcSeconds),
    properties,
    abode: null,
    queue,
    agents: new Map(),
  };
  state.interactions.set(interaction.id, interaction);
  tell(context, 'event_interaction_submitted', interaction, { UserData: properties });
  placeInQueue(context, interaction, queue, '');
}

/** `by`: the place that puts it there; empty for nobody. */
export function placeInQueue(
  context: InteractionContext,
  interaction: Interaction,
  queue: string,
  by: string,
): void {
  leaveAbode(context, interaction);
  dropAgents(context, interaction);
  interaction.abode = { kind: 'queue', name: queue };
  interaction.queue = queue;
  context.state.queues.get(queue)!.push(interaction.id);
  tell(context, 'event_placed_in_queue', interaction, { Queue: queue, ...(by && { Place: by }) });
  serveQueue(context, queue);
}

export function placeInWorkbin(
  context: InteractionContext,
  interaction: Interaction,
  workbin: string,
  by: string,
): void {
  leaveAbode(context, interaction);
  dropAgents(context, interaction);
  interaction.abode = { kind: 'workbin', name: workbin };
  tell(context, 'event_placed_in_workbin', interaction, { Workbin: workbin, Place: by });
}

/** Nobody has it any more; who was only invited hears of it. */
function dropAgents(context: InteractionContext, interaction: Interaction): void {
  for (const [place, doing] of interaction.agents) {
    if (doing === 'invited') revoke(context, interaction, place);
  }
  interaction.agents.clear();
}

export function leaveAbode({ state }: InteractionContext, interaction: Interaction): void {
  if (interaction.abode?.kind === 'queue') {
    const waiting = state.queues.get(interaction.abode.name)!;
    waiting.splice(waiting.indexOf(interaction.id), 1);
  }
  interaction.abode = null;
}

export function takeFromWorkbin(
  context: InteractionContext,
  interaction: Interaction,
  workbin: string,
  place: string,
): void {
  leaveAbode(context, interaction);
  interaction.agents.set(place, 'handling');
  tell(context, 'event_taken_from_workbin', interaction, { Workbin: workbin, Place: place });
}

/** The end: nobody deals with it any more. */
export function stopProcessing(
  context: InteractionContext,
  interaction: Interaction,
  reason: string,
  by: string,
): void {
  leaveAbode(context, interaction);
  dropAgents(context, interaction);
  context.state.interactions.delete(interaction.id);
  const more = { Reason: reason, ...(by && { Place: by }) };
  tell(context, 'event_processing_stopped', interaction, more);
}

/** Takes an invitation back. */
export function revoke(context: InteractionContext, interaction: Interaction, place: string): void {
  interaction.agents.delete(place);
  context.cancelTimer(`invited ${interaction.id} ${place}`);
  tell(context, 'event_revoked', interaction, { Place: place });
  const { id, media } = interaction;
  tellDesktops(context, { type: 'revoked', place, interaction: id, media });
}

/** What an earlier run had; what agents had goes back to its queue. */
export function readInteractions(context: InteractionContext): void {
  const { state } = context;
  const kept = readKept<Interaction>(context, INTERACTIONS_FILE);
  if (!kept) return;
  for (const [id, interaction] of kept) state.interactions.set(id, interaction);
  writeKept(context, INTERACTIONS_FILE, state.file, state.interactions);
  for (const interaction of state.interactions.values()) {
    const { abode, queue, id } = interaction;
    if (abode?.kind === 'queue') state.queues.get(abode.name)?.push(id);
    else if (abode?.kind !== 'workbin') placeInQueue(context, interaction, queue, '');
  }
}
