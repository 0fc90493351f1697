import type { CloseReason, Delivery, SessionDelivery } from '../../kernel/events.ts';
import type { PlainData } from '../../kernel/plain-data.ts';
import type { Behaviour, SessionPeer } from '../../kernel/process.ts';
import {
  type ClientName,
  type MdsClientMessage,
  type MdsPeerMessage,
  SYNCHRONIZED_CLIENTS,
  type TransferMessage,
} from '../messages.ts';
import {
  MDS_CLIENT_PORT,
  MDS_PEER_PORT,
  MDS_TRANSFER_PORT,
  STATE_TRANSFER_PORT,
} from '../ports.ts';
import {
  acceptInitialization,
  activateClient,
  dropRelay,
  endRelay,
  grantCredit,
  initializeClients,
  relayTransfer,
  setClientStatus,
  startFlow,
} from './initialization.ts';
import {
  createMdsState,
  isEnabled,
  isPaired,
  type MdsConfig,
  type MdsContext,
  type MdsState,
} from './mds-state.ts';
import {
  acceptInput,
  acceptOrder,
  acknowledgeOrder,
  announceSide,
  deliverUnacknowledged,
  setSynchronizerState,
} from './ordering.ts';
import {
  afterPrivateLoss,
  afterTestOtherSide,
  decidePairing,
  hasDeviceMajority,
  SYNCHRONIZER_TIMES as TIMES,
} from './synchronizer.ts';

const PROCESS_RESTART_US = 2_000_000;

/** The Message Delivery Service of one side: the synchronizer and the way of all messages. */
export const mds: Behaviour<MdsState> = {
  kind: 'mds',
  create: (config) => createMdsState(config as MdsConfig),

  onStart(context) {
    const { side } = context.state.config;
    context.listen(MDS_CLIENT_PORT[side]);
    context.listen(MDS_TRANSFER_PORT[side]);
    if (side === 'B') {
      context.listen(MDS_PEER_PORT);
      for (const client of SYNCHRONIZED_CLIENTS) context.listen(STATE_TRANSFER_PORT[client]);
    } else context.setTimer('connect', 0);
    context.setTimer('connect timeout', TIMES.connectTimeoutUs);
    context.setTimer('heartbeat', TIMES.heartbeatUs);
    context.setTimer('time tick', TIMES.timeTickUs);
    context.setTimer('client heartbeat', TIMES.clientHeartbeatUs);
  },

  onTimer(context, name) {
    const { state } = context;
    if (name === 'connect') connectPeer(context);
    else if (name === 'heartbeat') exchangeHeartbeat(context);
    else if (name === 'hello timeout' && !isPaired(state)) losePeer(context, 'timeout');
    else if (name === 'test other side') {
      finishTest(context);
    } else if (name === 'connect timeout') {
      if (state.state !== 'Connecting') return;
      context.log('warn', 'Synchronizer timed out trying to establish connection to peer.');
      setSynchronizerState(context, 'Testing');
      beginTest(context);
    } else if (name === 'client heartbeat') {
      context.setTimer('client heartbeat', TIMES.clientHeartbeatUs);
      for (const { session } of state.clients.values()) {
        context.send(session, { type: 'heartbeat' });
      }
    } else if (name === 'time tick') {
      context.setTimer('time tick', TIMES.timeTickUs);
      const input = { to: 'rtr', from: context.self, message: { type: 'time tick' } } as const;
      if (isEnabled(state)) acceptInput(context, input);
    }
  },

  onDatagram(context, delivery: Delivery) {
    if (delivery.message.type === 'heartbeat') context.state.lastHeardUs = context.nowUs;
  },

  onAccepted(context, { session, port }: SessionPeer) {
    const { state } = context;
    if (port === MDS_PEER_PORT) {
      state.peerSession = session;
      state.lastHeardUs = context.nowUs;
      return;
    }
    const client = SYNCHRONIZED_CLIENTS.find((name) => STATE_TRANSFER_PORT[name] === port);
    if (!client) return;
    const relay = state.transfers.get(client);
    if (relay && relay.privateSession === 0) {
      relay.privateSession = session;
      relay.privateOpen = true;
      startFlow(context, client);
    } else state.early.set(client, session);
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
      if (relay.privateSession === session) grantCredit(context, client);
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
      if (agent === session) state.agents.delete(name);
    }
  },
};

