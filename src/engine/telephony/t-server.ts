import type { Message } from '../kernel/events.ts';
import type { PlainData } from '../kernel/plain-data.ts';
import type { Behaviour, Context } from '../kernel/process.ts';
import {
  createUuidPrefix,
  firstConnectionCounter,
  formatConnectionId,
  formatEventSequence,
  formatUuid,
} from './identifiers.ts';
import {
  CALL_STATE,
  CALL_TYPE_INBOUND,
  DN_ROLE_DESTINATION,
  PARTY_STATE,
  SWITCH_CTI_PORT,
  type SwitchEvent,
  T_SERVER_PORT,
} from './messages.ts';

type TCall = {
  readonly connId: string;
  readonly uuid: string;
  /** DN of each party to its PartyUUID; the outside caller's DN is the ANI. */
  readonly parties: Map<string, string>;
};

type TServerState = {
  readonly name: string;
  readonly serverId: number;
  readonly switchHost: string;
  uuidPrefix: string;
  nextUuid: number;
  nextConnection: number;
  nextSequence: number;
  switchSession: number;
  readonly calls: Map<number, TCall>;
  readonly clients: Map<number, { readonly registered: Set<string>; monitoring: boolean }>;
};

type TServerContext = Context<TServerState>;
type Attributes = { readonly [name: string]: PlainData };

const RETRY_US = 2_000_000;

/** A T-Server: turns what the switch reports into TEvents for its clients. */
export const tServer: Behaviour<TServerState> = {
  kind: 't-server',
  create(config) {
    const { name, serverId, switchHost } = config as {
      name: string;
      serverId: number;
      switchHost: string;
    };
    return {
      name,
      serverId,
      switchHost,
      uuidPrefix: '',
      nextUuid: 1,
      nextConnection: 0,
      nextSequence: 1,
      switchSession: 0,
      calls: new Map(),
      clients: new Map(),
    };
  },
  onStart(context) {
    const { state } = context;
    state.uuidPrefix = createUuidPrefix(() => context.uniform('uuid'));
    state.nextConnection = firstConnectionCounter(context.utcSeconds);
    context.listen(T_SERVER_PORT);
    connectSwitch(context);
  },
  onTimer: connectSwitch,
  onAccepted(context, { session }) {
    context.state.clients.set(session, { registered: new Set(), monitoring: false });
  },
  onOpened: (context, { session }) =>
    void context.send(session, { type: 'attach', role: 't-server' }),
  onClosed(context, session) {
    const { state } = context;
    if (session === state.switchSession) {
      // What the switch did with its calls meanwhile is not known: they are forgotten.
      state.calls.clear();
      context.setTimer('connect', RETRY_US);
    } else state.clients.delete(session);
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.switchSession) {
      return translate(context, message as unknown as SwitchEvent);
    }
    const client = state.clients.get(session);
    if (!client) return;
    if (message.type === 'RequestRegisterAddress') {
      const dn = String(message['ThisDN']);
      client.registered.add(dn);
      const { ReferenceID } = message;
      const body = stamp(context, { ReferenceID, ThisDN: dn });
      context.send(session, { type: 'EventRegistered', ...body });
    } else if (message.type === 'RequestUnregisterAddress') {
      const dn = String(message['ThisDN']);
      client.registered.delete(dn);
      const { ReferenceID } = message;
      const body = stamp(context, { ReferenceID, ThisDN: dn });
      context.send(session, { type: 'EventUnregistered', ...body });
    } else if (message.type === 'RequestStartCallMonitoring') client.monitoring = true;
  },
};

function connectSwitch(context: TServerContext): void {
  const { state } = context;
  const port = SWITCH_CTI_PORT;
  state.switchSession = context.connect({ host: state.switchHost, port, network: 'public' });
}

/** Every event carries its place in the server's sequence and the server's time. */
function stamp(context: TServerContext, attributes: Attributes): Attributes {
  const { state } = context;
  const utcUs = Math.round(context.utcSeconds * 1e6);
  return {
    EventSequenceNumber: formatEventSequence(state.nextSequence++),
    TimeinSecs: Math.floor(utcUs / 1e6),
    TimeinuSecs: utcUs % 1e6,
    Server: state.name,
    ...attributes,
  };
}

/** To every client that registered the DN. */
function distribute(
  context: TServerContext,
  type: string,
  dn: string,
  attributes: Attributes,
): void {
  const message: Message = { type, ...stamp(context, { ThisDN: dn, ...attributes }) };
  for (const [session, client] of context.state.clients) {
    if (client.registered.has(dn)) context.send(session, message);
  }
}

/** Call-monitoring twin of a DN event, to every client that monitors calls. */
function distributeCall(context: TServerContext, type: string, attributes: Attributes): void {
  const message: Message = { type, ...stamp(context, attributes) };
  for (const [session, client] of context.state.clients) {
    if (client.monitoring) context.send(session, message);
  }
}

