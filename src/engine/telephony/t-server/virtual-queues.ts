import type { SwitchEvent } from '../messages.ts';
import { CALL_STATE, DN_ROLE, PARTY_CAUSE } from '../t-library.ts';
import { type Attributes, distribute, nextUuid } from './distribution.ts';
import type { TCall, TServerContext } from './t-server-state.ts';

/**
 * Virtual queues exist only as events that a router has the T-Server distribute
 * (docs/fidelity/tserver.md §5). The lab's router is Cisco's: which routing point has which virtual
 * queue, and that T-Server itself distributes its events, is an emulator choice.
 */

export function enterVirtualQueue(context: TServerContext, call: TCall, point: string): void {
  const dn = context.state.virtualQueues.get(point);
  if (dn === undefined || call.virtualQueue) return;
  call.virtualQueue = { dn, id: nextUuid(context) };
  distribute(context, 'EventQueued', dn, attributes(call, dn));
}

export function leaveVirtualQueue(context: TServerContext, call: TCall, event: SwitchEvent): void {
  const { virtualQueue } = call;
  if (!virtualQueue || context.state.virtualQueues.get(event.dn) !== virtualQueue.dn) return;
  const { dn } = virtualQueue;
  if (event.event === 'abandoned') {
    const more = { ...attributes(call, dn), CallState: CALL_STATE.abandoned };
    distribute(context, 'EventAbandoned', dn, more);
  } else {
    const byRouter = event.cause === PARTY_CAUSE.route;
    distribute(context, 'EventDiverted', dn, {
      ...attributes(call, dn),
      ThirdPartyDN: event.thirdPartyDn ?? '',
      ThirdPartyDNRole: DN_ROLE.destination,
      // Cleared from the queue: the switch has gone its own way.
      CallState: byRouter ? CALL_STATE.ok : CALL_STATE.redirected,
    });
  }
  call.virtualQueue = null;
}

function attributes(call: TCall, dn: string): Attributes {
  return {
    ConnID: call.connId,
    CallUUID: call.uuid,
    CallID: call.id,
    CallType: call.callType,
    ANI: call.ani,
    DNIS: call.dnis,
    ThisQueue: dn,
    Extensions: new Map([
      ['SIGNATURE', 'router'],
      ['VQID', call.virtualQueue?.id ?? ''],
    ]),
  };
}
