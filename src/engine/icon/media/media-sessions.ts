import { textField } from '../../configuration/object-types.ts';
import { AGENT_CAUSE, AGENT_RECORD, AGENT_ROW_STATE } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import { enterState, onAgentState } from '../agents/agent-states.ts';
import { addMediaEndpoint, endSession, openSession } from '../agents/login-sessions.ts';
import { keepSession } from '../agents/session-file.ts';
import type { IconContext } from '../icon-state.ts';
import { numberOf, secondsOf, textOf } from '../interactions/call-state.ts';

/** Agents at the Interaction Server: a session has no DN and no login code, but a place. */

/** True if the event was about an agent. */
export function onMediaAgentEvent(context: IconContext, event: Message): boolean {
  const { media, sessions } = context.state;
  const place = textOf(event, 'Place');
  const seconds = secondsOf(event);
  switch (event.type) {
    case 'event_agent_login':
      if (event['Snapshot'] === true) media.named.add(place);
      logIn(context, place, event);
      break;
    case 'event_agent_logout': {
      const session = sessions.get(place);
      media.readiness.delete(place);
      if (session) endSession(context, session, seconds, AGENT_CAUSE.agent);
      break;
    }
    case 'event_ready_for_media':
    case 'event_not_ready_for_media':
      onReadiness(context, place, event);
      break;
    default:
      return false;
  }
  keepSession(context, place);
  return true;
}

function logIn(context: IconContext, place: string, event: Message): void {
  const { state } = context;
  const agentId = textOf(event, 'AgentID');
  const wanted = event['Media'] as readonly number[];
  const seconds = secondsOf(event);
  // A snapshot tells the readiness of each medium next.
  const first = event['Snapshot'] === true ? [] : wanted;
  state.media.readiness.set(place, new Map(first.map((medium) => [medium, false])));
  const known = state.sessions.get(place);
  if (known?.login === agentId) return;
  if (known) endSession(context, known, seconds, AGENT_CAUSE.recovered);
  const session = openSession(context, {
    tServer: state.config.interactionServer!.name,
    switchDbid: 0,
    dn: place,
    login: agentId,
    loginDbid: 0,
    personDbid: dbidOf(context, 'person', 'employeeId', agentId),
    placeDbid: dbidOf(context, 'place', 'name', place),
    endpointDbid: 0,
    endpointType: 0,
    createdSeconds: seconds,
  });
  for (const medium of wanted) addMediaEndpoint(context, session, medium, seconds);
  const row = { type: AGENT_RECORD.state, cause: AGENT_CAUSE.agent };
  enterState(context, session, AGENT_ROW_STATE.login, 0, seconds, row);
}

export function dbidOf(
  { state }: IconContext,
  type: 'person' | 'place',
  field: string,
  value: string,
): number {
  for (const object of state.objects.values()) {
    if (object.type === type && textField(object, field) === value) return object.dbid;
  }
  return 0;
}

/** Ready for one medium is ready; only without any the agent is not ready (emulator choice). */
function onReadiness(context: IconContext, place: string, event: Message): void {
  const { media, sessions } = context.state;
  const session = sessions.get(place);
  const readiness = media.readiness.get(place);
  if (!session || !readiness) return;
  readiness.set(numberOf(event, 'MediaType'), event.type === 'event_ready_for_media');
  if (readiness.size < session.endpoints.size) return;
  const isReady = [...readiness.values()].includes(true);
  const next = isReady ? AGENT_ROW_STATE.ready : AGENT_ROW_STATE.notReady;
  const now = session.calls.length > 0 ? session.pendingState : session.state;
  if (now === next) return;
  const reason = textOf(event, 'Reason');
  const type = isReady ? 'EventAgentReady' : 'EventAgentNotReady';
  const Reasons = reason === '' ? undefined : new Map([['Reason', reason]]);
  onAgentState(context, session, { type, ...(Reasons && { Reasons }) }, secondsOf(event));
}

/** Sessions that the Interaction Server does not know any more ended while nobody looked. */
export function endUnnamedSessions(context: IconContext, seconds: number): void {
  const { config, media, sessions } = context.state;
  for (const session of [...sessions.values()]) {
    const isOwn = session.tServer === config.interactionServer?.name;
    if (!isOwn || media.named.has(session.dn)) continue;
    endSession(context, session, seconds, AGENT_CAUSE.recovered);
    keepSession(context, session.dn);
  }
}
