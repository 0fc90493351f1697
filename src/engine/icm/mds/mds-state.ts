import type { Context } from '../../kernel/process.ts';
import type {
  ClientName,
  ClientStatus,
  OrderedInput,
  Side,
  SynchronizerState,
  UnorderedInput,
} from '../messages.ts';

export type MdsConfig = {
  readonly side: Side;
  readonly peerHost: string;
  readonly peerProcess: string;
  /** Peripheral Gateways enabled in setup: what device majority is counted against. */
  readonly devices: readonly string[];
};

export type LocalClient = {
  readonly session: number;
  status: ClientStatus;
  /** Ordered since the client asked for its state; delivered once it is active. */
  readonly queue: OrderedInput[];
};

export type TransferRelay = {
  readonly role: 'sender' | 'receiver';
  /** Session over the private low-priority path; 0 until there is one. */
  privateSession: number;
  privateOpen: boolean;
  /** The local client's pipe; 0 until it attached. */
  pipeSession: number;
};

export type MdsState = {
  readonly config: MdsConfig;
  state: SynchronizerState;
  peerSession: number;
  lastHeardUs: number;
  /** State that was said in the last hello: both sides decide from what was said. */
  helloState: SynchronizerState;
  /** Order number that the enabled synchronizer gives next. */
  nextOrder: number;
  /** Sent to the peer and not yet acknowledged; delivered here only then. */
  readonly unacknowledged: OrderedInput[];
  /** Arrived while nobody is enabled (ICM-FAIL-08: route requests are queued). */
  readonly waiting: UnorderedInput[];
  readonly clients: Map<ClientName, LocalClient>;
  /** Local processes that are not synchronized: agents of devices and databases. */
  readonly agents: Map<string, number>;
  readonly peerClients: Map<ClientName, ClientStatus>;
  readonly transfers: Map<ClientName, TransferRelay>;
  /** Side B: transfer sessions that came before the initialization request did. */
  readonly early: Map<ClientName, number>;
  devicesConnected: readonly string[];
  testRound: number;
  readonly testReports: SynchronizerState[];
};

export type MdsContext = Context<MdsState>;

export function createMdsState(config: MdsConfig): MdsState {
  return {
    config,
    state: 'Connecting',
    peerSession: 0,
    lastHeardUs: 0,
    helloState: 'Connecting',
    nextOrder: 1,
    unacknowledged: [],
    waiting: [],
    clients: new Map(),
    agents: new Map(),
    peerClients: new Map(),
    transfers: new Map(),
    early: new Map(),
    devicesConnected: [],
    testRound: 0,
    testReports: [],
  };
}

export function isEnabled(state: MdsState): boolean {
  return state.state === 'Paired-Enabled' || state.state === 'Isolated-Enabled';
}

export function isPaired(state: MdsState): boolean {
  return state.state === 'Paired-Enabled' || state.state === 'Paired-Disabled';
}
