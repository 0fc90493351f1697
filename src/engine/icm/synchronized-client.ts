import type { CloseReason, Message, SessionDelivery } from '../kernel/events.ts';
import type { Context, SessionPeer } from '../kernel/process.ts';
import type {
  ClientName,
  InitializeRole,
  MdsClientMessage,
  OrderedInput,
  Side,
  StateSectionHead,
  StateTransferDesired,
  TransferMessage,
} from './messages.ts';
import { MDS_CLIENT_PORT, MDS_TRANSFER_PORT, STATE_TRANSFER_PORT } from './ports.ts';

/** Bytes of state in one record message. */
const RECORD_BYTES = 32_768;
const MDS_RETRY_US = 500_000;
/** Emulator choice (ICM-XFER-16 is unknown): a transfer that stands still this long has failed. */
export const TRANSFER_TIMEOUT_US = 30_000_000;
const RESTART_US = 2_000_000;

export type StateSection = {
  readonly name: string;
  /** Counters that belong to the section, besides its bytes. */
  readonly numbers: readonly number[];
  readonly bytes: Uint8Array;
};

export type LastTransfer = {
  readonly from: Side;
  readonly to: Side;
  readonly atUs: number;
  readonly sizeBytes: number;
};

type Sending = {
  readonly pipe: number;
  readonly order: number;
  readonly hash: string;
  readonly sections: readonly StateSection[];
  section: number;
  at: number;
  credits: number;
};

type Receiving = {
  readonly pipe: number;
  readonly from: Side;
  readonly chunks: Map<string, Uint8Array[]>;
  sizeBytes: number;
};

/** What every synchronized client keeps besides its own state. */
export type ClientState = {
  readonly side: Side;
  readonly host: string;
  mdsSession: number;
  phase: 'connecting' | 'registered' | 'loading' | 'sending' | 'receiving' | 'active';
  sending: Sending | null;
  receiving: Receiving | null;
  lastTransfer: LastTransfer | null;
  lastOrder: number;
  lastHeartbeatUs: number;
};

export function createClientState(side: Side, host: string): ClientState {
  return {
    side,
    host,
    mdsSession: 0,
    phase: 'connecting',
    sending: null,
    receiving: null,
    lastTransfer: null,
    lastOrder: 0,
    lastHeartbeatUs: 0,
  };
}

export interface ClientHooks<S extends { client: ClientState }> {
  readonly name: ClientName;
  /** Version of the state format; sender and receiver must agree. */
  readonly version: number;
  snapshot(state: S): StateSection[];
  /** Replaces the whole state; throws nothing, since the bytes were checked before. */
  recreate(state: S, sections: readonly StateSection[]): void;
  hash(state: S): string;
  startAlone(context: Context<S>): void;
  onOrdered(context: Context<S>, input: OrderedInput): void;
  onOther?(context: Context<S>, message: Message): void;
}

/** Registration, initialization and state transfer, the same for every synchronized client. */
export class SynchronizedClient<S extends { client: ClientState }> {
  constructor(private readonly hooks: ClientHooks<S>) {}

  connect(context: Context<S>): void {
    const { client } = context.state;
    const port = MDS_CLIENT_PORT[client.side];
    client.mdsSession = context.connect({ host: context.host, port, network: 'loopback' });
  }

  onTimer(context: Context<S>, name: string): boolean {
    if (name === 'connect mds') this.connect(context);
    else if (name === 'transfer timeout') this.fail(context, 'the transfer stood still');
    else return false;
    return true;
  }

  onOpened(context: Context<S>, { session }: SessionPeer): void {
    const { client } = context.state;
    if (session === client.mdsSession) {
      client.phase = 'registered';
      context.send(session, { type: 'register', client: this.hooks.name });
    } else if (session === client.receiving?.pipe) {
      context.send(session, { type: 'attach', client: this.hooks.name, role: 'receiver' });
      this.desireState(context);
    } else if (session === client.sending?.pipe) {
      context.send(session, { type: 'attach', client: this.hooks.name, role: 'sender' });
    }
  }

