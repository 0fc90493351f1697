import type { Message, SessionDelivery } from '../../kernel/events.ts';
import { raise } from '../ems/raise.ts';
import { TRACE } from '../ems/trace-groups.ts';
import {
  type ClientName,
  type ClientStatus,
  otherSide,
  type Side,
  type TransferMessage,
} from '../messages.ts';
import {
  isEnabled,
  isPaired,
  type MdsContext,
  mainClient,
  type TransferRelay,
} from './mds-state.ts';
import { announceSide } from './ordering.ts';

/** Record messages that a sender may have under way to its MDS. */
const CREDITS = 4;

/**
 * Brings synchronized clients into service: alone, or by a state transfer from the other side.
 * Whichever side sends, side A's MDS sends the initialization request (source document, Figure 1).
 */
export function initializeClients(context: MdsContext): void {
  for (const client of context.state.config.clients) initializeClient(context, client);
}

function initializeClient(context: MdsContext, client: ClientName): void {
  const { state } = context;
  const { side } = state.config;
  const here = state.clients.get(client)?.status ?? 'absent';
  const there = isPaired(state) ? (state.peerClients.get(client) ?? 'absent') : 'absent';
  const isBusy = (status: ClientStatus) => status === 'transferring' || status === 'loading';
  if (isBusy(here) || isBusy(there) || (here === 'active' && there === 'active')) return;
  if (here === 'active' && there === 'registered') {
    if (side === 'A' && isTurn(context, client)) requestInitialization(context, client, 'A');
  } else if (here === 'registered' && there === 'active') {
    if (side === 'A' && isTurn(context, client)) requestInitialization(context, client, 'B');
  } else if (here === 'registered' && (isEnabled(state) || mayStartAlone(context, there))) {
    setClientStatus(context, client, 'loading');
    tellClient(context, client, 'alone');
  }
}

/** The router's transfer comes first; the others follow when it is active on both sides. */
function isTurn({ state }: MdsContext, client: ClientName): boolean {
  const main = mainClient(state);
  if (client === main) return true;
  const settled = (status: ClientStatus | undefined) =>
    !status || status === 'active' || status === 'absent';
  return settled(state.clients.get(main)?.status) && settled(state.peerClients.get(main));
}

/**
 * The enabled side has no such client at all: this side's comes up without it. Not at once after
 * pairing, since the other side's may be registering just now.
 */
function mayStartAlone({ state, nowUs }: MdsContext, there: ClientStatus): boolean {
  const settled = nowUs - state.pairedSinceUs >= state.config.settings.startAloneDelay;
  return state.state === 'Paired-Disabled' && there === 'absent' && settled;
}

/** Only ever runs on side A: the red arrow of Figure 1. */
function requestInitialization(context: MdsContext, client: ClientName, sender: Side): void {
  const { state } = context;
  context.log('info', `Initialization request for ${client}: side ${sender} sends its state.`);
  context.send(state.peerSession, { type: 'initialization request', client, sender });
  const relay = openRelay(context, client, sender);
  relay.privateSession = context.connect({
    host: state.config.peerHost,
    port: state.config.ports.stateTransfer[client]!,
    network: 'private',
    priority: 'low',
  });
  startTransfer(context, client, sender);
}

/** Side B hears of it. */
export function acceptInitialization(context: MdsContext, client: ClientName, sender: Side): void {
  if (context.traces(TRACE.mds.stateTransfer)) {
    context.log('trace', `Initialization request for ${client} came: side ${sender} sends.`);
  }
  const { clients, early, peerSession } = context.state;
  if (!clients.has(client)) {
    // It has gone while the request was under way.
    const session = early.get(client);
    if (session) context.close(session);
    early.delete(client);
    return void context.send(peerSession, { type: 'client status', client, status: 'absent' });
  }
  openRelay(context, client, sender);
  startTransfer(context, client, sender);
}

function openRelay(context: MdsContext, client: ClientName, sender: Side): TransferRelay {
  const { state } = context;
  dropRelay(context, client);
  const role = sender === state.config.side ? 'sender' : 'receiver';
  const early = state.early.get(client) ?? 0;
  state.early.delete(client);
  const relay: TransferRelay = {
    role,
    privateSession: early,
    privateOpen: early > 0,
    pipeSession: 0,
    owed: 0,
  };
  state.transfers.set(client, relay);
  return relay;
}

