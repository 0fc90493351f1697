import { keepEntry } from '../../kernel/kept-map.ts';
import type { PlainData } from '../../kernel/plain-data.ts';
import {
  type DesktopNotice,
  ITX_EVENT,
  type ItxEventName,
  SNAPSHOT_END,
} from './interaction-messages.ts';
import type { Interaction, InteractionContext } from './interaction-server-state.ts';

/** What ICON and desktops hear; and the file in which interactions outlive the server. */

export const INTERACTIONS_FILE = 'interactions.db';

type Attributes = Readonly<Record<string, PlainData>>;

function stamp(context: InteractionContext, type: ItxEventName, body: Attributes) {
  const TimeinSecs = Math.floor(context.utcSeconds);
  const Server = context.state.config.name;
  return { type, MessageID: ITX_EVENT[type], TimeinSecs, Server, ...body };
}

/** About an interaction; what has changed of it is kept. */
export function tell(
  context: InteractionContext,
  type: ItxEventName,
  interaction: Interaction,
  more: Attributes = {},
): void {
  const { id, media } = interaction;
  const event = stamp(context, type, { InteractionID: id, MediaType: media, ...more });
  for (const session of context.state.clients) context.send(session, event);
  const { interactions, file } = context.state;
  keepEntry(context, INTERACTIONS_FILE, file, interactions, id);
}

export function tellAgent(
  context: InteractionContext,
  type: ItxEventName,
  place: string,
  more: Attributes = {},
): void {
  const event = stamp(context, type, { Place: place, ...more });
  for (const session of context.state.clients) context.send(session, event);
}

export function tellDesktops(context: InteractionContext, notice: DesktopNotice): void {
  for (const session of context.state.desktops) context.send(session, notice);
}

/** Who connects learns who is there, and of every interaction where it is. */
export function tellAll(context: InteractionContext, session: number): void {
  const { agents, interactions } = context.state;
  const Snapshot = true;
  const say = (type: ItxEventName, body: Attributes) =>
    context.send(session, stamp(context, type, { ...body, Snapshot }));
  for (const [place, { agentId, media }] of agents) {
    say('event_agent_login', { Place: place, AgentID: agentId, Media: [...media.keys()] });
    for (const [medium, isReady] of media) {
      const type = isReady ? 'event_ready_for_media' : 'event_not_ready_for_media';
      say(type, { Place: place, AgentID: agentId, MediaType: medium });
    }
  }
  for (const interaction of interactions.values()) tellPresence(say, interaction);
  const TimeinSecs = Math.floor(context.utcSeconds);
  context.send(session, { type: SNAPSHOT_END, TimeinSecs, Server: context.state.config.name });
}

function tellPresence(
  say: (type: ItxEventName, body: Attributes) => void,
  { id, media, createdSeconds, properties, abode, agents }: Interaction,
): void {
  const named = { InteractionID: id, MediaType: media };
  const first = { CreatedSeconds: createdSeconds, UserData: properties };
  say('event_interaction_submitted', { ...named, ...first });
  if (abode?.kind === 'queue') say('event_placed_in_queue', { ...named, Queue: abode.name });
  if (abode?.kind === 'workbin') say('event_placed_in_workbin', { ...named, Workbin: abode.name });
  if (abode?.kind === 'strategy') say('event_taken_from_queue', { ...named, Strategy: abode.name });
  for (const [place, doing] of agents) {
    const type = doing === 'invited' ? 'event_agent_invited' : 'event_party_added';
    say(type, { ...named, Place: place });
  }
}
