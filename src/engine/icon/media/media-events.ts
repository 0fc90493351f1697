import { objectKey } from '../../configuration/object-types.ts';
import { PARENT_LINK, PARTY_TYPE } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import {
  MEDIA_TYPE,
  SNAPSHOT_END,
} from '../../telephony/interaction-server/interaction-messages.ts';
import { CALL_TYPE, PARTY_STATE } from '../../telephony/t-library.ts';
import { connectCall, disconnectCall } from '../agents/agent-states.ts';
import { keepSession } from '../agents/session-file.ts';
import type { IconContext } from '../icon-state.ts';
import {
  type IconCall,
  type IconParty,
  numberOf,
  secondsOf,
  textOf,
} from '../interactions/call-state.ts';
import { beginCall, createCall, iconUuid } from '../interactions/calls.ts';
import { reportFailure } from '../interactions/failures.ts';
import { addMediaParty, changeParty, endParty, partyOf } from '../interactions/parties.ts';
import { dropUnsynchronized, endSnapshot } from '../interactions/reconnection.ts';
import { finishCall } from '../interactions/t-events.ts';
import { changeUserData } from '../interactions/user-data.ts';
import { insertFirstData, insertLastData } from './media-data.ts';
import { findInteraction, noteDeparture, noteResident } from './media-memory.ts';
import { dbidOf, endUnnamedSessions, onMediaAgentEvent } from './media-sessions.ts';

/** Interactions of other media, as the Interaction Server tells them, in the model of calls. */

export function onMediaEvent(context: IconContext, event: Message): void {
  if (event.type === SNAPSHOT_END) return endMediaSnapshot(context, event);
  if (onMediaAgentEvent(context, event)) return;
  const { state } = context;
  const uuid = textOf(event, 'InteractionID');
  if (event.type === 'event_interaction_submitted') return onSubmitted(context, uuid, event);
  if (state.ignoredCalls.has(uuid)) {
    if (event.type === 'event_processing_stopped') state.ignoredCalls.delete(uuid);
    return;
  }
  const call = findInteraction(context, uuid);
  if (!call || call.ended) return reportFailure(context, 'call was not found', uuid);
  follow(context, call, event);
}

function onSubmitted(context: IconContext, uuid: string, event: Message): void {
  const { state } = context;
  const { options, config, media, startedSeconds } = state;
  const mediaType = numberOf(event, 'MediaType');
  const isThirdParty = mediaType !== MEDIA_TYPE.email && mediaType !== MEDIA_TYPE.chat;
  if (isThirdParty && !options.mcrOmProcessing) return void state.ignoredCalls.add(uuid);
  const isLate = event['Snapshot'] === true;
  if (isLate) {
    media.named.add(uuid);
    const known = findInteraction(context, uuid);
    if (known) return resume(context, known, event);
    // As with calls: what is older than this run is not followed.
    if (numberOf(event, 'CreatedSeconds') <= startedSeconds) {
      return void state.ignoredCalls.add(uuid);
    }
  }
  const named = { CallUUID: uuid, CallType: CALL_TYPE.inbound, TimeinSecs: event['TimeinSecs'] };
  const created = isLate ? { CreationTimeinSecs: event['CreatedSeconds'] } : {};
  const call = createCall(
    context,
    { type: event.type, ...named, ...created },
    { tServer: config.interactionServer!.name, switchDbid: 0, mediaType },
  );
  call.matched = true;
  call.partlySeen = isLate;
  beginCall(context, call);
  changeUserData(context, call, event);
  insertFirstData(context, call);
}

/** Named again after a reconnection: where it is now follows. */
function resume(context: IconContext, call: IconCall, event: Message): void {
  call.synchronized = true;
  for (const party of call.parties.values()) party.synchronized = false;
  changeUserData(context, call, event);
}