  onClosed(context: Context<S>, session: number, reason: CloseReason): void {
    const { client } = context.state;
    if (session === client.mdsSession) {
      if (client.phase === 'connecting') return context.setTimer('connect mds', MDS_RETRY_US);
      context.log('error', 'Lost the local MDS.');
      return context.exit(RESTART_US);
    }
    if (session === client.sending?.pipe) {
      const { section, sections } = client.sending;
      const whole = section > sections.length;
      if (!whole) context.log('warn', `State transfer to the other side broke off (${reason}).`);
      client.sending = null;
      context.cancelTimer('transfer timeout');
      if (client.phase === 'sending') client.phase = 'active';
    } else if (session === client.receiving?.pipe) this.fail(context, `pipe ${reason}`);
  }

  onMessage(context: Context<S>, delivery: SessionDelivery): void {
    const { client } = context.state;
    const { session } = delivery;
    if (session === client.sending?.pipe) return this.onCredit(context);
    if (session === client.receiving?.pipe) return this.onRecords(context, delivery);
    const message = delivery.message as unknown as MdsClientMessage;
    if (message.type === 'heartbeat') client.lastHeartbeatUs = context.nowUs;
    else if (message.type === 'initialize') this.initialize(context, message.role, message.other);
    else if (message.type === 'ordered') this.takeOrdered(context, message.input);
    else this.hooks.onOther?.(context, delivery.message);
  }

  /** The client has come up alone and is in service. */
  activate(context: Context<S>): void {
    const { client } = context.state;
    client.phase = 'active';
    const order = client.lastOrder;
    context.send(client.mdsSession, { type: 'client active', client: this.hooks.name, order });
  }

  private initialize(context: Context<S>, role: InitializeRole, other: Side): void {
    const { client } = context.state;
    if (role === 'alone') {
      client.phase = 'loading';
      return this.hooks.startAlone(context);
    }
    if (role === 'sender') return context.log('info', `Side ${other} will ask for the state.`);
    client.phase = 'receiving';
    const port = MDS_TRANSFER_PORT[client.side];
    // Step 1 of the receiving side: create a pipe to receive the data.
    const pipe = context.connect({ host: context.host, port, network: 'loopback' });
    client.receiving = { pipe, from: other, chunks: new Map(), sizeBytes: 0 };
    context.setTimer('transfer timeout', TRANSFER_TIMEOUT_US);
  }

  /** Step 2: say that a state transfer is desired, with address and version. */
  private desireState(context: Context<S>): void {
    const { client } = context.state;
    const { name, version } = this.hooks;
    const message: StateTransferDesired = {
      type: 'state transfer desired',
      client: name,
      receiver: client.side,
      address: `${client.host}:${STATE_TRANSFER_PORT[name]}`,
      version,
    };
    const input = { to: name, from: context.self, message };
    context.send(client.mdsSession, { type: 'input', input });
  }

  private takeOrdered(context: Context<S>, input: OrderedInput): void {
    const { client } = context.state;
    client.lastOrder = input.order;
    if (input.message.type === 'state transfer desired') {
      const desired = input.message as StateTransferDesired;
      if (desired.receiver !== client.side) this.beginSending(context, desired, input.order);
      return;
    }
    this.hooks.onOrdered(context, input);
  }

  /** The snapshot is taken here: at one position of the ordered input. */
  private beginSending(context: Context<S>, desired: StateTransferDesired, order: number): void {
    const { client } = context.state;
    if (desired.version !== this.hooks.version) {
      const mine = this.hooks.version;
      context.log('error', `State version ${desired.version} was asked for, mine is ${mine}.`);
      return;
    }
    const sections = this.hooks.snapshot(context.state);
    const hash = this.hooks.hash(context.state);
    const port = MDS_TRANSFER_PORT[client.side];
    const pipe = context.connect({ host: context.host, port, network: 'loopback' });
    client.phase = 'sending';
    client.sending = { pipe, order, hash, sections, section: 0, at: 0, credits: 0 };
    const total = sections.reduce((sum, { bytes }) => sum + bytes.length, 0);
    context.log('info', `State transfer to ${desired.address} begins: ${total} bytes.`);
    client.lastTransfer = {
      from: client.side,
      to: desired.receiver,
      atUs: context.nowUs,
      sizeBytes: total,
    };
  }

