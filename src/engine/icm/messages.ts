import type { Message } from '../kernel/events.ts';
import type { PlainData } from '../kernel/plain-data.ts';
import type { CallTreatment } from '../telephony/messages.ts';

export type Side = 'A' | 'B';

/**
 * Processes that run in lockstep and receive state transfers, in the order in which they do so:
 * the router, then the Logger's two, then the CIC (ICM-XFER-08); on a Peripheral Gateway the OPC.
 */
export const ROUTER_CLIENTS = ['rtr', 'clgr', 'hlgr', 'cic'] as const;
export const GATEWAY_CLIENTS = ['opc'] as const;
export type RouterClientName = (typeof ROUTER_CLIENTS)[number];
export type ClientName = RouterClientName | (typeof GATEWAY_CLIENTS)[number];
export const ALL_CLIENTS: readonly ClientName[] = [...ROUTER_CLIENTS, ...GATEWAY_CLIENTS];

/** One message of the total order that both sides apply. */
export type OrderedInput = {
  readonly order: number;
  /** UTC second stamped by the enabled synchronizer: the only clock a client may look at. */
  readonly second: number;
  /** A synchronized client, or `all` for every one of them. */
  readonly to: ClientName | 'all';
  /** Process that the input came from. */
  readonly from: string;
  readonly message: Message;
  /** Set on what the disabled side forwarded: it knows its own by that. */
  readonly forwarded: number;
};

/** An input on its way to the synchronizer that orders. */
export type UnorderedInput = Pick<OrderedInput, 'to' | 'from' | 'message'>;

export type SynchronizerState =
  | 'Connecting'
  | 'Testing'
  | 'Paired-Enabled'
  | 'Paired-Disabled'
  | 'Isolated-Enabled'
  | 'Isolated-Disabled';

/** `loading`: comes up alone and already gets ordered input, but is not in service yet. */
export type ClientStatus = 'absent' | 'registered' | 'loading' | 'transferring' | 'active';
export type InitializeRole = 'alone' | 'sender' | 'receiver';

/** What is known of the other side when it is tested. */
export type OtherSideReport = {
  readonly state: SynchronizerState;
  /** Peripheral Gateways only: components in service there (ICM-FAIL-16). */
  readonly weight: number;
};

export type SideStatus = {
  readonly type: 'side status';
  readonly state: SynchronizerState;
  readonly inService: boolean;
  /** A Logger runs on either side: configuration may change. */
  readonly loggerInService: boolean;
};

/** Local processes and their MDS. */
export type MdsClientMessage =
  | { type: 'register'; client: string }
  | { type: 'input'; input: UnorderedInput }
  | { type: 'output'; to: string; message: Message }
  | { type: 'client active'; client: ClientName; order: number }
  | { type: 'transfer refused'; client: ClientName; reason: string }
  | { type: 'state check'; order: number; hash: string }
  | { type: 'paths'; devices: readonly string[] }
  | ({ type: 'other side'; round: number; device: string } & OtherSideReport)
  | { type: 'initialize'; client: ClientName; role: InitializeRole; other: Side }
  | { type: 'ordered'; input: OrderedInput }
  | { type: 'heartbeat' }
  | { type: 'heartbeat received' }
  | SideStatus
  | { type: 'test other side'; round: number };

export type HelloMessage = {
  readonly type: 'hello';
  readonly side: Side;
  readonly state: SynchronizerState;
  readonly lastOrder: number;
  /** Since when a device or Central Controller has been connected; -1: none is. */
  readonly connectedSinceUs: number;
  readonly clients: ReadonlyMap<ClientName, ClientStatus>;
};

/** Between the two synchronizers, on the private network. */
export type MdsPeerMessage =
  | HelloMessage
  /** Side A has paired; only now does side B, since its own hello may have been lost. */
  | { type: 'hello received' }
  | { type: 'initialization request'; client: ClientName; sender: Side }
  | { type: 'transfer refused'; client: ClientName; reason: string }
  | { type: 'forward'; input: UnorderedInput; number: number }
  | { type: 'order'; input: OrderedInput }
  | { type: 'order received'; order: number }
  | { type: 'client status'; client: ClientName; status: ClientStatus }
  | { type: 'state check'; order: number; hash: string };

