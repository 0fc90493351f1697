import type { CloseReason, EventKind, LabEvent, Message, SessionDelivery } from './events.ts';
import { fifoFront, fifoInsert, fifoLength, fifoPush, fifoTake } from './fifo.ts';
import type { Weight } from './fingerprint.ts';
import { SECOND_US } from './lab-time.ts';
import { cutSince, type PathState, retransmitDelayUs, transmit } from './network.ts';
import type { ConnectOptions, ProcessState } from './process.ts';
import type { Route } from './routes.ts';
import { createEnd, type Outgoing, type SessionEnd, type SessionState } from './session-state.ts';

/** Bytes a sender may have on the way before it must wait for acknowledgements. */
export const WINDOW_BYTES = 262_144;
/** `send` answers false once this much waits; `onDrained` follows when it has gone out. */
const HIGH_WATER_BYTES = 1_048_576;
const RETRY_US = 500_000;
const CONNECT_TIMEOUT_US = 3 * SECOND_US;
/** How long a sender keeps retrying over a dead path before it gives the session up. */
const GIVE_UP_US = 12 * SECOND_US;
/** How often each end of a quiet session makes sure that the other is there. */
const KEEPALIVE_US = 5 * SECOND_US;

/** Names the keepalive among the events that only the session layer sees. */
const BOTH_ENDS = -1;

/** What the session layer needs of the world. */
export interface SessionWorld {
  readonly nowUs: number;
  readonly currentSeq: number;
  sessions: Map<number, SessionState>;
  nextSessionId(): number;
  route(network: string, from: string, to: string): Route;
  hostUp(host: string): boolean;
  listener(host: string, port: number): ProcessState | undefined;
  process(name: string): ProcessState | undefined;
  schedule(
    kind: EventKind,
    dueUs: number,
    target: string,
    incarnation: number,
    cause: number,
    data: LabEvent['data'],
  ): void;
  weigh(message: Message): Weight;
}

/** TCP-like sessions: ordered, reliable while the path lives, with back-pressure and reset. */
export class SessionLayer {
  constructor(private readonly world: SessionWorld) {}

  connect(process: ProcessState, options: ConnectOptions): number {
    const { world } = this;
    const id = world.nextSessionId();
    const session: SessionState = {
      id,
      network: options.host === process.host ? 'loopback' : options.network,
      port: options.port,
      priority: options.priority ?? 'high',
      openedUs: world.nowUs,
      sentBytes: 0,
      ends: [createEnd(process), createEnd({ name: '', incarnation: 0, host: options.host })],
    };
    world.sessions.set(id, session);
    const { path, random } = world.route(session.network, process.host, options.host);
    const arrivalUs = transmit(path, world.nowUs, 0, session.priority, random);
    if (!path.cut) this.event('sessionRequest', arrivalUs, process, { session: id });
    this.event('sessionClosed', world.nowUs + CONNECT_TIMEOUT_US, process, {
      session: id,
      reason: 'timeout',
      connecting: true,
    });
    return id;
  }

  /** The connection request reaches the other host: accept, refuse, or say nothing. */
  onRequest(event: LabEvent): void {
    const { world } = this;
    const session = world.sessions.get(sessionOf(event));
    if (!session) return;
    const [client, server] = session.ends;
    const forward = this.path(session, client, server);
    if (cutSince(forward, session.openedUs) || !world.hostUp(server.host)) return;
    const listener = world.listener(server.host, session.port);
    const connector = world.process(client.process);
    if (!connector) return;
    const backUs = world.nowUs + this.path(session, server, client).delayUs;
    if (!listener) {
      this.event('sessionClosed', backUs, connector, { session: session.id, reason: 'refused' });
      return;
    }
    session.ends[1] = createEnd(listener);
    session.ends[0].open = true;
    session.ends[1].open = true;
    const data = { session: session.id, port: session.port };
    this.event('sessionAccepted', world.nowUs, listener, { ...data, peer: client.process });
    this.event('sessionOpened', backUs, connector, { ...data, peer: listener.name });
    this.scheduleKeepalive(session);
  }

  send(process: ProcessState, id: number, message: Message): boolean {
    const session = this.world.sessions.get(id);
    const end = session && endOf(session, process);
    if (!session || !end?.open) return false;
    const { sizeBytes, check } = this.world.weigh(message);
    fifoPush(end.unsent, {
      number: end.nextNumber++,
      cause: this.world.currentSeq,
      sizeBytes,
      check,
      message,
    });
    end.unsentBytes += sizeBytes;
    this.pump(session, end);
    if (end.unsentBytes <= HIGH_WATER_BYTES) return true;
    end.drainWanted = true;
    return false;
  }