function startTransfer(context: MdsContext, client: ClientName, sender: Side): void {
  const isSender = sender === context.state.config.side;
  if (isSender) context.state.peerClients.set(client, 'transferring');
  else setClientStatus(context, client, 'transferring');
  tellClient(context, client, isSender ? 'sender' : 'receiver');
}

function tellClient(
  context: MdsContext,
  client: ClientName,
  role: 'alone' | 'sender' | 'receiver',
): void {
  const { clients, config } = context.state;
  const session = clients.get(client)?.session;
  if (!session) return;
  context.send(session, { type: 'initialize', client, role, other: otherSide(config.side) });
}

export function setClientStatus(context: MdsContext, name: ClientName, status: ClientStatus): void {
  const { state } = context;
  const client = state.clients.get(name);
  if (client) client.status = status;
  if (isPaired(state)) {
    context.send(state.peerSession, { type: 'client status', client: name, status });
  }
  announceSide(context);
}

/** The client holds the state as of `order`; what was ordered since follows at once. */
export function activateClient(context: MdsContext, name: ClientName, order: number): void {
  if (context.traces(TRACE.mds.stateTransfer)) {
    context.log('trace', `Client ${name} is active from order ${order} on.`);
  }
  const client = context.state.clients.get(name);
  if (!client) return;
  setClientStatus(context, name, 'active');
  client.unanswered = 0;
  client.holdsOrder = order;
  const { role, side } = context.state.config;
  if (role === 'central controller') raise(context, 'processOk', side, name);
  for (const input of client.queue.splice(0)) {
    if (input.order > order) context.send(client.session, { type: 'ordered', input });
  }
  initializeClients(context);
}

/** Data may flow once the sender's pipe is attached and the private session is open. */
export function startFlow(context: MdsContext, client: ClientName): void {
  const relay = context.state.transfers.get(client);
  if (relay?.role !== 'sender' || !relay.privateOpen || relay.pipeSession === 0) return;
  for (let i = 0; i < CREDITS; i++) grantCredit(context, client);
}

/** Messages on pipes and private transfer sessions: passed through, one credit for each. */
export function relayTransfer(
  context: MdsContext,
  client: ClientName,
  relay: TransferRelay,
  delivery: SessionDelivery,
): void {
  const message = delivery.message as unknown as TransferMessage;
  const fromPipe = delivery.session === relay.pipeSession;
  if (message.type === 'transfer credit') return;
  const onward = fromPipe ? relay.privateSession : relay.pipeSession;
  const roomLeft = context.send(onward, damaged(context, client, delivery.message));
  if (!fromPipe || relay.role !== 'sender') return;
  if (roomLeft) grantCredit(context, client);
  else relay.owed++;
}

/** The fault `corrupt-record`: one bit of the next record is flipped on its way. */
function damaged(context: MdsContext, client: ClientName, message: Message): Message {
  const { corruptNext } = context.state;
  if (message.type !== 'state records' || !corruptNext.delete(client)) return message;
  const bytes = (message['bytes'] as Uint8Array).slice();
  bytes[bytes.length >> 1] ^= 1;
  return { ...message, bytes };
}

/** The other side's client will not send: this side's is told why, and by ending ends all. */
export function refuseTransfer(context: MdsContext, name: ClientName, reason: string): void {
  const client = context.state.clients.get(name);
  if (client) context.send(client.session, { type: 'transfer refused', client: name, reason });
  else dropRelay(context, name);
}

export function grantCredit(context: MdsContext, client: ClientName): void {
  const relay = context.state.transfers.get(client);
  if (relay?.pipeSession) context.send(relay.pipeSession, { type: 'transfer credit' } as Message);
}

/** A session ended: if it was a transfer's, both its ends go, and the relay with them. */
export function endRelay(context: MdsContext, session: number): boolean {
  for (const [client, early] of context.state.early) {
    if (early === session) context.state.early.delete(client);
  }
  for (const [client, relay] of context.state.transfers) {
    if (relay.privateSession !== session && relay.pipeSession !== session) continue;
    dropRelay(context, client);
    return true;
  }
  return false;
}

/** Ends a client's transfer, however far its sessions had come. */
export function dropRelay(context: MdsContext, client: ClientName): void {
  const relay = context.state.transfers.get(client);
  if (!relay) return;
  context.state.transfers.delete(client);
  if (relay.privateSession) context.close(relay.privateSession);
  if (relay.pipeSession) context.close(relay.pipeSession);
}
