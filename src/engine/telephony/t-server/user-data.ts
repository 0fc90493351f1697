import type { Message } from '../../kernel/events.ts';
import type { UserData } from '../messages.ts';
import { distribute, distributeCall } from './distribution.ts';
import type { TCall, TServerContext } from './t-server-state.ts';

/** Data attached to calls: T-Server keeps it and tells everybody who is on the call. */

/** Requests of a desktop or of a router about user data: the call; undefined: it is not known. */
export function onDataRequest(context: TServerContext, request: Message): TCall | undefined {
  const call = findCall(context, request);
  if (!call) return undefined;
  const by = String(request['ThisDN'] ?? '');
  const given = request['UserData'] as UserData | undefined;
  if (request.type === 'RequestDeletePair') {
    const rest = new Map(call.userData);
    if (rest.delete(String(request['Key']))) changeUserData(context, call, by, rest);
  } else if (request.type === 'RequestDeleteUserData') {
    if (call.userData.size > 0) changeUserData(context, call, by, new Map());
  } else if (given && given.size > 0) {
    changeUserData(context, call, by, new Map([...call.userData, ...given]));
  }
  return call;
}

/** A word of an application to others, with or without a call. */
export function onUserEvent(context: TServerContext, request: Message): void {
  const call = findCall(context, request);
  const dn = String(request['ThisDN']);
  distribute(context, 'EventUserEvent', dn, {
    ...(call && { ConnID: call.connId, CallUUID: call.uuid, CallID: call.id }),
    UserData: request['UserData'] as UserData,
  });
}

function findCall({ state }: TServerContext, request: Message): TCall | undefined {
  const id = Number(request['CallID'] ?? 0);
  if (id > 0) return state.calls.get(id);
  const dn = String(request['ThisDN'] ?? '');
  for (const call of state.calls.values()) if (call.parties.has(dn)) return call;
  return undefined;
}

export function changeUserData(
  context: TServerContext,
  call: TCall,
  by: string,
  userData: UserData,
): void {
  call.userData = userData;
  const { state } = context;
  const { connId, uuid, id, callType, parties } = call;
  const named = { ConnID: connId, CallUUID: uuid, CallID: id, CallType: callType };
  for (const dn of parties.keys()) {
    distribute(context, 'EventAttachedDataChanged', dn, {
      ...named,
      UserData: userData,
      ThirdPartyDN: by,
    });
  }
  distributeCall(context, 'EventCallDataChanged', { CallUUID: uuid, UserData: userData });
  context.send(state.switchSession, { type: 'call data', call: id, userData });
}
