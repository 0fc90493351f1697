import type { Message } from '../../kernel/events.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import { CALL_TYPE, RELIABILITY, T_EVENT } from '../../telephony/t-library.ts';
import { leaveCall } from '../agents/login-sessions.ts';
import type { IconContext, TServerLink } from '../icon-state.ts';
import { gtsOption } from '../switch-options.ts';
import { type IconCall, numberOf, secondsOf, textOf } from './call-state.ts';
import { beginCall, changeConnection, createCall, endCall, mergeCall, setDnis } from './calls.ts';
import { onUserEvent } from './custom-states.ts';
import { reportFailure } from './failures.ts';
import { noteLinks } from './is-links.ts';
import { addParty, changeParty, endParty, markBusy, moveParty } from './parties.ts';
import { onSnapshotCall, onSnapshotParty } from './reconnection.ts';
import { onAbandonedRoute, onRouteRequest, onRouteUsed } from './route-results.ts';
import { completeTransaction, noteDeparture } from './transactions.ts';
import { changeUserData, endUserData } from './user-data.ts';
import { endStays, isVirtualQueue, onVirtualQueueEvent } from './virtual-queues.ts';

/** TEvents about calls, from the T-Server into the model of calls. */

/** Emulator choice: how long an EventCallCreated waits for a DN event of its call. */
export const CALL_MATCH_TIMEOUT_US = 30 * SECOND_US;

/** True if the event was about a call. */
export function onCallTEvent(context: IconContext, link: TServerLink, event: Message): boolean {
  if (event.type === 'EventCallCreated') onCallCreated(context, link, event);
  else if (event.type.startsWith('EventCall')) onCallEvent(context, event);
  else if (event.type === 'EventUserEvent') {
    onUserEvent(context, context.state.calls.get(textOf(event, 'CallUUID')), event);
  } else if (event['ConnID'] === undefined) return false;
  else onDnEvent(context, link, event);
  return true;
}

function onCallCreated(context: IconContext, link: TServerLink, event: Message): void {
  if (numberOf(event, 'Reliability') === RELIABILITY.inPast) {
    return onSnapshotCall(context, link, event);
  }
  const call = createCall(context, event, { tServer: link.name, switchDbid: link.switchDbid });
  const { ahead } = link;
  if (ahead && textOf(ahead, 'ConnID') === call.connId) {
    noteDnEvent(context, call, ahead);
    match(context, call, event);
    followDnEvent(context, call, ahead);
  } else {
    call.early.push(event);
    context.setTimer(`match ${call.uuid}`, CALL_MATCH_TIMEOUT_US);
  }
  link.ahead = null;
}

function onDnEvent(context: IconContext, link: TServerLink, event: Message): void {
  const { state } = context;
  if (event['ThisDN'] === undefined) {
    return reportFailure(context, 'AttributeThisDN is missing', event.type);
  }
  const uuid = textOf(event, 'CallUUID');
  if (state.ignoredCalls.has(uuid)) return;
  const call = state.calls.get(uuid);
  if (!call) {
    // The first DN event of a call comes before the call is announced.
    if (link.ahead) reportFailure(context, 'call was not found', textOf(link.ahead, 'CallUUID'));
    link.ahead = event;
    return;
  }
  const isAtVirtualQueue = isVirtualQueue(context, textOf(event, 'ThisDN'));
  if (!isAtVirtualQueue) noteDnEvent(context, call, event);
  if (!call.matched) {
    const [created] = call.early;
    match(context, call, created ?? event);
  }
  if (isAtVirtualQueue) return onVirtualQueueEvent(context, call, event);
  followDnEvent(context, call, event);
}

