import { QUEUE_CAUSE, RECORD_STATE } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import { CALL_STATE } from '../../telephony/t-library.ts';
import type { IconContext } from '../icon-state.ts';
import { insert, update } from '../rows.ts';
import { type IconCall, orNull, secondsOf, textOf } from './call-state.ts';
import { findEndpoint } from './parties.ts';

/** A call's stay in a virtual queue: one row of G_VIRTUAL_QUEUE (source: VQ events). */
export type QueueStay = {
  readonly row: number;
  readonly dn: string;
};

/** Configuration type of virtual queues (confirmed). */
const VIRTUAL_QUEUE_TYPE = 5;

export function isVirtualQueue({ state }: IconContext, dn: string): boolean {
  return findEndpoint(state, dn)?.fields['dnType'] === VIRTUAL_QUEUE_TYPE;
}

export function onVirtualQueueEvent(context: IconContext, call: IconCall, event: Message): void {
  const { state } = context;
  const dn = textOf(event, 'ThisDN');
  const extensions = event['Extensions'] as ReadonlyMap<string, string> | undefined;
  const id = extensions?.get('VQID') ?? `${call.uuid} ${dn}`;
  const seconds = secondsOf(event);
  if (event.type === 'EventQueued') {
    const row = insert(context, 'GCC', 'G_VIRTUAL_QUEUE', call.createdSeconds, {
      VQID: id,
      ORIGCALLID: call.uuid,
      STATUS: RECORD_STATE.active,
      ENDPOINTID: findEndpoint(state, dn)?.dbid ?? 0,
      ENDPOINTDN: dn,
      QSEQ: state.stays.size + 1,
      CREATED: seconds,
    });
    state.stays.set(id, { row, dn });
    call.stays.push(id);
    return;
  }
  const stay = state.stays.get(id);
  if (!stay) return;
  state.stays.delete(id);
  const isAbandoned = event.type === 'EventAbandoned';
  const isCleared = Number(event['CallState'] ?? 0) === CALL_STATE.redirected;
  let cause: number = QUEUE_CAUSE.normal;
  if (isAbandoned) cause = QUEUE_CAUSE.abandoned;
  else if (isCleared) cause = QUEUE_CAUSE.cleared;
  update(context, 'GCC', 'G_VIRTUAL_QUEUE', stay.row, {
    DISTCALLID: isAbandoned ? null : call.uuid,
    CAUSE: cause,
    STATUS: RECORD_STATE.terminated,
    TARGETDN: orNull(textOf(event, 'ThirdPartyDN')),
    TERMINATED: seconds,
  });
  insert(context, 'GCC', 'G_ROUTE_RES_VQ_HIST', call.createdSeconds, {
    CALLID: call.uuid,
    VQDBID: findEndpoint(state, dn)?.dbid ?? 0,
    RESULT: cause,
    ADDED: seconds,
  });
}

/** A call that has ended leaves no stay open: what the router did not tell is marked. */
export function endStays(context: IconContext, call: IconCall, seconds: number): void {
  for (const id of call.stays) {
    const stay = context.state.stays.get(id);
    if (!stay) continue;
    context.state.stays.delete(id);
    update(context, 'GCC', 'G_VIRTUAL_QUEUE', stay.row, {
      CAUSE: QUEUE_CAUSE.stuck,
      STATUS: RECORD_STATE.terminated,
      TERMINATED: seconds,
    });
  }
}
