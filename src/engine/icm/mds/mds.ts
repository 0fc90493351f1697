import type { CloseReason, Delivery, SessionDelivery } from '../../kernel/events.ts';
import type { Behaviour, SessionPeer } from '../../kernel/process.ts';
import { raise } from '../ems/raise.ts';
import { listenOrExit, mdsClientPort, mdsTransferPort } from '../local-mds.ts';
import type { ClientName } from '../messages.ts';
import {
  endRelay,
  grantCredit,
  initializeClients,
  relayTransfer,
  startFlow,
} from './initialization.ts';
import { heartbeatClients, loseAgent, loseClient, onLocalMessage } from './local.ts';
import {
  createMdsState,
  isEnabled,
  isPaired,
  type MdsConfig,
  type MdsContext,
  type MdsState,
} from './mds-state.ts';
import { acceptInput } from './ordering.ts';
import { connectPeer, exchangeHeartbeat, losePeer, onPeerMessage, sendHello } from './peer.ts';
import { beginTest, finishTest, hasMajority } from './testing.ts';

/**
 * The Message Delivery Service of one node: the synchronizer and the way of all messages. Router
 * nodes and Peripheral Gateways run the same process with different clients.
 */
export const mds: Behaviour<MdsState> = {
  kind: 'mds',
  create: (config) => createMdsState(config as MdsConfig),

  onStart(context) {
    const { config } = context.state;
    const { side, ports, settings } = config;
    const local = [mdsClientPort(context, config), mdsTransferPort(context, config)];
    const peer = side === 'B' ? [ports.peer, ...Object.values(ports.stateTransfer)] : [];
    if (!listenOrExit(context, ...local, ...peer)) return;
    if (side === 'A') context.setTimer('connect', 0);
    context.setTimer('connect timeout', settings.connectTimeout);
    context.setTimer('heartbeat', settings.heartbeat);
    context.setTimer('time tick', settings.stateCheck);
    context.setTimer('client heartbeat', settings.clientHeartbeat);
  },

  onTimer,

  onDatagram(context, { message, from }: Delivery) {
    if (message.type === 'heartbeat') context.state.lastHeardUs = context.nowUs;
    else if (message.type === 'are you there') {
      context.sendDatagram({ process: from, network: 'loopback' }, { type: 'here' });
    }
  },

  onAccepted(context, { session, port }: SessionPeer) {
    const { state } = context;
    const { ports } = state.config;
    if (port === ports.peer) {
      state.peerSession = session;
      state.lastHeardUs = context.nowUs;
      return;
    }
    const client = state.config.clients.find((name) => ports.stateTransfer[name] === port);
    if (client) acceptTransferSession(context, client, session);
  },

  onOpened(context, { session }: SessionPeer) {
    const { state } = context;
    for (const [client, relay] of state.transfers) {
      if (relay.privateSession !== session) continue;
      relay.privateOpen = true;
      return startFlow(context, client);
    }
    if (session !== state.peerSession) return;
    state.lastHeardUs = context.nowUs;
    sendHello(context);
  },

  onMessage(context, delivery: SessionDelivery) {
    const { state } = context;
    if (delivery.session === state.peerSession) return onPeerMessage(context, delivery);
    for (const [client, relay] of state.transfers) {
      if (relay.pipeSession === delivery.session || relay.privateSession === delivery.session) {
        return relayTransfer(context, client, relay, delivery);
      }
    }
    onLocalMessage(context, delivery);
  },

  onDrained(context, session) {
    for (const [client, relay] of context.state.transfers) {
      if (relay.privateSession !== session) continue;
      for (; relay.owed > 0; relay.owed--) grantCredit(context, client);
    }
  },

  onClosed(context, session: number, reason: CloseReason) {
    const { state } = context;
    if (session === state.peerSession) return losePeer(context, reason);
    if (endRelay(context, session)) return;
    for (const [name, client] of state.clients) {
      if (client.session === session) return loseClient(context, name);
    }
    for (const [name, agent] of state.agents) {
      if (agent === session) return loseAgent(context, name);
    }
  },

  /** The fault `corrupt-record`. */
  onCommand(context, command) {
    const client = command['client'] as ClientName;
    if (command['count'] === 0) context.state.corruptNext.delete(client);
    else context.state.corruptNext.add(client);
  },
};

function onTimer(context: MdsContext, name: string): void {
  const { state } = context;
  switch (name) {
    case 'connect':
      return connectPeer(context);
    case 'heartbeat':
      return exchangeHeartbeat(context);
    case 'hello timeout':
      if (!isPaired(state)) losePeer(context, 'timeout');
      return;
    case 'test other side':
      return finishTest(context);
    case 'next test':
      if (state.state === 'Testing') beginTest(context);
      return;
    case 'test again':
      if (state.state !== 'Isolated-Disabled') return;
      if (hasMajority(context)) return beginTest(context);
      return context.setTimer('test again', state.config.settings.isolatedRetest);
    case 'connect timeout':
      if (state.state !== 'Connecting') return;
      raise(context, 'connectTimedOut');
      return beginTest(context);
    case 'initialize clients':
      return initializeClients(context);
    case 'client heartbeat':
      return heartbeatClients(context);
    case 'time tick':
      return tick(context);
  }
}

/** The routers' clock: every state check hangs on it. */
function tick(context: MdsContext): void {
  const { state } = context;
  const { role, settings } = state.config;
  context.setTimer('time tick', settings.stateCheck);
  if (role !== 'central controller' || !isEnabled(state)) return;
  acceptInput(context, { to: 'rtr', from: context.self, message: { type: 'time tick' } });
}

function acceptTransferSession(context: MdsContext, client: ClientName, session: number): void {
  const { state } = context;
  const relay = state.transfers.get(client);
  if (relay?.privateSession !== 0) {
    const before = state.early.get(client);
    if (before) context.close(before);
    state.early.set(client, session);
    return;
  }
  relay.privateSession = session;
  relay.privateOpen = true;
  startFlow(context, client);
}