/** What the rows of parties say of the event that made them. */
function noteDnEvent(context: IconContext, call: IconCall, event: Message): void {
  const dn = textOf(event, 'ThisDN');
  call.dnEvents.set(dn, {
    type: event.type,
    ccEvent: T_EVENT[event.type as keyof typeof T_EVENT] ?? 0,
    cause: numberOf(event, 'Cause'),
    callState: numberOf(event, 'CallState'),
    thirdPartyDn: textOf(event, 'ThirdPartyDN'),
  });
  const { totals } = call;
  if (event.type === 'EventAbandoned') totals.abandoned = true;
  else if (event.type === 'EventDiverted') totals.diverted++;
  else if (event.type === 'EventQueued') totals.queued++;
  else if (event.type === 'EventAttachedDataChanged') {
    call.dataBy = textOf(event, 'ThirdPartyDN') || dn;
  } else if (event.type === 'EventReleased' && totals.releasedBy === 0) {
    const by = textOf(event, 'ReleasingParty');
    if (context.state.options.storeReleasingParty && by !== '') {
      totals.releasedBy = by === 'local' ? 1 : 2;
    }
  }
}

function followDnEvent(context: IconContext, call: IconCall, event: Message): void {
  detectDnis(context, call, event);
  switch (event.type) {
    case 'EventRouteRequest':
      return onRouteRequest(call, event);
    case 'EventRouteUsed':
      return onRouteUsed(context, call, event);
    case 'EventAbandoned':
      return onAbandonedRoute(context, call, event);
    case 'EventDestinationBusy':
      if (context.state.options.destBusyProcessing) markBusy(context, call, event);
      return;
    case 'EventPartyAdded':
      return noteConference(context, call, event);
    case 'EventPartyChanged':
      if (event['RefConnID'] === undefined && event['PreviousConnID'] !== undefined) {
        reportFailure(context, 'AttributeRefConnID is missing', `call ${call.uuid}`);
      }
      return;
    case 'EventDiverted':
    case 'EventReleased':
      return noteDeparture(context, call, event);
  }
}

/** A single-step conference: the one who asks is told of the new party once. */
function noteConference(context: IconContext, call: IconCall, event: Message): void {
  const isSingleStep = numberOf(event, 'ThirdPartyDNRole') === 4 && call.totals.conferences === 0;
  if (isSingleStep && context.state.options.sscProcessing) call.totals.conferences++;
}

/** Option gts-dnis-detection of the switch names the events whose OtherDN gives the DNIS. */
function detectDnis(context: IconContext, call: IconCall, event: Message): void {
  if (call.dnis !== '') return;
  const plain = textOf(event, 'DNIS');
  if (plain !== '') return setDnis(context, call, plain);
  const names = gtsOption(context.state, call.switchDbid, 'gts-dnis-detection');
  if (names.split(',').some((name) => name.trim() === event.type)) {
    setDnis(context, call, textOf(event, 'OtherDN'));
  }
}

function match(context: IconContext, call: IconCall, created: Message): void {
  call.matched = true;
  context.cancelTimer(`match ${call.uuid}`);
  beginCall(context, call);
  changeUserData(context, call, created);
  noteLinks(context, call, created);
  for (const early of call.early.splice(0)) {
    if (early.type !== 'EventCallCreated') onCallEvent(context, early);
  }
}

/** Call-based events. */
function onCallEvent(context: IconContext, event: Message): void {
  const { state } = context;
  const uuid = textOf(event, 'CallUUID');
  if (state.ignoredCalls.has(uuid)) {
    if (event.type === 'EventCallDeleted') state.ignoredCalls.delete(uuid);
    return;
  }
  const call = state.calls.get(uuid);
  if (!call || call.ended) {
    if (event.type !== 'EventCallDeleted') reportFailure(context, 'call was not found', uuid);
    return;
  }
  if (event.type === 'EventCallDeleted') return onCallDeleted(context, call, event);
  if (!call.matched) return void call.early.push(event);
  if (event.type === 'EventCallDataChanged') return onDataChanged(context, call, event);
  if (event.type === 'EventCallPartyAdded') {
    if (onSnapshotParty(context, call, event)) return;
    addParty(context, call, event);
    return completeTransaction(context, call);
  }
  const party = call.parties.get(textOf(event, 'PartyUUID'));
  if (!party) {
    const what = `party ${textOf(event, 'ThisDN')} of call ${uuid}`;
    return reportFailure(context, 'state machine transition failed', what);
  }
  if (event.type === 'EventCallPartyState') {
    changeParty(context, call, party, numberOf(event, 'PartyState'), secondsOf(event));
  } else if (event.type === 'EventCallPartyDeleted') {
    const statRow = endParty(context, call, party, secondsOf(event));
    state.sessions.get(party.dn)?.lastParties.push({ uuid, partyId: party.partyId, statRow });
  } else if (event.type === 'EventCallPartyMoved') onPartyMoved(context, call, event);
}