  /** Sends what the window and the path allow; arranges to come back if something is left. */
  pump(session: SessionState, end: SessionEnd): void {
    const { world } = this;
    const peer = peerOf(session, end);
    const route = world.route(session.network, end.host, peer.host);
    const dead = route.path.cut || !world.hostUp(peer.host);
    this.acknowledge(end);
    while (!dead && end.inFlightBytes < WINDOW_BYTES) {
      const outgoing = fifoTake(end.unsent);
      if (!outgoing) break;
      end.unsentBytes -= outgoing.sizeBytes;
      this.transmitOne(session, end, peer, route, outgoing);
    }
    if (fifoLength(end.unsent) > 0 && !end.pumpPending) this.comeBack(session, end, dead);
    if (end.drainWanted && end.unsentBytes < HIGH_WATER_BYTES / 2) {
      end.drainWanted = false;
      const owner = world.process(end.process);
      if (owner) this.event('sessionDrained', world.nowUs, owner, { session: session.id });
    }
  }

  onPump(event: LabEvent): void {
    const session = this.world.sessions.get(sessionOf(event));
    const { end: index } = event.data as { end: number };
    if (session && index === BOTH_ENDS) return this.keepAlive(session);
    const end = session?.ends[index];
    if (!session || !end?.open) return;
    end.pumpPending = false;
    this.pump(session, end);
  }

  /** A probe of each open end: an end that hears nothing for too long, or a reset, closes. */
  private keepAlive(session: SessionState): void {
    const { world } = this;
    const [client, server] = session.ends;
    const whole =
      !this.path(session, client, server).cut && !this.path(session, server, client).cut;
    for (const end of session.ends) {
      if (!end.open) continue;
      const peer = peerOf(session, end);
      const reachable = whole && world.hostUp(peer.host);
      if (reachable) end.silentSinceUs = -1;
      else if (end.silentSinceUs < 0) end.silentSinceUs = world.nowUs;
      const owner = world.process(end.process);
      if (!owner) continue;
      const silent = end.silentSinceUs >= 0 && world.nowUs - end.silentSinceUs >= GIVE_UP_US;
      if (silent || (reachable && !peer.open)) {
        const reason = silent ? 'timeout' : 'reset';
        this.event('sessionClosed', world.nowUs, owner, { session: session.id, reason });
      }
    }
    this.scheduleKeepalive(session);
  }

  private scheduleKeepalive(session: SessionState): void {
    const { world } = this;
    const data = { session: session.id, end: BOTH_ENDS };
    world.schedule('sessionPump', world.nowUs + KEEPALIVE_US, '', 0, world.currentSeq, data);
  }

  /**
   * Decides what becomes of an arriving message: 'deliver' it now, or nothing (it was lost and
   * goes back to the sender, waits for an earlier one, or met a closed end).
   */
  onArrival(event: LabEvent): SessionDelivery | undefined {
    const delivery = event.data as SessionDelivery;
    const session = this.world.sessions.get(delivery.session);
    if (!session) return undefined;
    const [client, server] = session.ends;
    const receiver = client.process === delivery.from ? server : client;
    if (receiver.process === delivery.from) return undefined;
    const sender = peerOf(session, receiver);
    const path = this.path(session, sender, receiver);
    const arrived = receiver.held.has(delivery.number);
    const lost = cutSince(path, delivery.sentUs) || !this.world.hostUp(receiver.host);
    if (!arrived && lost) {
      this.sendAgain(session, sender, delivery, event.cause);
      return undefined;
    }
    if (!receiver.open) {
      this.resetSender(session, sender, receiver);
      return undefined;
    }
    if (delivery.number > receiver.expectedNumber) {
      receiver.held.set(delivery.number, delivery);
      return undefined;
    }
    if (delivery.number < receiver.expectedNumber) return undefined;
    receiver.held.delete(delivery.number);
    receiver.expectedNumber++;
    const next = receiver.held.get(receiver.expectedNumber);
    const owner = this.world.process(receiver.process);
    if (next && owner) this.event('sessionMessage', this.world.nowUs, owner, next, event.cause);
    return delivery;
  }

  /** Closes one end; the peer hears of it if the path and both hosts are alive. */
  closeEnd(session: SessionState, end: SessionEnd, reason: CloseReason): void {
    const wasOpen = end.open;
    end.open = false;
    const peer = peerOf(session, end);
    if (wasOpen && peer.open && this.world.hostUp(end.host)) {
      this.resetSender(session, peer, end, reason);
    }
    if (!peer.open) this.world.sessions.delete(session.id);
  }

