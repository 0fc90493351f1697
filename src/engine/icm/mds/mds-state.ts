import type { Context } from '../../kernel/process.ts';
import type {
  ClientName,
  ClientStatus,
  HelloMessage,
  OrderedInput,
  OtherSideReport,
  Side,
  SynchronizerState,
  UnorderedInput,
} from '../messages.ts';
import type { MdsPorts } from '../ports.ts';
import type { IcmSettings } from '../settings.ts';

export type MdsConfig = {
  readonly role: 'central controller' | 'peripheral gateway';
  readonly side: Side;
  readonly peerHost: string;
  readonly peerProcess: string;
  readonly ports: MdsPorts;
  /** Registry key of the node, such as `...\\lab50\\RouterA`. */
  readonly registryKey: string;
  readonly clients: readonly ClientName[];
  /** The agent that speaks with devices (ccag) or with the Central Controller (pgag). */
  readonly agent: 'ccag' | 'pgag';
  /** Peripheral Gateways enabled in setup: what device majority is counted against. */
  readonly devices: readonly string[];
  readonly settings: IcmSettings;
};

export type LocalClient = {
  readonly process: string;
  readonly session: number;
  status: ClientStatus;
  /** Ordered since the client asked for its state; delivered once it is active. */
  readonly queue: OrderedInput[];
  /** The state that it holds has all inputs up to this one. */
  holdsOrder: number;
  /** MDS heartbeats it has not answered. */
  unanswered: number;
};

export type TransferRelay = {
  readonly role: 'sender' | 'receiver';
  /** Session over the private low-priority path; 0 until there is one. */
  privateSession: number;
  privateOpen: boolean;
  /** The local client's pipe; 0 until it attached. */
  pipeSession: number;
  /** Credits held back while the private session's buffer is full. */
  owed: number;
};

export type MdsState = {
  readonly config: MdsConfig;
  state: SynchronizerState;
  peerSession: number;
  lastHeardUs: number;
  /** State that was said in the last hello: both sides decide from what was said. */
  helloState: SynchronizerState;
  helloSinceUs: number;
  helloClients: ReadonlyMap<ClientName, ClientStatus>;
  /** Side B: what side A said, until it has heard side B too. */
  heardHello: HelloMessage | null;
  /** Order number that the enabled synchronizer gives next. */
  nextOrder: number;
  /** Sent to the peer and not yet acknowledged; delivered here only then. */
  readonly unacknowledged: OrderedInput[];
  /** Arrived while nobody is enabled (ICM-FAIL-08: route requests are queued). */
  readonly waiting: UnorderedInput[];
  /** Forwarded to the enabled side and not yet seen in the order. */
  readonly forwarded: { readonly number: number; readonly input: UnorderedInput }[];
  nextForward: number;
  readonly clients: Map<ClientName, LocalClient>;
  /** Local processes that are not synchronized: agents of devices and databases. */
  readonly agents: Map<string, number>;
  readonly peerClients: Map<ClientName, ClientStatus>;
  readonly transfers: Map<ClientName, TransferRelay>;
  /** Side B: transfer sessions that came before the initialization request did. */
  readonly early: Map<ClientName, number>;
  /** Once in service, this side stays so until its main client or its synchronizer fails. */
  inService: boolean;
  /** Devices with a path to this side; for a PG, its own agent's paths. */
  devicesConnected: readonly string[];
  connectedSinceUs: number;
  pairedSinceUs: number;
  testRound: number;
  /** Rounds of the present test that ended without a decision. */
  undecided: number;
  /** Latest report of each device. */
  readonly testReports: Map<string, OtherSideReport>;
  /** Fault: the next state record of this client that passes has a bit flipped. */
  readonly corruptNext: Set<ClientName>;
};

export type MdsContext = Context<MdsState>;

export function createMdsState(config: MdsConfig): MdsState {
  return {
    config,
    state: 'Connecting',
    peerSession: 0,
    lastHeardUs: 0,
    helloState: 'Connecting',
    helloSinceUs: -1,
    helloClients: new Map(),
    heardHello: null,
    nextOrder: 1,
    unacknowledged: [],
    waiting: [],
    forwarded: [],
    nextForward: 1,
    clients: new Map(),
    agents: new Map(),
    peerClients: new Map(),
    transfers: new Map(),
    early: new Map(),
    inService: false,
    devicesConnected: [],
    connectedSinceUs: -1,
    pairedSinceUs: 0,
    testRound: 0,
    undecided: 0,
    testReports: new Map(),
    corruptNext: new Set(),
  };
}

export function isEnabled(state: MdsState): boolean {
  return state.state === 'Paired-Enabled' || state.state === 'Isolated-Enabled';
}

export function isPaired(state: MdsState): boolean {
  return state.state === 'Paired-Enabled' || state.state === 'Paired-Disabled';
}

/** The client whose service is the service of the side: the router, or the OPC. */
export function mainClient({ config }: MdsState): ClientName {
  return config.clients[0];
}
