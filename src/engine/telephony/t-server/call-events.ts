import { CALL_TYPE, RELIABILITY } from '../t-library.ts';
import { type Attributes, distributeCall, nextUuid } from './distribution.ts';
import type { TCall, TServerContext } from './t-server-state.ts';

/**
 * Call-based events: the twins of what happens at the DNs. Which attributes are mandatory is not
 * public (docs/fidelity/tserver.md §7, unknown); these are an emulator choice.
 */

export function callCreated(call: TCall): Attributes {
  return {
    CallUUID: call.uuid,
    ConnID: call.connId,
    CallID: call.id,
    CallType: call.callType,
    ANI: call.ani,
    ...dialed(call),
    CreationTimeinSecs: call.createdSeconds,
    ...(call.originalUuid && { OrigCallUUID: call.originalUuid }),
    ...(call.userData.size > 0 && { UserData: call.userData }),
    ...(call.links.length > 0 && { ISLinkList: call.links }),
  };
}

/** What is dialed at a telephone for a call outside is no DNIS: it has an attribute of its own. */
export function dialed({ callType, dnis }: TCall): Attributes {
  if (dnis === '') return {};
  return callType === CALL_TYPE.outbound ? { DialedNumber: dnis } : { DNIS: dnis };
}

export type PartyChange = {
  readonly state: number;
  readonly role: number;
  readonly cause: number;
  readonly agentId: string;
};

export function addParty(
  context: TServerContext,
  call: TCall,
  dn: string,
  { state, role, cause, agentId }: PartyChange,
): void {
  const uuid = nextUuid(context);
  call.parties.set(dn, { uuid, state, role });
  distributeCall(context, 'EventCallPartyAdded', {
    CallUUID: call.uuid,
    PartyUUID: uuid,
    ThisDN: dn,
    ThisDNRole: role,
    PartyState: state,
    ...(cause && { Cause: cause }),
    ...(agentId && { AgentID: agentId }),
  });
}

export function changeParty(
  context: TServerContext,
  call: TCall,
  dn: string,
  { state, role, cause }: Pick<PartyChange, 'state' | 'role' | 'cause'>,
): void {
  const party = call.parties.get(dn);
  if (!party || party.state === state) return;
  party.state = state;
  if (role) party.role = role;
  distributeCall(context, 'EventCallPartyState', {
    CallUUID: call.uuid,
    PartyUUID: party.uuid,
    ThisDN: dn,
    PartyState: state,
    ...(cause && { Cause: cause }),
  });
}

export function moveParty(
  context: TServerContext,
  from: TCall,
  to: TCall,
  dn: string,
  { state, role, cause }: Pick<PartyChange, 'state' | 'role' | 'cause'>,
): void {
  const party = from.parties.get(dn);
  if (!party) return;
  from.parties.delete(dn);
  to.parties.set(dn, { uuid: party.uuid, state, role: role || party.role });
  distributeCall(context, 'EventCallPartyMoved', {
    CallUUID: from.uuid,
    NewCallUUID: to.uuid,
    RefCallUUID: from.uuid,
    RefConnID: from.connId,
    PartyUUID: party.uuid,
    ThisDN: dn,
    PartyState: state,
    ...(cause && { Cause: cause }),
  });
}

export function removeParty(context: TServerContext, call: TCall, dn: string, cause: number): void {
  const party = call.parties.get(dn);
  if (!party) return;
  call.parties.delete(dn);
  distributeCall(context, 'EventCallPartyDeleted', {
    CallUUID: call.uuid,
    PartyUUID: party.uuid,
    ThisDN: dn,
    ...(cause && { Cause: cause }),
  });
}

/** `into`: the call that has taken this one's parties. */
export function deleteCall(
  context: TServerContext,
  call: TCall,
  { cause = 0, into, uncertain = false }: { cause?: number; into?: TCall; uncertain?: boolean },
): void {
  for (const dn of [...call.parties.keys()].reverse()) removeParty(context, call, dn, cause);
  distributeCall(context, 'EventCallDeleted', {
    CallUUID: call.uuid,
    ConnID: call.connId,
    ...(cause && { Cause: cause }),
    ...(into && { NewCallUUID: into.uuid }),
    ...(uncertain && { Reliability: RELIABILITY.uncertain }),
  });
  context.state.calls.delete(call.id);
}