function onPartyMoved(context: IconContext, call: IconCall, event: Message): void {
  const into = context.state.calls.get(textOf(event, 'NewCallUUID'));
  const party = call.parties.get(textOf(event, 'PartyUUID'))!;
  if (event['RefConnID'] === undefined) {
    reportFailure(context, 'AttributeRefConnID is missing', `call ${call.uuid}`);
  }
  if (!into) return reportFailure(context, 'call was not found', textOf(event, 'NewCallUUID'));
  moveParty(context, call, into, party, event);
  completeTransaction(context, call);
  mergeCall(context, call, into, secondsOf(event));
}

function onDataChanged(context: IconContext, call: IconCall, event: Message): void {
  changeUserData(context, call, event);
  noteLinks(context, call, event);
  changeConnection(context, call, textOf(event, 'ConnID'));
}

function onCallDeleted(context: IconContext, call: IconCall, event: Message): void {
  context.cancelTimer(`match ${call.uuid}`);
  completeTransaction(context, call);
  // A call that never matched ends in silence (source).
  if (!call.matched) return void context.state.calls.delete(call.uuid);
  const seconds = secondsOf(event);
  const into = context.state.calls.get(textOf(event, 'NewCallUUID'));
  if (into && call.callType === CALL_TYPE.consult) mergeCall(context, call, into, seconds);
  finishCall(context, call, seconds);
}

/** All that a call leaves behind. Its context stays a while for what comes late. */
export function finishCall(
  context: IconContext,
  call: IconCall,
  seconds: number,
  reliability: string | null = null,
): void {
  for (const party of [...call.parties.values()]) endParty(context, call, party, seconds);
  endStays(context, call, seconds);
  const { options } = context.state;
  // use-dss-monitor false: the end of a call waits for its user data.
  if (!options.useDssMonitor) endUserData(context, call, seconds);
  endCall(context, call, seconds, reliability);
  if (options.useDssMonitor) endUserData(context, call, seconds);
  call.ended = true;
  leaveCall(context, call, seconds);
  // What comes late asks for the call only, not for what happened in it.
  call.dnEvents.clear();
  call.routing.clear();
  keepContext(context, call);
}

/** Option call-deletion-timeout of the switch (confirmed: 30 s). */
function keepContext(context: IconContext, call: IconCall): void {
  const { state, nowUs } = context;
  const seconds = Number(gtsOption(state, call.switchDbid, 'call-deletion-timeout'));
  state.ended.push({ uuid: call.uuid, untilUs: nowUs + seconds * SECOND_US });
  if (state.ended.length === 1) context.setTimer('forget calls', seconds * SECOND_US);
}

export function forgetEnded(context: IconContext): void {
  const { state, nowUs } = context;
  let count = 0;
  while (count < state.ended.length && state.ended[count].untilUs <= nowUs) {
    state.calls.delete(state.ended[count++].uuid);
  }
  state.ended.splice(0, count);
  if (state.ended.length > 0) {
    // Many at a time: when a context goes exactly does not matter.
    context.setTimer('forget calls', Math.max(SECOND_US, state.ended[0].untilUs - nowUs));
  }
}

/** Failed call match: nothing was written, and all record of the call is destroyed. */
export function forgetUnmatched(context: IconContext, uuid: string): void {
  const call = context.state.calls.get(uuid);
  if (!call || call.matched) return;
  context.state.calls.delete(uuid);
  context.state.ignoredCalls.add(uuid);
  reportFailure(context, 'failed call match', `call ${uuid}`);
}