function follow(context: IconContext, call: IconCall, event: Message): void {
  const place = textOf(event, 'Place');
  switch (event.type) {
    case 'event_placed_in_queue':
      return enterAbode(context, call, textOf(event, 'Queue'), PARTY_TYPE.interactionQueue, event);
    case 'event_placed_in_workbin':
      return enterAbode(context, call, textOf(event, 'Workbin'), PARTY_TYPE.workbin, event);
    case 'event_taken_from_queue':
      return enterStrategy(context, call, event);
    case 'event_agent_invited':
      return addAgent(context, call, place, PARTY_STATE.alerting, textOf(event, 'By'), event);
    case 'event_accepted':
      return accept(context, call, place, event);
    case 'event_rejected':
    case 'event_revoked':
    case 'event_party_removed':
      return leave(context, call, place, event);
    case 'event_party_added':
      return addAgent(context, call, place, PARTY_STATE.connected, '', event);
    case 'event_taken_from_workbin': {
      const workbin = textOf(event, 'Workbin');
      addAgent(context, call, place, PARTY_STATE.connected, workbin, event);
      return leave(context, call, workbin, event);
    }
    case 'event_properties_changed':
      call.dataBy = place;
      return changeUserData(context, call, event);
    case 'event_processing_stopped':
      return stop(context, call, event);
  }
}

/** What the rows of a party say of the event that made them. */
function note(call: IconCall, dn: string, event: Message): void {
  call.dnEvents.set(dn, {
    type: event.type,
    ccEvent: numberOf(event, 'MessageID'),
    cause: 0,
    callState: 0,
    thirdPartyDn: '',
  });
}

/** Back from a connection that was lost, a party may be known already. */
function isKnown(context: IconContext, call: IconCall, dn: string, state: number, event: Message) {
  const party = partyOf(call, dn);
  if (!party || event['Snapshot'] !== true) return false;
  party.synchronized = true;
  changeParty(context, call, party, state, secondsOf(event));
  return true;
}

/** Into a queue or a workbin: whoever had it before has it no more. */
function enterAbode(
  context: IconContext,
  call: IconCall,
  name: string,
  type: number,
  event: Message,
): void {
  noteDeparture(context, name, call.uuid);
  if (!isKnown(context, call, name, PARTY_STATE.queued, event)) {
    const before = event['Snapshot'] === true ? [] : [...call.parties.values()];
    const from = partyOf(call, textOf(event, 'Place')) ?? before.at(-1);
    for (const party of before) leave(context, call, party.dn, event);
    addScriptParty(context, call, name, type, from, event);
  }
  noteResident(context, name, call.uuid);
}

function enterStrategy(context: IconContext, call: IconCall, event: Message): void {
  const strategy = textOf(event, 'Strategy');
  if (isKnown(context, call, strategy, PARTY_STATE.queued, event)) return;
  const queue = textOf(event, 'Queue');
  const from = partyOf(call, queue);
  leave(context, call, queue, event);
  addScriptParty(context, call, strategy, PARTY_TYPE.routingStrategy, from, event);
}

/** A queue, a workbin or a strategy is a Script object. */
function addScriptParty(
  context: IconContext,
  call: IconCall,
  name: string,
  type: number,
  from: IconParty | undefined,
  event: Message,
): void {
  const { directory, objects, options } = context.state;
  const dbid = directory.scripts.get(name) ?? 0;
  const report = objects.get(objectKey('script', dbid))?.annex?.['callconcentrator'];
  const isQuiet = type === PARTY_TYPE.routingStrategy && report?.['om-activity-report'] === 'false';
  note(call, name, event);
  addMediaParty(context, call, {
    guid: iconUuid(context.state),
    dn: name,
    type,
    endpointId: dbid,
    agentId: 0,
    placeId: 0,
    sessionId: '',
    partyState: PARTY_STATE.queued,
    isHidden: isQuiet && options.omCheckFilterFlag,
    parent: { partyId: from?.partyId ?? '', link: linkFrom(from) },
    seconds: secondsOf(event),
  });
}

