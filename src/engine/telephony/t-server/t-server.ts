import type { Message } from '../../kernel/events.ts';
import type { Behaviour } from '../../kernel/process.ts';
import { createUuidPrefix } from '../identifiers.ts';
import {
  type PredictiveCall,
  type SwitchEvent,
  T_SERVER_PAIR_PORT,
  type UserData as UserDataMap,
} from '../messages.ts';
import { RELIABILITY } from '../t-library.ts';
import { callCreated } from './call-events.ts';
import { type Attributes, stamp } from './distribution.ts';
import {
  begin,
  connectPeer,
  createPair,
  onLinked,
  onPeerClosed,
  onPeerMessage,
  onPeerOpened,
  onUnlinked,
  seekLink,
} from './pair.ts';
import { copyCalls, copyChanges } from './pair-copies.ts';
import type { TClient, TServerContext, TServerState } from './t-server-state.ts';
import { translate } from './translation.ts';
import { onDataRequest, onUserEvent } from './user-data.ts';

/** TErrorCode of a ConnID that is not there (docs/fidelity/tserver.md §11, recalled). */
const ERROR_BAD_CONNECTION = 56;
/** Emulator choice. */
const ERROR_LINK_DOWN = 41;

type TServerConfig = {
  readonly name: string;
  readonly serverId: number;
  readonly switchHost: string;
  readonly virtualQueues: readonly (readonly [point: string, queue: string])[];
  /** Of the other one of a pair. */
  readonly peerHost?: string;
  /** Configured as the backup of its pair. */
  readonly isBackup?: boolean;
};

/** A T-Server: turns what the switch reports into TEvents for its clients. */
export const tServer: Behaviour<TServerState> = {
  kind: 't-server',
  create(config) {
    const { name, serverId, switchHost, virtualQueues, peerHost, isBackup } =
      config as unknown as TServerConfig;
    return {
      name,
      serverId,
      switchHost,
      pair: createPair(peerHost, !isBackup),
      serving: false,
      virtualQueues: new Map(virtualQueues),
      uuidPrefix: '',
      nextUuid: 1,
      nextConnection: 0,
      nextSequence: 1,
      switchSession: 0,
      linkUp: false,
      calls: new Map(),
      agents: new Map(),
      outOfService: new Set(),
      named: null,
      clients: new Map(),
      distortions: [],
    };
  },
  onStart(context) {
    context.state.uuidPrefix = createUuidPrefix(() => context.uniform('uuid'));
    begin(context);
  },
  onTimer(context, name) {
    if (name === 'peer') connectPeer(context);
    else seekLink(context);
  },
  onAccepted(context, { port, session }) {
    if (port === T_SERVER_PAIR_PORT) return onPeerOpened(context, session);
    context.state.clients.set(session, { registered: new Set(), monitoring: false });
  },
  onOpened(context, { session }) {
    const { state } = context;
    if (session !== state.switchSession) return onPeerOpened(context, session);
    state.named = { calls: new Map(), dns: new Set() };
    context.send(session, { type: 'attach', role: 't-server', name: context.self });
  },
  onClosed(context, session, reason) {
    const { state } = context;
    if (session === state.switchSession) onUnlinked(context, reason);
    else if (session === state.pair?.session) onPeerClosed(context);
    else state.clients.delete(session);
  },
  onCommand(context, command) {
    const { event, omit = '', count } = command as unknown as Record<string, string>;
    const left = Number(count ?? 1);
    if (left > 0) context.state.distortions.push({ event, omit, left });
    else context.state.distortions.length = 0;
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.switchSession) return onReport(context, message as never);
    if (session === state.pair?.session) return onPeerMessage(context, message);
    const client = state.clients.get(session);
    if (client) onRequest(context, session, client, message);
  },
};

function onReport(context: TServerContext, event: SwitchEvent): void {
  translate(context, event);
  if (event.event === 'snapshot') onLinked(context);
  copyChanges(context, event);
}