function connectPeer(context: MdsContext): void {
  const { state } = context;
  if (state.peerSession !== 0) return;
  state.peerSession = context.connect({
    host: state.config.peerHost,
    port: MDS_PEER_PORT,
    network: 'private',
  });
}

function sendHello(context: MdsContext): void {
  const { state } = context;
  state.helloState = state.state;
  if (!isPaired(state)) context.setTimer('hello timeout', TIMES.helloTimeoutUs);
  const statuses = [...state.clients].map(([name, { status }]) => [name, status] as const);
  context.send(state.peerSession, {
    type: 'hello',
    side: state.config.side,
    state: state.state,
    lastOrder: state.nextOrder - 1,
    clients: new Map(statuses),
  });
}

function exchangeHeartbeat(context: MdsContext): void {
  const { state } = context;
  context.setTimer('heartbeat', TIMES.heartbeatUs);
  if (!isPaired(state)) return;
  const to = { process: state.config.peerProcess, network: 'private' };
  context.sendDatagram(to, { type: 'heartbeat' });
  const silentUs = context.nowUs - state.lastHeardUs;
  if (silentUs > TIMES.heartbeatUs * TIMES.missedHeartbeats) losePeer(context, 'timeout');
}

function losePeer(context: MdsContext, reason: CloseReason): void {
  const { state } = context;
  if (state.peerSession !== 0) context.close(state.peerSession);
  state.peerSession = 0;
  state.peerClients.clear();
  state.early.clear();
  for (const client of SYNCHRONIZED_CLIENTS) dropRelay(context, client);
  if (state.config.side === 'A') context.setTimer('connect', TIMES.connectRetryUs);
  if (!isPaired(state)) return;
  context.log(
    'error',
    'Connectivity with duplexed partner has been lost due to a failure of the private network, ' +
      `or duplexed partner is out of service. (${reason})`,
  );
  const wasEnabled = state.state === 'Paired-Enabled';
  setSynchronizerState(context, afterPrivateLoss(state.state, majority(context)));
  if (wasEnabled) deliverUnacknowledged(context);
  if (state.state === 'Testing') beginTest(context);
  else if (state.state === 'Isolated-Enabled') initializeClients(context);
  else if (state.state === 'Isolated-Disabled') retireClients(context);
}

function majority(context: MdsContext): boolean {
  const { config, devicesConnected } = context.state;
  return hasDeviceMajority(config.side, devicesConnected.length, config.devices.length);
}

/** Asks the connected devices over the public network what the other side is. */
function beginTest(context: MdsContext): void {
  const { state } = context;
  state.testRound++;
  state.testReports.length = 0;
  const agent = state.agents.get('ccag');
  if (agent) context.send(agent, { type: 'test other side', round: state.testRound });
  context.setTimer('test other side', TIMES.testOtherSideUs);
}

function finishTest(context: MdsContext): void {
  const { state } = context;
  if (state.state !== 'Testing') return;
  const next = majority(context) ? afterTestOtherSide(state.testReports) : 'Isolated-Disabled';
  setSynchronizerState(context, next);
  if (next === 'Isolated-Enabled') initializeClients(context);
  else retireClients(context);
}

/** A side that may not work stops believing its state: the clients start over when paired again. */
function retireClients(context: MdsContext): void {
  for (const client of context.state.clients.values()) {
    client.status = 'registered';
    client.queue.length = 0;
  }
  announceSide(context);
}

function onPeerMessage(context: MdsContext, delivery: SessionDelivery): void {
  const message = delivery.message as unknown as MdsPeerMessage;
  const { state } = context;
  state.lastHeardUs = context.nowUs;
  switch (message.type) {
    case 'hello':
      return pairUp(context, message);
    case 'initialization request':
      return acceptInitialization(context, message.client, message.sender);
    case 'forward':
      return acceptInput(context, message.input);
    case 'order':
      return acceptOrder(context, message.input);
    case 'order received':
      return acknowledgeOrder(context, message.order);
    case 'client status':
      state.peerClients.set(message.client, message.status);
      return initializeClients(context);
    case 'state check': {
      const router = state.clients.get('rtr');
      if (router?.status === 'active') context.send(router.session, delivery.message);
    }
  }
}