function linkFrom(from: IconParty | undefined): number {
  return from ? PARENT_LINK.diverted : PARENT_LINK.none;
}

/** `by`: the strategy, workbin or place that it comes from. */
function addAgent(
  context: IconContext,
  call: IconCall,
  place: string,
  partyState: number,
  by: string,
  event: Message,
): void {
  if (isKnown(context, call, place, partyState, event)) {
    if (partyState === PARTY_STATE.connected) meet(context, call, place, event);
    return;
  }
  const { state } = context;
  const session = state.sessions.get(place);
  const from = partyOf(call, by);
  const isColleague = from?.type === PARTY_TYPE.place;
  note(call, place, event);
  addMediaParty(context, call, {
    guid: iconUuid(state),
    dn: place,
    type: PARTY_TYPE.place,
    endpointId: 0,
    agentId: session?.personDbid ?? 0,
    placeId: session?.placeDbid ?? dbidOf(context, 'place', 'name', place),
    sessionId: session?.id ?? '',
    partyState,
    isHidden: false,
    parent: {
      partyId: from?.partyId ?? '',
      link: isColleague ? PARENT_LINK.conferenced : linkFrom(from),
    },
    seconds: secondsOf(event),
  });
  if (partyState === PARTY_STATE.connected) meet(context, call, place, event);
}

/** The agent has it: the strategy's part is over. */
function accept(context: IconContext, call: IconCall, place: string, event: Message): void {
  const party = partyOf(call, place);
  if (!party) {
    return reportFailure(context, 'state machine transition failed', `place ${place}`);
  }
  note(call, place, event);
  changeParty(context, call, party, PARTY_STATE.connected, secondsOf(event));
  meet(context, call, place, event);
  for (const other of [...call.parties.values()]) {
    if (other.type === PARTY_TYPE.routingStrategy) leave(context, call, other.dn, event);
  }
}

function meet(context: IconContext, call: IconCall, place: string, event: Message): void {
  const session = context.state.sessions.get(place);
  if (!session) return;
  connectCall(context, session, call.uuid, secondsOf(event));
  keepSession(context, place);
}

function leave(context: IconContext, call: IconCall, dn: string, event: Message): void {
  const party = partyOf(call, dn);
  if (!party) return;
  note(call, dn, event);
  const seconds = secondsOf(event);
  endParty(context, call, party, seconds);
  noteDeparture(context, dn, call.uuid);
  const session = party.type === PARTY_TYPE.place && context.state.sessions.get(dn);
  if (!session) return;
  disconnectCall(context, session, call.uuid, seconds);
  keepSession(context, dn);
}

function stop(context: IconContext, call: IconCall, event: Message): void {
  for (const { dn } of [...call.parties.values()]) leave(context, call, dn, event);
  insertLastData(context, call, textOf(event, 'Reason'));
  finishCall(context, call, secondsOf(event));
}

/** Agents who have passed on meanwhile what they had are busy with it no more. */
function partAgents(context: IconContext, name: string, seconds: number): void {
  const { calls, sessions } = context.state;
  for (const session of sessions.values()) {
    if (session.tServer !== name) continue;
    for (const uuid of [...session.calls]) {
      const call = calls.get(uuid);
      if (call && partyOf(call, session.dn)) continue;
      disconnectCall(context, session, uuid, seconds);
      keepSession(context, session.dn);
    }
  }
}

/** The Interaction Server has named all: what it did not name is over, when is not known. */
function endMediaSnapshot(context: IconContext, event: Message): void {
  const { config, media } = context.state;
  const { name } = config.interactionServer!;
  for (const uuid of [...media.aside]) {
    if (media.named.has(uuid)) continue;
    const call = findInteraction(context, uuid);
    if (!call) continue;
    call.synchronized = false;
    call.partlySeen = true;
  }
  endSnapshot(context, { name }, event);
  partAgents(context, name, secondsOf(event));
  dropUnsynchronized(context, name);
  endUnnamedSessions(context, secondsOf(event));
  media.named.clear();
}