function onRequest(
  context: TServerContext,
  session: number,
  client: TClient,
  request: Message,
): void {
  const { ReferenceID } = request;
  const dn = String(request['ThisDN'] ?? '');
  switch (request.type) {
    case 'RequestRegisterAddress':
      client.registered.add(dn);
      return registered(context, session, dn, { ReferenceID });
    case 'RequestUnregisterAddress': {
      client.registered.delete(dn);
      const body = { ReferenceID, ThisDN: dn };
      return void context.send(session, stamp(context, 'EventUnregistered', body));
    }
    case 'RequestStartCallMonitoring':
      client.monitoring = true;
      if (!context.state.linkUp) context.send(session, stamp(context, 'EventLinkDisconnected', {}));
      tellCalls(context, session);
      return void context.send(session, stamp(context, 'EventACK', { ReferenceID }));
    case 'RequestStopCallMonitoring':
      client.monitoring = false;
      return;
    case 'RequestSendUserEvent':
      return onUserEvent(context, request);
    case 'RequestMakePredictiveCall':
      return makePredictiveCall(context, session, request);
    default: {
      const call = onDataRequest(context, request);
      if (call) return copyCalls(context, [call.id]);
      refuse(context, session, { ReferenceID, ThisDN: dn, ErrorCode: ERROR_BAD_CONNECTION });
    }
  }
}

function refuse(context: TServerContext, session: number, attributes: Attributes): void {
  const ErrorMessage = 'Unknown call';
  context.send(session, stamp(context, 'EventError', { ...attributes, ErrorMessage }));
}

/** The switch makes the call and reports it; while its link is down nobody would. */
function makePredictiveCall(context: TServerContext, session: number, request: Message): void {
  const { state } = context;
  const { ReferenceID, ThisDN, OtherDN, Timeout, UserData } = request;
  if (!state.linkUp) {
    const named = { ReferenceID, ThisDN, ErrorCode: ERROR_LINK_DOWN };
    const ErrorMessage = 'The link to the switch is down';
    return void context.send(session, stamp(context, 'EventError', { ...named, ErrorMessage }));
  }
  const call: PredictiveCall = {
    type: 'predictive call',
    queue: String(ThisDN),
    number: String(OtherDN),
    timeoutSeconds: Number(Timeout),
    userData: UserData as UserDataMap,
  };
  context.send(state.switchSession, call);
}

/** The answer to a registration says who is logged in and which calls are at the DN. */
function registered(context: TServerContext, session: number, dn: string, more: Attributes): void {
  const { agents, calls, outOfService } = context.state;
  const agent = agents.get(dn);
  const extensions: [string, string | number][] = [];
  for (const call of calls.values()) {
    const party = call.parties.get(dn);
    if (!party) continue;
    const number = extensions.length / 3 + 1;
    extensions.push([`conn-${number}`, call.connId], [`ct-${number}`, call.callType]);
    extensions.push([`ps-${number}`, party.state]);
  }
  const body = {
    ...more,
    ThisDN: dn,
    ...(agent && {
      AgentID: agent.agentId,
      AgentState: agent.state,
      ...(agent.workMode && { AgentWorkMode: agent.workMode }),
    }),
    ...(outOfService.has(dn) && { OutOfService: true }),
    ...(extensions.length > 0 && { Extensions: new Map(extensions) }),
  };
  context.send(session, stamp(context, 'EventRegistered', body));
}

/** Who starts to monitor learns of the calls that there are, in their present state. */
function tellCalls(context: TServerContext, session: number): void {
  const { calls, agents } = context.state;
  const late = { Reliability: RELIABILITY.inPast };
  for (const call of calls.values()) {
    const created = { ...callCreated(call), ...late };
    context.send(session, stamp(context, 'EventCallCreated', created));
    for (const [dn, { uuid, state, role }] of call.parties) {
      const agentId = agents.get(dn)?.agentId;
      const body = {
        CallUUID: call.uuid,
        PartyUUID: uuid,
        ThisDN: dn,
        ThisDNRole: role,
        PartyState: state,
        ...(agentId && { AgentID: agentId }),
        ...late,
      };
      context.send(session, stamp(context, 'EventCallPartyAdded', body));
    }
  }
}