function pairUp(context: MdsContext, hello: Extract<MdsPeerMessage, { type: 'hello' }>): void {
  const { state } = context;
  if (isPaired(state)) return;
  const { side } = state.config;
  // Side B answers with its own hello; side A goes by what it said, not by what it became since.
  if (side === 'B') sendHello(context);
  const mine = state.helloState;
  const [a, b] = side === 'A' ? [mine, hello.state] : [hello.state, mine];
  const { enabled, restartB } = decidePairing(a, b);
  if (restartB && side === 'B') {
    context.log('error', 'Both sides were enabled: side B restarts.');
    context.exit(PROCESS_RESTART_US);
    return;
  }
  for (const [client, status] of hello.clients) {
    // What the disabled side knew before the pairing is not believed: it gets the state anew.
    const known = side === enabled && status === 'active' ? 'registered' : status;
    state.peerClients.set(client, known);
  }
  context.cancelTimer('hello timeout');
  context.log('info', 'Communication with peer Synchronizer established.');
  state.nextOrder = Math.max(state.nextOrder, hello.lastOrder + 1);
  if (side !== enabled) {
    for (const client of state.clients.values()) client.status = 'registered';
  }
  setSynchronizerState(context, side === enabled ? 'Paired-Enabled' : 'Paired-Disabled');
  initializeClients(context);
}

function onLocalMessage(context: MdsContext, { session, message, from }: SessionDelivery): void {
  const { state } = context;
  const local = message as unknown as MdsClientMessage | TransferMessage;
  switch (local.type) {
    case 'register':
      return register(context, local.client, session);
    case 'attach':
      return attachPipe(context, local.client, session);
    case 'input':
      return acceptInput(context, local.input);
    case 'output':
      return routeOutput(context, from, local.to, message['message'] as PlainData);
    case 'client active':
      return activateClient(context, local.client, local.order);
    case 'state check':
      if (isPaired(state)) context.send(state.peerSession, message);
      return;
    case 'paths':
      state.devicesConnected = local.devices;
      if (state.state === 'Isolated-Disabled' && majority(context)) {
        // Emulator choice (ICM-FSM-08 is unknown): majority regained is tested again.
        setSynchronizerState(context, 'Testing');
        beginTest(context);
      }
      return;
    case 'other side':
      if (local.round === state.testRound) state.testReports.push(local.state);
  }
}

function register(context: MdsContext, name: string, session: number): void {
  const { state } = context;
  const client = SYNCHRONIZED_CLIENTS.find((candidate) => candidate === name);
  if (!client) {
    state.agents.set(name, session);
    return announceSide(context);
  }
  state.clients.set(client, { session, status: 'registered', queue: [] });
  setClientStatus(context, client, 'registered');
  initializeClients(context);
}

function attachPipe(context: MdsContext, client: ClientName, session: number): void {
  const relay = context.state.transfers.get(client);
  if (!relay) return context.close(session);
  relay.pipeSession = session;
  startFlow(context, client);
}

/** Output for a client is input of the order; output for a device goes to the local agent. */
function routeOutput(context: MdsContext, from: string, to: string, message: PlainData): void {
  const { state } = context;
  const client = SYNCHRONIZED_CLIENTS.find((candidate) => candidate === to);
  if (client) {
    const input = { to: client, from, message: message as { type: string } };
    if (isEnabled(state)) acceptInput(context, input);
    return;
  }
  const agent = state.agents.get(to === 'dba' ? 'dba' : 'ccag');
  if (agent) context.send(agent, { type: 'output', to, message });
}

function loseClient(context: MdsContext, name: ClientName): void {
  context.log(
    'error',
    `Process ${name} at the central site side ${context.state.config.side} is down.`,
  );
  setClientStatus(context, name, 'absent');
  context.state.clients.delete(name);
  announceSide(context);
  initializeClients(context);
}
