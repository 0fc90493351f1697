import type { CloseReason, SessionDelivery } from '../../kernel/events.ts';
import { raise } from '../ems/raise.ts';
import { TRACE } from '../ems/trace-groups.ts';
import { type ClientName, type HelloMessage, type MdsPeerMessage, otherSide } from '../messages.ts';
import {
  acceptInitialization,
  dropRelay,
  initializeClients,
  refuseTransfer,
} from './initialization.ts';
import { isEnabled, isPaired, type MdsContext, mainClient } from './mds-state.ts';
import {
  acceptInput,
  acceptOrder,
  acknowledgeOrder,
  announceSide,
  setSynchronizerState,
} from './ordering.ts';
import { afterPrivateLoss, decidePairing } from './synchronizer.ts';
import { beginTest, hasMajority } from './testing.ts';

export function connectPeer(context: MdsContext): void {
  const { state } = context;
  if (state.peerSession !== 0) return;
  const { peerHost: host, ports } = state.config;
  state.peerSession = context.connect({ host, port: ports.peer, network: 'private' });
}

export function sendHello(context: MdsContext): void {
  const { state } = context;
  state.helloState = state.state;
  state.helloSinceUs = state.connectedSinceUs;
  if (!isPaired(state)) context.setTimer('hello timeout', state.config.settings.helloTimeout);
  const statuses = [...state.clients].map(([name, { status }]) => [name, status] as const);
  state.helloClients = new Map(statuses);
  context.send(state.peerSession, {
    type: 'hello',
    side: state.config.side,
    state: state.state,
    lastOrder: state.nextOrder - 1,
    connectedSinceUs: state.helloSinceUs,
    clients: state.helloClients,
  });
}

export function exchangeHeartbeat(context: MdsContext): void {
  const { state } = context;
  const { settings, peerProcess } = state.config;
  context.setTimer('heartbeat', settings.heartbeat);
  if (!isPaired(state)) return;
  context.sendDatagram({ process: peerProcess, network: 'private' }, { type: 'heartbeat' });
  const silentUs = context.nowUs - state.lastHeardUs;
  if (silentUs > settings.heartbeat * settings.missedHeartbeats) losePeer(context, 'timeout');
}

/** Forgets the peer's session and all that hung on it; side A asks for a new one. */
function dropPeer(context: MdsContext): void {
  const { state } = context;
  const { config } = state;
  if (state.peerSession !== 0) context.close(state.peerSession);
  state.peerSession = 0;
  state.heardHello = null;
  state.peerClients.clear();
  for (const session of state.early.values()) context.close(session);
  state.early.clear();
  for (const client of config.clients) dropRelay(context, client);
  if (config.side === 'A') context.setTimer('connect', config.settings.connectRetry);
}

/**
 * Leaves the order to the other side, which has everything that it needs: it hears by the gateway's
 * agents that this side is disabled, and pairs with it as the one who is enabled (emulator choice).
 */
export function stepBack(context: MdsContext): void {
  dropPeer(context);
  context.log('warn', 'This side steps back: the other side serves.');
  setSynchronizerState(context, 'Isolated-Disabled');
  settle(context);
}

export function losePeer(context: MdsContext, reason: CloseReason): void {
  const { state } = context;
  const { config } = state;
  dropPeer(context);
  if (!isPaired(state)) return;
  raise(context, 'peerLost');
  if (context.traces(TRACE.mds.peer)) context.log('trace', `The peer session ended: ${reason}.`);
  if (config.role === 'peripheral gateway') {
    setSynchronizerState(context, 'Testing');
    return beginTest(context);
  }
  setSynchronizerState(context, afterPrivateLoss(state.state, hasMajority(context)));
  if (state.state === 'Testing') beginTest(context);
  else settle(context);
}

/** What follows once this side knows that it is isolated. */
export function settle(context: MdsContext): void {
  const { state } = context;
  if (state.state === 'Isolated-Enabled') {
    forgetOtherPaths(context);
    initializeClients(context);
  } else if (state.state === 'Isolated-Disabled') {
    retireClients(context);
    context.setTimer('test again', state.config.settings.isolatedRetest);
  }
}

/** The other side's devices are out of sight: the router is told so, in order. */
function forgetOtherPaths(context: MdsContext): void {
  const { role, side } = context.state.config;
  if (role !== 'central controller') return;
  const message = { type: 'gateway paths', side: otherSide(side), gateways: [] };
  acceptInput(context, { to: 'rtr', from: context.self, message });
}