  private onCredit(context: Context<S>): void {
    const { sending } = context.state.client;
    if (!sending) return;
    sending.credits++;
    while (sending.credits > 0 && sending.section <= sending.sections.length) {
      context.send(sending.pipe, nextRecord(sending) as Message);
      sending.credits--;
    }
  }

  private onRecords(context: Context<S>, delivery: SessionDelivery): void {
    const { client } = context.state;
    const { receiving } = client;
    const message = delivery.message as unknown as TransferMessage;
    if (!receiving) return;
    context.setTimer('transfer timeout', TRANSFER_TIMEOUT_US);
    if (message.type === 'state records') {
      const chunks = receiving.chunks.get(message.section) ?? [];
      chunks.push(message.bytes);
      receiving.chunks.set(message.section, chunks);
      receiving.sizeBytes += message.bytes.length;
    } else if (message.type === 'state end') this.finishReceiving(context, receiving, message);
  }

  private finishReceiving(
    context: Context<S>,
    receiving: Receiving,
    end: Extract<TransferMessage, { type: 'state end' }>,
  ): void {
    const { state } = context;
    const { client } = state;
    const sections = joinSections(end.sections, receiving.chunks);
    if (!sections) return this.fail(context, 'records are missing');
    this.hooks.recreate(state, sections);
    if (this.hooks.hash(state) !== end.hash) return this.fail(context, 'the state differs');
    context.cancelTimer('transfer timeout');
    client.receiving = null;
    client.lastOrder = end.order;
    client.lastTransfer = {
      from: receiving.from,
      to: client.side,
      atUs: context.nowUs,
      sizeBytes: receiving.sizeBytes,
    };
    context.close(receiving.pipe);
    context.log('info', `State received: ${receiving.sizeBytes} bytes, equal to the sender's.`);
    this.activate(context);
  }

  private fail(context: Context<S>, reason: string): void {
    context.log('error', `State transfer failed: ${reason}.`);
    context.exit(RESTART_US);
  }
}

function nextRecord(sending: Sending): TransferMessage {
  const { sections } = sending;
  // Empty sections have nothing to ship; their heads come with the end.
  while (sending.section < sections.length) {
    const { name, bytes } = sections[sending.section];
    const { at } = sending;
    if (at < bytes.length) {
      sending.at += RECORD_BYTES;
      const chunk = bytes.slice(at, at + RECORD_BYTES);
      return { type: 'state records', section: name, at, bytes: chunk };
    }
    sending.section++;
    sending.at = 0;
  }
  sending.section = sections.length + 1;
  return {
    type: 'state end',
    order: sending.order,
    hash: sending.hash,
    sizeBytes: sections.reduce((sum, { bytes }) => sum + bytes.length, 0),
    sections: sections.map(({ name, numbers, bytes }) => ({
      name,
      numbers,
      sizeBytes: bytes.length,
    })),
  };
}

function joinSections(
  heads: readonly StateSectionHead[],
  chunks: ReadonlyMap<string, readonly Uint8Array[]>,
): StateSection[] | undefined {
  const sections: StateSection[] = [];
  for (const { name, numbers, sizeBytes } of heads) {
    const bytes = new Uint8Array(sizeBytes);
    let at = 0;
    for (const chunk of chunks.get(name) ?? []) {
      if (at + chunk.length > sizeBytes) return undefined;
      bytes.set(chunk, at);
      at += chunk.length;
    }
    if (at !== sizeBytes) return undefined;
    sections.push({ name, numbers, bytes });
  }
  return sections;
}
