import type { CloseReason, Message, SessionDelivery } from '../kernel/events.ts';
import type { Context, SessionPeer } from '../kernel/process.ts';
import { mdsClientPort, mdsTransferPort } from './local-mds.ts';
import {
  type ClientName,
  type InitializeRole,
  type MdsClientMessage,
  type OrderedInput,
  otherSide,
  type Side,
  type StateSectionHead,
  type StateTransferDesired,
  type TransferMessage,
} from './messages.ts';
import type { MdsPorts } from './ports.ts';
import type { IcmSettings } from './settings.ts';
import { hashSection, type StateSection } from './state-section.ts';

const MDS_RETRY_US = 500_000;

export type LastTransfer = {
  readonly from: Side;
  readonly to: Side;
  readonly atUs: number;
  readonly sizeBytes: number;
};

type Sending = {
  readonly pipe: number;
  readonly order: number;
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

/** What the definition of a lab says to every synchronized client. */
export type ClientConfig = {
  readonly side: Side;
  readonly host: string;
  readonly ports: MdsPorts;
  /** Registry key of the node whose MDS this is. */
  readonly registryKey: string;
  readonly settings: IcmSettings;
};

/** What every synchronized client keeps besides its own state. */
export type ClientState = {
  readonly config: ClientConfig;
  mdsSession: number;
  phase: 'connecting' | 'registered' | 'loading' | 'sending' | 'receiving' | 'active';
  sending: Sending | null;
  receiving: Receiving | null;
  lastTransfer: LastTransfer | null;
  lastOrder: number;
  lastHeartbeatUs: number;
};

export function createClientState(config: ClientConfig): ClientState {
  const { side, host, ports, registryKey, settings } = config;
  return {
    config: { side, host, ports, registryKey, settings },
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
  version(context: Context<S>): number;
  /** Objects in the state, counted against the cap. */
  objectCount(state: S): number;
  snapshot(context: Context<S>): StateSection[];
  /** Replaces the whole state; throws nothing, since the bytes were checked before. */
  recreate(context: Context<S>, sections: readonly StateSection[]): void;
  startAlone(context: Context<S>): void;
  onOrdered(context: Context<S>, input: OrderedInput): void;
  onOther?(context: Context<S>, message: Message): void;
}

/** Registration, initialization and state transfer, the same for every synchronized client. */
export class SynchronizedClient<S extends { client: ClientState }> {
  constructor(private readonly hooks: ClientHooks<S>) {}

  connect(context: Context<S>): void {
    const { client } = context.state;
    const port = mdsClientPort(context, client.config);
    client.mdsSession = context.connect({ host: context.host, port, network: 'loopback' });
  }

  onTimer(context: Context<S>, name: string): boolean {
    if (name === 'connect mds') this.connect(context);
    else if (name === 'transfer timeout') this.timeOut(context);
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
      return context.exit('failure');
    }
    if (session === client.sending?.pipe) this.endSending(context, reason);
    else if (session === client.receiving?.pipe) this.fail(context, `pipe ${reason}`);
  }

  onMessage(context: Context<S>, delivery: SessionDelivery): void {
    const { client } = context.state;
    const { session } = delivery;
    if (session === client.sending?.pipe) {
      if (delivery.message.type === 'state received') return this.noteSent(context);
      return this.onCredit(context);
    }
    if (session === client.receiving?.pipe) return this.onRecords(context, delivery);
    const message = delivery.message as unknown as MdsClientMessage;
    switch (message.type) {
      case 'heartbeat':
        client.lastHeartbeatUs = context.nowUs;
        return void context.send(session, { type: 'heartbeat received' });
      case 'initialize':
        return this.initialize(context, message.role, message.other);
      case 'ordered':
        return this.takeOrdered(context, message.input);
      case 'transfer refused':
        if (client.phase === 'receiving') this.fail(context, `refused: ${message.reason}`);
        return;
      default:
        this.hooks.onOther?.(context, delivery.message);
    }
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
    // Step 1 of the receiving side: create a pipe to receive the data.
    const pipe = this.openPipe(context);
    client.receiving = { pipe, from: other, chunks: new Map(), sizeBytes: 0 };
    context.setTimer('transfer timeout', client.config.settings.transferTimeout);
  }

  private openPipe(context: Context<S>): number {
    const port = mdsTransferPort(context, context.state.client.config);
    return context.connect({ host: context.host, port, network: 'loopback' });
  }

  /** Step 2: say that a state transfer is desired, with address and version. */
  private desireState(context: Context<S>): void {
    const { client } = context.state;
    const { name } = this.hooks;
    const { side, host, ports } = client.config;
    const message: StateTransferDesired = {
      type: 'state transfer desired',
      client: name,
      receiver: side,
      address: `${host}:${ports.stateTransfer[name]}`,
      version: this.hooks.version(context),
    };
    const input = { to: name, from: context.self, message };
    context.send(client.mdsSession, { type: 'input', input });
  }

  private takeOrdered(context: Context<S>, input: OrderedInput): void {
    const { client } = context.state;
    client.lastOrder = input.order;
    if (input.message.type === 'state transfer desired') {
      const desired = input.message as StateTransferDesired;
      if (desired.receiver !== client.config.side) this.send(context, desired, input.order);
      return;
    }
    this.hooks.onOrdered(context, input);
  }

  /** Why this client will not send its state; undefined when it will. */
  private refusal(context: Context<S>, desired: StateTransferDesired): string | undefined {
    const mine = this.hooks.version(context);
    if (desired.version !== mine) {
      return `state version ${desired.version} was asked for, side ${otherSide(
        desired.receiver,
      )} has version ${mine}`;
    }
    const cap = context.state.client.config.settings.stateObjectCap;
    const count = this.hooks.objectCount(context.state);
    return count > cap ? `the state has ${count} objects, more than the ${cap} allowed` : undefined;
  }

  /** The snapshot is taken here: at one position of the ordered input. */
  private send(context: Context<S>, desired: StateTransferDesired, order: number): void {
    const { client } = context.state;
    const reason = this.refusal(context, desired);
    if (reason) {
      context.log('error', `State transfer refused: ${reason}.`);
      const message = { type: 'transfer refused', client: this.hooks.name, reason };
      return void context.send(client.mdsSession, message);
    }
    // A second join while one was going on: the first one's pipe is of no use any more.
    if (client.sending) context.close(client.sending.pipe);
    const sections = this.hooks.snapshot(context);
    const pipe = this.openPipe(context);
    client.phase = 'sending';
    client.sending = { pipe, order, sections, section: 0, at: 0, credits: 0 };
    context.setTimer('transfer timeout', client.config.settings.transferTimeout);
    const total = sections.reduce((sum, { bytes }) => sum + bytes.length, 0);
    context.log('info', `State transfer to ${desired.address} begins: ${total} bytes.`);
  }

  /** Only what arrived whole counts as a transfer (ICM-RTT-13). */
  private noteSent(context: Context<S>): void {
    const { client } = context.state;
    const { side } = client.config;
    const sizeBytes = client.sending!.sections.reduce((sum, { bytes }) => sum + bytes.length, 0);
    client.lastTransfer = { from: side, to: otherSide(side), atUs: context.nowUs, sizeBytes };
  }

  private onCredit(context: Context<S>): void {
    const { sending, config } = context.state.client;
    if (!sending) return;
    sending.credits++;
    context.setTimer('transfer timeout', config.settings.transferTimeout);
    while (sending.credits > 0 && sending.section <= sending.sections.length) {
      context.send(sending.pipe, nextRecord(sending, config.settings.stateRecordBytes) as Message);
      sending.credits--;
    }
  }

  private endSending(context: Context<S>, reason: CloseReason): void {
    const { client } = context.state;
    const { section, sections } = client.sending!;
    if (section <= sections.length) {
      context.log('warn', `State transfer to the other side broke off (${reason}).`);
    }
    client.sending = null;
    context.cancelTimer('transfer timeout');
    if (client.phase === 'sending') client.phase = 'active';
  }

  private onRecords(context: Context<S>, delivery: SessionDelivery): void {
    const { client } = context.state;
    const { receiving } = client;
    const message = delivery.message as unknown as TransferMessage;
    if (!receiving) return;
    context.setTimer('transfer timeout', client.config.settings.transferTimeout);
    if (message.type === 'state records') {
      const chunks = receiving.chunks.get(message.section) ?? [];
      chunks.push(message.bytes);
      receiving.chunks.set(message.section, chunks);
      receiving.sizeBytes += message.bytes.length;
    } else if (message.type === 'state end') this.finishReceiving(context, receiving, message);
  }

  /** Nothing of the old state is touched before every section has been found whole. */
  private finishReceiving(
    context: Context<S>,
    receiving: Receiving,
    end: Extract<TransferMessage, { type: 'state end' }>,
  ): void {
    const { client } = context.state;
    const sections: StateSection[] = [];
    for (const head of end.sections) {
      const bytes = joinChunks(head, receiving.chunks.get(head.name) ?? []);
      if (!bytes) return this.fail(context, `records of ${head.name} are missing`);
      const section = { name: head.name, numbers: head.numbers, bytes };
      if (hashSection(section) !== head.hash) {
        return this.fail(context, `a record of table ${head.name} arrived damaged`);
      }
      sections.push(section);
    }
    this.hooks.recreate(context, sections);
    context.cancelTimer('transfer timeout');
    client.receiving = null;
    client.lastOrder = end.order;
    client.lastTransfer = {
      from: receiving.from,
      to: client.config.side,
      atUs: context.nowUs,
      sizeBytes: receiving.sizeBytes,
    };
    context.send(receiving.pipe, { type: 'state received' });
    context.close(receiving.pipe);
    context.log('info', `State received: ${receiving.sizeBytes} bytes, equal to the sender's.`);
    this.activate(context);
  }

  private timeOut(context: Context<S>): void {
    const { client } = context.state;
    if (client.phase === 'receiving') return this.fail(context, 'it stood still');
    if (!client.sending) return;
    context.close(client.sending.pipe);
    this.endSending(context, 'timeout');
  }

  /** Its Node Manager starts the process again, and it tries again. */
  private fail(context: Context<S>, reason: string): void {
    context.log('error', `State transfer failed: ${reason}.`);
    context.exit('failure');
  }
}

function nextRecord(sending: Sending, recordBytes: number): TransferMessage {
  const { sections, order } = sending;
  // Empty sections have nothing to ship; their heads come with the end.
  while (sending.section < sections.length) {
    const { name, bytes } = sections[sending.section];
    const { at } = sending;
    if (at < bytes.length) {
      sending.at += recordBytes;
      const chunk = bytes.slice(at, at + recordBytes);
      return { type: 'state records', section: name, at, bytes: chunk };
    }
    sending.section++;
    sending.at = 0;
  }
  sending.section = sections.length + 1;
  const heads = sections.map(({ name, numbers, bytes }) => ({
    name,
    numbers,
    sizeBytes: bytes.length,
    hash: hashSection({ name, numbers, bytes }),
  }));
  const sizeBytes = sections.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { type: 'state end', order, sizeBytes, sections: heads };
}

/** The section's bytes in one piece; undefined when they are not just as many as announced. */
function joinChunks(
  { sizeBytes }: StateSectionHead,
  chunks: readonly Uint8Array[],
): Uint8Array | undefined {
  if (chunks.reduce((sum, { length }) => sum + length, 0) !== sizeBytes) return undefined;
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