/** A side that may not work stops believing its state: the clients start over when paired again. */
function retireClients(context: MdsContext): void {
  const { state } = context;
  for (const client of state.clients.values()) {
    client.status = 'registered';
    client.queue.length = 0;
  }
  state.inService = false;
}

export function onPeerMessage(context: MdsContext, delivery: SessionDelivery): void {
  const message = delivery.message as unknown as MdsPeerMessage;
  const { state } = context;
  state.lastHeardUs = context.nowUs;
  switch (message.type) {
    case 'hello':
      return hearHello(context, message);
    case 'hello received':
      if (state.heardHello) pairUp(context, state.heardHello);
      return;
    case 'initialization request':
      return acceptInitialization(context, message.client, message.sender);
    case 'transfer refused':
      return refuseTransfer(context, message.client, message.reason);
    case 'forward':
      if (isEnabled(state)) acceptInput(context, message.input, message.number);
      return;
    case 'order':
      return acceptOrder(context, message.input);
    case 'order received':
      return acknowledgeOrder(context, message.order);
    case 'client status':
      return hearClientStatus(context, message.client, message.status);
    case 'state check': {
      const main = state.clients.get(mainClient(state));
      if (main?.status === 'active') context.send(main.session, delivery.message);
    }
  }
}

function hearClientStatus(
  context: MdsContext,
  client: ClientName,
  status: Extract<MdsPeerMessage, { type: 'client status' }>['status'],
): void {
  const { state } = context;
  const before = state.peerClients.get(client);
  state.peerClients.set(client, status);
  const other = otherSide(state.config.side);
  const isRouterNode = state.config.role === 'central controller';
  if (isRouterNode && status === 'absent' && before !== undefined && before !== 'absent') {
    raise(context, 'processDown', other, client);
  } else if (isRouterNode && status === 'active' && before !== 'active') {
    raise(context, 'processOk', other, client);
  }
  // A client that has gone takes part in no transfer.
  if (status === 'absent') dropRelay(context, client);
  if (client === 'clgr') announceSide(context);
  initializeClients(context);
}

/** Side A has both hellos now and pairs; side B answers, and waits to hear that it was heard. */
function hearHello(context: MdsContext, hello: HelloMessage): void {
  const { state } = context;
  if (isPaired(state)) return;
  if (state.config.side === 'B') {
    state.heardHello = hello;
    return sendHello(context);
  }
  context.send(state.peerSession, { type: 'hello received' });
  pairUp(context, hello);
}

/** A client that registered, came into service or went while the hellos were under way. */
function tellChangesSinceHello(context: MdsContext, isOrdering: boolean): void {
  const { state } = context;
  for (const client of state.config.clients) {
    const status = state.clients.get(client)?.status ?? 'absent';
    const said = state.helloClients.get(client) ?? 'absent';
    const believed = !isOrdering && said === 'active' ? 'registered' : said;
    if (status === believed) continue;
    context.send(state.peerSession, { type: 'client status', client, status });
  }
}

/** Both sides decide from what was said, not from what they have become since. */
function pairUp(context: MdsContext, hello: HelloMessage): void {
  const { state } = context;
  if (isPaired(state)) return;
  const { side, role } = state.config;
  const mine = { state: state.helloState, connectedSinceUs: state.helloSinceUs };
  const [a, b] = side === 'A' ? [mine, hello] : [hello, mine];
  const { enabled, restartB } = decidePairing(a, b, role);
  if (restartB) {
    if (side === 'A') return context.log('warn', 'Both sides were enabled: side B restarts.');
    context.log('error', 'Both sides were enabled: the service of side B restarts.');
    return context.exit('failure');
  }
  for (const [client, status] of hello.clients) {
    // What the disabled side knew before the pairing is not believed: it gets the state anew.
    state.peerClients.set(client, side === enabled && status === 'active' ? 'registered' : status);
  }
  context.cancelTimer('hello timeout');
  state.pairedSinceUs = context.nowUs;
  context.setTimer('initialize clients', state.config.settings.startAloneDelay);
  raise(context, 'peerEstablished');
  state.nextOrder = Math.max(state.nextOrder, hello.lastOrder + 1);
  if (side !== enabled) retireClients(context);
  setSynchronizerState(context, side === enabled ? 'Paired-Enabled' : 'Paired-Disabled');
  tellChangesSinceHello(context, side === enabled);
  initializeClients(context);
}