/** Through the pipe of one state transfer, client to client by way of both MDS processes. */
export type TransferMessage =
  | { type: 'attach'; client: ClientName; role: 'sender' | 'receiver' }
  | { type: 'transfer credit' }
  /** From the receiver, when it has found everything whole. */
  | { type: 'state received' }
  | { type: 'state records'; section: string; at: number; bytes: Uint8Array }
  | {
      type: 'state end';
      order: number;
      sizeBytes: number;
      sections: readonly StateSectionHead[];
    };

export type StateSectionHead = {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly sizeBytes: number;
  readonly hash: string;
};

export type StateTransferDesired = {
  readonly type: 'state transfer desired';
  readonly client: ClientName;
  readonly receiver: Side;
  readonly address: string;
  readonly version: number;
};

/** Peripheral Gateway agent and Central Controller agent, on the public network. */
export type PublicMessage =
  | { type: 'device hello'; device: string; gatewaySide: Side }
  | SideStatus
  | { type: 'path state'; active: boolean }
  | { type: 'device input'; message: Message }
  | { type: 'device output'; message: Message }
  | { type: 'keepalive' }
  | { type: 'test other side'; round: number; state: SynchronizerState }
  | { type: 'who are you'; round: number; state: SynchronizerState }
  | { type: 'i am'; round: number; state: SynchronizerState }
  | ({ type: 'other side'; round: number; device: string } & OtherSideReport);

/** The two agents of a duplexed Peripheral Gateway, on the public network. */
export type GatewayTestMessage = { type: 'who are you' | 'i am'; round: number } & OtherSideReport;

/** What a Peripheral Gateway tells the routers; numbered, so that nothing old comes late. */
export type Numbered = {
  readonly gateway: string;
  readonly stream: number;
  readonly number: number;
};

/** To the routers. */
export type RouterInput =
  | {
      type: 'route request';
      dialog: number;
      peripheral: string;
      device: string;
      dialedNumber: string;
      ani: string;
    }
  | {
      type: 'call ended';
      dialog: number;
      peripheral: string;
      device: string;
      /** False: it has only left its routing point. */
      final: boolean;
    }
  | {
      type: 'treatment ended';
      dialog: number;
      peripheral: string;
      device: string;
      /** Of the treatment. */
      number: number;
      /** What the caller has entered; empty for none. */
      digits: string;
    }
  | ({ type: 'agent state'; peripheral: string; extension: string; state: number } & Numbered)
  | ({ type: 'peripheral online'; peripheral: string; online: boolean } & Numbered)
  | { type: 'gateway paths'; side: Side; gateways: readonly string[] }
  | { type: 'time tick' }
  /** A historical Logger tells how far its rows go: the router's keys go on from there. */
  | { type: 'history key'; key: number }
  | { type: 'history key request' }
  | { type: 'configuration request' }
  | { type: 'configuration'; revision: number; objects: readonly PlainData[] }
  | { type: 'configuration update'; change: PlainData };

export type RouteLabel = {
  readonly type: 'route label';
  readonly dialog: number;
  readonly peripheral: string;
  /** 1 destination; 4 further processing: the call waits where it is (ICM-RR-06). */
  readonly labelType: number;
  readonly label: string;
  /** Further processing that is not music. */
  readonly treatment?: CallTreatment;
  readonly callType: string;
  readonly script: string;
  readonly reason: string;
  readonly order: number;
};

export const LABEL_TYPE = { normal: 1, furtherProcessing: 4 } as const;

/** One route call detail as the historical Logger keeps it. */
export type HistoryRow = {
  readonly type: 'history row';
  /** Rises by one for each row, equal on both sides. */
  readonly recoveryKey: number;
  readonly second: number;
  readonly dialedNumber: string;
  readonly callType: string;
  readonly script: string;
  readonly label: string;
};

export function otherSide(side: Side): Side {
  return side === 'A' ? 'B' : 'A';
}