function translate(context: TServerContext, event: SwitchEvent): void {
  if (event.call === 0) return translateAgent(context, event);
  const call = context.state.calls.get(event.call);
  if (!call) {
    if (event.event === 'routeRequest') beginCall(context, event);
    return;
  }
  const attributes = callAttributes(event, call);
  const { dn } = event;
  switch (event.event) {
    case 'routeUsed':
      return distribute(context, 'EventRouteUsed', dn, { ...attributes, ThisQueue: dn });
    case 'diverted':
      distribute(context, 'EventDiverted', dn, {
        ...attributes,
        ThisQueue: dn,
        CallState: CALL_STATE.ok,
      });
      if (event.last) return forgetCall(context, event.call, call);
      return removeParty(context, call, dn);
    case 'queued':
      distribute(context, 'EventQueued', dn, { ...attributes, ThisQueue: dn });
      return addParty(context, call, dn, PARTY_STATE.queued, '');
    case 'ringing':
      distribute(context, 'EventRinging', dn, { ...attributes, CallState: CALL_STATE.ok });
      return addParty(context, call, dn, PARTY_STATE.alerting, event.agentId);
    case 'established':
      distribute(context, 'EventEstablished', dn, attributes);
      partyState(context, call, dn, PARTY_STATE.connected);
      return partyState(context, call, event.ani, PARTY_STATE.connected);
    case 'released':
    case 'abandoned':
      return endCall(context, event, call, attributes);
  }
}

function translateAgent(context: TServerContext, event: SwitchEvent): void {
  const types: Partial<Record<SwitchEvent['event'], string>> = {
    agentLogin: 'EventAgentLogin',
    agentReady: 'EventAgentReady',
    agentNotReady: 'EventAgentNotReady',
  };
  const type = types[event.event];
  if (type) distribute(context, type, event.dn, { AgentID: event.agentId });
}

function callAttributes(event: SwitchEvent, call: TCall): Attributes {
  return {
    ConnID: call.connId,
    CallUUID: call.uuid,
    CallID: event.call,
    CallType: CALL_TYPE_INBOUND,
    ANI: event.ani,
    DNIS: event.dnis,
    ThisDNRole: DN_ROLE_DESTINATION,
    OtherDN: event.ani,
    ...(event.queue ? { ThisQueue: event.queue } : {}),
    ...(event.thirdPartyDn ? { ThirdPartyDN: event.thirdPartyDn, ThirdPartyDNRole: 2 } : {}),
    ...(event.agentId ? { AgentID: event.agentId } : {}),
  };
}

function nextUuid(context: TServerContext): string {
  return formatUuid(context.state.uuidPrefix, context.state.nextUuid++);
}

function beginCall(context: TServerContext, event: SwitchEvent): void {
  const { state } = context;
  const connId = formatConnectionId(state.serverId, state.nextConnection++);
  const call: TCall = { connId, uuid: nextUuid(context), parties: new Map() };
  state.calls.set(event.call, call);
  const attributes = callAttributes(event, call);
  distribute(context, 'EventRouteRequest', event.dn, { ...attributes, ThisQueue: event.dn });
  distributeCall(context, 'EventCallCreated', {
    CallUUID: call.uuid,
    ConnID: connId,
    CallID: event.call,
    CallType: CALL_TYPE_INBOUND,
    ANI: event.ani,
    DNIS: event.dnis,
  });
  addParty(context, call, event.ani, PARTY_STATE.initiated, '');
  addParty(context, call, event.dn, PARTY_STATE.routing, '');
}

function addParty(
  context: TServerContext,
  call: TCall,
  dn: string,
  state: number,
  agentId: string,
): void {
  const partyUuid = nextUuid(context);
  call.parties.set(dn, partyUuid);
  distributeCall(context, 'EventCallPartyAdded', {
    CallUUID: call.uuid,
    PartyUUID: partyUuid,
    ThisDN: dn,
    PartyState: state,
    ...(agentId ? { AgentID: agentId } : {}),
  });
}

function partyState(context: TServerContext, call: TCall, dn: string, state: number): void {
  const PartyUUID = call.parties.get(dn);
  if (!PartyUUID) return;
  const attributes = { CallUUID: call.uuid, PartyUUID, ThisDN: dn, PartyState: state };
  distributeCall(context, 'EventCallPartyState', attributes);
}

function removeParty(context: TServerContext, call: TCall, dn: string): void {
  const PartyUUID = call.parties.get(dn);
  if (!PartyUUID) return;
  call.parties.delete(dn);
  const attributes = { CallUUID: call.uuid, PartyUUID, ThisDN: dn };
  distributeCall(context, 'EventCallPartyDeleted', attributes);
}

function endCall(
  context: TServerContext,
  event: SwitchEvent,
  call: TCall,
  attributes: Attributes,
): void {
  const abandoned = event.event === 'abandoned';
  const type = abandoned ? 'EventAbandoned' : 'EventReleased';
  const CallState = abandoned ? CALL_STATE.abandoned : CALL_STATE.ok;
  distribute(context, type, event.dn, { ...attributes, CallState });
  forgetCall(context, event.call, call);
}

function forgetCall(context: TServerContext, id: number, call: TCall): void {
  for (const dn of [...call.parties.keys()].reverse()) removeParty(context, call, dn);
  distributeCall(context, 'EventCallDeleted', { CallUUID: call.uuid, ConnID: call.connId });
  context.state.calls.delete(id);
}
