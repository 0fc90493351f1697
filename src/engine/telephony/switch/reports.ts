import type { Message } from '../../kernel/events.ts';
import type { SwitchEvent, SwitchEventName, SwitchToPeople } from '../messages.ts';
import { PARTY_STATE } from '../t-library.ts';
import type { Call, Party, PartyDoing, SwitchContext } from './switch-state.ts';

/** Over the CTI links to T-Server and PIM, and to the people who hear their telephones. */

const STATES: Readonly<Record<PartyDoing, number>> = {
  dialing: PARTY_STATE.dialing,
  routing: PARTY_STATE.routing,
  queued: PARTY_STATE.queued,
  alerting: PARTY_STATE.alerting,
  connected: PARTY_STATE.connected,
  held: PARTY_STATE.held,
};

export function partyState({ doing }: Party): number {
  return STATES[doing];
}

type More = Partial<Omit<SwitchEvent, 'type' | 'event' | 'call' | 'dn'>>;

/** To every CTI link: something happened at a DN, to a party of a call. */
export function report(
  context: SwitchContext,
  event: SwitchEventName,
  call: Call,
  dn: string,
  more: More = {},
): void {
  for (const [session, role] of context.state.links) {
    if (role !== 'people') reportTo(context, session, event, call, dn, more);
  }
}

export function reportTo(
  context: SwitchContext,
  session: number,
  event: SwitchEventName,
  call: Call,
  dn: string,
  more: More = {},
): void {
  const { agentId } = context.state.extensions.get(dn) ?? {};
  const { id, type: callType, ani, dnis } = call;
  const named = { event, call: id, dn, callType, ani, dnis, ...(agentId && { agentId }) };
  context.send(session, { type: 'cti', ...named, ...more });
}

/** A party joins its call, or goes on to another state. */
export function reportParty(
  context: SwitchContext,
  event: SwitchEventName,
  call: Call,
  party: Party,
  more: More = {},
): void {
  const { dn, role, queue } = party;
  const state = partyState(party);
  report(context, event, call, dn, { role, state, ...(queue && { queue }), ...more });
}

/** About an agent or a DN, without a call. */
export function reportDn(
  context: SwitchContext,
  event: SwitchEventName,
  dn: string,
  more: More = {},
  to: readonly ('t-server' | 'pim')[] = ['t-server', 'pim'],
): void {
  const { agentId } = context.state.extensions.get(dn) ?? {};
  const message = { type: 'cti', event, call: 0, dn, ...(agentId && { agentId }), ...more };
  for (const [session, role] of context.state.links) {
    if (role !== 'people' && to.includes(role)) context.send(session, message);
  }
}

export function tellPeople(context: SwitchContext, message: SwitchToPeople): void {
  for (const [session, role] of context.state.links) {
    if (role === 'people') context.send(session, message as Message);
  }
}
