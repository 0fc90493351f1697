import { MERGE_TYPE, PARENT_LINK } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import { CALL_STATE, PARTY_CAUSE } from '../../telephony/t-library.ts';
import type { IconContext } from '../icon-state.ts';
import { type IconCall, numberOf, textOf } from './call-state.ts';
import { noteFailedTransfer } from './calls.ts';
import { type CallFailure, reportFailure } from './failures.ts';
import { partyOf } from './parties.ts';

/**
 * Transfers, conferences and redirects are several events: the first one says that something must
 * follow. What has not followed when the timer ends has failed (source).
 */

/** Emulator choice: how long the rest of a transaction is awaited. */
const TRANSACTION_TIMEOUT_US = 30 * SECOND_US;

type Kind = 'two-step transfer' | 'single-step transfer' | 'conference' | 'redirect';

const FAILURES: Readonly<Record<Kind, CallFailure>> = {
  'two-step transfer': 'two-step transfer was not completed',
  'single-step transfer': 'single-step transfer was not completed',
  conference: 'conference was not completed',
  redirect: 'redirect was not completed',
};

/** A party has left in favour of another one. */
export function noteDeparture(context: IconContext, call: IconCall, event: Message): void {
  const target = textOf(event, 'ThirdPartyDN');
  const party = partyOf(call, textOf(event, 'ThisDN'));
  const cause = numberOf(event, 'Cause');
  const callState = numberOf(event, 'CallState');
  if (event.type === 'EventDiverted' && party && target !== '') {
    call.departed = { partyId: party.partyId, target, link: PARENT_LINK.diverted };
  } else if (event.type === 'EventReleased' && callState === CALL_STATE.transferred) {
    if (cause === PARTY_CAUSE.oneStepTransfer) {
      const link = PARENT_LINK.singleStepTransferred;
      if (party) call.departed = { partyId: party.partyId, target, link };
      call.totals.transfers++;
      expect(context, call, 'single-step transfer');
    } else if (call.parentUuid !== '') {
      call.mergeType = MERGE_TYPE.transfer;
      const parent = context.state.calls.get(call.parentUuid);
      // The call on hold was released first; if it is a consultation too, nothing follows for it.
      if (parent) completeTransaction(context, parent);
      expect(context, call, 'two-step transfer');
    }
  } else if (event.type === 'EventReleased' && callState === CALL_STATE.conferenced) {
    call.mergeType = MERGE_TYPE.conference;
    expect(context, call, 'conference');
  } else if (event.type === 'EventReleased' && callState === CALL_STATE.redirected) {
    const link = PARENT_LINK.redirected;
    if (party) call.departed = { partyId: party.partyId, target, link };
    call.totals.diverted++;
    expect(context, call, 'redirect');
  }
}

function expect(context: IconContext, call: IconCall, kind: Kind): void {
  context.setTimer(`transaction ${call.uuid}`, TRANSACTION_TIMEOUT_US, { kind, uuid: call.uuid });
}

/** What was awaited has come: a party has joined, moved, or all is over. */
export function completeTransaction(context: IconContext, call: IconCall): void {
  context.cancelTimer(`transaction ${call.uuid}`);
}

export function failTransaction(
  context: IconContext,
  { kind, uuid }: { kind: Kind; uuid: string },
): void {
  const call = context.state.calls.get(uuid);
  if (!call || call.ended) return;
  call.departed = null;
  noteFailedTransfer(context, call, Math.floor(context.utcSeconds));
  reportFailure(context, FAILURES[kind], `call ${uuid}`);
}