  /** A close reaches an end: true if its process is to be told. */
  onClosed(event: LabEvent): boolean {
    const { session: id, connecting } = event.data as { session: number; connecting?: boolean };
    const session = this.world.sessions.get(id);
    if (!session) return false;
    const end = session.ends.find((candidate) => candidate.process === event.target);
    if (!end || (connecting && end.open)) return false;
    const told = end.open || !session.ends[1].open;
    end.open = false;
    if (!peerOf(session, end).open) this.world.sessions.delete(id);
    return told;
  }

  private transmitOne(
    session: SessionState,
    end: SessionEnd,
    peer: SessionEnd,
    { path, random }: Route,
    outgoing: Outgoing,
  ): void {
    const { world } = this;
    const plainUs = transmit(path, world.nowUs, outgoing.sizeBytes, session.priority, random);
    const dueUs = Math.max(plainUs + retransmitDelayUs(path, random), end.lastArrivalUs);
    end.lastArrivalUs = dueUs;
    const ackUs = dueUs + this.path(session, peer, end).delayUs;
    fifoPush(end.inFlight, { ackUs, sizeBytes: outgoing.sizeBytes });
    end.inFlightBytes += outgoing.sizeBytes;
    end.retryingSinceUs = -1;
    session.sentBytes += outgoing.sizeBytes;
    const delivery: SessionDelivery = {
      from: end.process,
      network: session.network,
      session: session.id,
      number: outgoing.number,
      sentUs: world.nowUs,
      sizeBytes: outgoing.sizeBytes,
      check: outgoing.check,
      message: outgoing.message,
    };
    world.schedule('sessionMessage', dueUs, peer.process, 0, outgoing.cause, delivery);
  }

  private acknowledge(end: SessionEnd): void {
    for (;;) {
      const front = fifoFront(end.inFlight);
      if (!front || front.ackUs > this.world.nowUs) return;
      fifoTake(end.inFlight);
      end.inFlightBytes -= front.sizeBytes;
    }
  }

  private comeBack(session: SessionState, end: SessionEnd, dead: boolean): void {
    const { world } = this;
    let dueUs = world.nowUs + RETRY_US;
    if (dead) {
      if (end.retryingSinceUs < 0) end.retryingSinceUs = world.nowUs;
      if (world.nowUs - end.retryingSinceUs > GIVE_UP_US) {
        const owner = world.process(end.process);
        const data = { session: session.id, reason: 'timeout' };
        if (owner) this.event('sessionClosed', world.nowUs, owner, data);
        return;
      }
    } else dueUs = fifoFront(end.inFlight)?.ackUs ?? dueUs;
    end.pumpPending = true;
    const data = { session: session.id, end: session.ends.indexOf(end) };
    world.schedule('sessionPump', dueUs, '', 0, world.currentSeq, data);
  }

  private sendAgain(
    session: SessionState,
    sender: SessionEnd,
    delivery: SessionDelivery,
    cause: number,
  ): void {
    if (!sender.open) return;
    const { number, sizeBytes, check, message } = delivery;
    const outgoing = { number, cause, sizeBytes, check, message };
    fifoInsert(sender.unsent, outgoing, (other) => other.number > number);
    sender.unsentBytes += sizeBytes;
    this.pump(session, sender);
  }

  private resetSender(
    session: SessionState,
    told: SessionEnd,
    by: SessionEnd,
    reason: CloseReason = 'reset',
  ): void {
    const owner = this.world.process(told.process);
    const path = this.path(session, by, told);
    if (!owner || path.cut) return;
    // A close follows what was already sent, as a FIN does.
    const dueUs = Math.max(this.world.nowUs + path.delayUs, by.lastArrivalUs);
    this.event('sessionClosed', dueUs, owner, { session: session.id, reason });
  }

  private path(session: SessionState, from: SessionEnd, to: SessionEnd): PathState {
    return this.world.route(session.network, from.host, to.host).path;
  }

  private event(
    kind: EventKind,
    dueUs: number,
    process: ProcessState,
    data: LabEvent['data'],
    cause = this.world.currentSeq,
  ): void {
    this.world.schedule(kind, dueUs, process.name, process.incarnation, cause, data);
  }
}

export function endOf(session: SessionState, process: ProcessState): SessionEnd | undefined {
  const [client, server] = session.ends;
  if (isEndOf(client, process)) return client;
  return isEndOf(server, process) ? server : undefined;
}

function isEndOf(end: SessionEnd, { name, incarnation }: ProcessState): boolean {
  return end.process === name && end.incarnation === incarnation;
}

function peerOf(session: SessionState, end: SessionEnd): SessionEnd {
  return session.ends[0] === end ? session.ends[1] : session.ends[0];
}

function sessionOf(event: LabEvent): number {
  return (event.data as { session: number }).session;
}
