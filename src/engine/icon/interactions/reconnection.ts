import { LOW_RELIABILITY, USER_DATA_RELIABILITY } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import type { IconContext, TServerLink } from '../icon-state.ts';
import { type IconCall, numberOf, secondsOf, textOf } from './call-state.ts';
import { beginCall, createCall } from './calls.ts';
import { reportFailure } from './failures.ts';
import { changeParty, endParty } from './parties.ts';
import { finishCall } from './t-events.ts';
import { changeUserData } from './user-data.ts';

/**
 * A T-Server that is back names the calls that it has. ICON compares them with the calls in memory
 * (source): those that are not named within ten minutes are removed.
 */

const RESTORE_TIMEOUT_US = 600 * SECOND_US;

/** A T-Server, or the Interaction Server. */
type Source = { readonly name: string };

/** The link is lost: what becomes of its calls is not seen. */
export function loseCalls(context: IconContext, link: Source): void {
  for (const call of context.state.calls.values()) {
    if (call.tServer !== link.name || call.ended) continue;
    call.synchronized = false;
    call.partlySeen = true;
    for (const party of call.parties.values()) party.synchronized = false;
  }
}

/** All registrations are sent: the timer starts, or starts anew after another disconnection. */
export function awaitCalls(context: IconContext, link: TServerLink): void {
  context.setTimer(`restore ${link.name}`, RESTORE_TIMEOUT_US);
}

export function onSnapshotCall(context: IconContext, link: TServerLink, event: Message): void {
  const { state } = context;
  const uuid = textOf(event, 'CallUUID');
  const known = state.calls.get(uuid);
  if (known) {
    known.synchronized = true;
    changeUserData(context, known, event, USER_DATA_RELIABILITY.firstSeen);
    return;
  }
  // Data of calls from before ICON started is not stored (source); times are whole seconds.
  if (numberOf(event, 'CreationTimeinSecs') <= state.startedSeconds) {
    state.ignoredCalls.add(uuid);
    return;
  }
  const call = createCall(context, event, { tServer: link.name, switchDbid: link.switchDbid });
  call.matched = true;
  call.partlySeen = true;
  beginCall(context, call);
  changeUserData(context, call, event, USER_DATA_RELIABILITY.firstSeen);
}

/** A party that was known before only goes on; false for one that is new. */
export function onSnapshotParty(context: IconContext, call: IconCall, event: Message): boolean {
  const party = call.parties.get(textOf(event, 'PartyUUID'));
  if (!party) return false;
  party.synchronized = true;
  changeParty(context, call, party, numberOf(event, 'PartyState'), secondsOf(event));
  return true;
}

/** The T-Server has named all: parties that it did not name have left meanwhile. */
export function endSnapshot(context: IconContext, link: Source, event: Message): void {
  for (const call of context.state.calls.values()) {
    if (call.tServer !== link.name || call.ended || !call.synchronized) continue;
    for (const party of [...call.parties.values()]) {
      if (!party.synchronized) endParty(context, call, party, secondsOf(event));
    }
  }
}

/** The timer has ended: calls that nobody has named are over, when is not known. */
export function dropUnsynchronized(context: IconContext, name: string): void {
  const seconds = Math.floor(context.utcSeconds);
  for (const call of [...context.state.calls.values()]) {
    if (call.tServer !== name || call.synchronized || call.ended) continue;
    reportFailure(context, 'not restored after reconnection', `call ${call.uuid}`);
    if (call.matched) finishCall(context, call, seconds, LOW_RELIABILITY.stuck);
    else context.state.calls.delete(call.uuid);
  }
}
