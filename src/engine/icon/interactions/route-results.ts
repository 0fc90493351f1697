import { ROUTE_RESULT } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import { PARTY_CAUSE } from '../../telephony/t-library.ts';
import { personOfLogin } from '../directory.ts';
import type { IconContext } from '../icon-state.ts';
import { insert } from '../rows.ts';
import { type IconCall, numberOf, orNull, secondsOf, textOf } from './call-state.ts';
import { findEndpoint, partyOf } from './parties.ts';

/** G_ROUTE_RESULT: what came of each call's stay at a routing point. */

export function onRouteRequest(call: IconCall, event: Message): void {
  call.routing.set(textOf(event, 'ThisDN'), secondsOf(event));
}

export function onRouteUsed(context: IconContext, call: IconCall, event: Message): void {
  const byRouter = numberOf(event, 'Cause') === PARTY_CAUSE.route;
  write(context, call, event, byRouter ? ROUTE_RESULT.routed : ROUTE_RESULT.byDefault);
}

export function onAbandonedRoute(context: IconContext, call: IconCall, event: Message): void {
  if (call.routing.has(textOf(event, 'ThisDN'))) {
    write(context, call, event, ROUTE_RESULT.abandoned);
  }
}

function write(context: IconContext, call: IconCall, event: Message, result: number): void {
  const { state } = context;
  const dn = textOf(event, 'ThisDN');
  const since = call.routing.get(dn) ?? call.createdSeconds;
  call.routing.delete(dn);
  const seconds = secondsOf(event);
  // Without the router's label its keys are those of an earlier routing.
  const isRouted = result === ROUTE_RESULT.routed;
  const key = (name: string) => (isRouted ? orNull(String(call.userData.get(name) ?? '')) : null);
  const target = textOf(event, 'ThirdPartyDN');
  const endpoint = findEndpoint(state, target);
  const login = String(key('RTargetAgentSelected') ?? '');
  const person = login === '' ? 0 : personOfLogin(state, login);
  const place = state.directory.places.get(endpoint?.dbid ?? 0);
  insert(context, 'GCC', 'G_ROUTE_RESULT', call.createdSeconds, {
    CALLID: call.uuid,
    PARTYID: partyOf(call, dn)?.partyId ?? null,
    STRATEGYNAME: key('RStrategyName'),
    RESULT: result,
    DURATION: seconds - since,
    RTARGETTYPESELECTED: key('RTargetTypeSelected'),
    RTARGETOBJECTSELECTED: key('RTargetObjectSelected') ?? orNull(target),
    RTARGETOBJSELDBID: endpoint ? String(endpoint.dbid) : null,
    RTARGETAGENTSELECTED: person > 0 ? employeeOf(context, person) : orNull(login),
    RTARGETPLACESELECTED: place === undefined ? null : placeName(context, place),
    RVQID: key('RVQID'),
    CREATED: since,
    TERMINATED: seconds,
  });
}

function employeeOf({ state }: IconContext, person: number): string | null {
  const employeeId = state.objects.get(`person:${person}`)?.fields['employeeId'];
  return employeeId === undefined ? null : String(employeeId);
}

function placeName({ state }: IconContext, place: number): string | null {
  const name = state.objects.get(`place:${place}`)?.fields['name'];
  return name === undefined ? null : String(name);
}
