import type { Message } from '../kernel/events.ts';
import type { PlainData } from '../kernel/plain-data.ts';

export type Side = 'A' | 'B';

/** Processes that run in lockstep and receive state transfers (first slice: two of the four). */
export const SYNCHRONIZED_CLIENTS = ['rtr', 'clgr'] as const;
export type ClientName = (typeof SYNCHRONIZED_CLIENTS)[number];

/** One message of the total order that both sides apply. */
export type OrderedInput = {
  readonly order: number;
  /** UTC second stamped by the enabled synchronizer: the only clock a router may look at. */
  readonly second: number;
  /** A synchronized client, or `all` for every one of them. */
  readonly to: ClientName | 'all';
  /** Process that the input came from. */
  readonly from: string;
  readonly message: Message;
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

/** Local processes and their MDS. */
export type MdsClientMessage =
  | { type: 'register'; client: string }
  | { type: 'input'; input: UnorderedInput }
  | { type: 'output'; to: string; message: Message }
  | { type: 'client active'; client: ClientName; order: number }
  | { type: 'state check'; order: number; hash: string }
  | { type: 'paths'; devices: readonly string[] }
  | { type: 'other side'; round: number; device: string; state: SynchronizerState }
  | { type: 'initialize'; client: ClientName; role: InitializeRole; other: Side }
  | { type: 'ordered'; input: OrderedInput }
  | { type: 'heartbeat' }
  | { type: 'side status'; state: SynchronizerState; inService: boolean }
  | { type: 'test other side'; round: number };

/** Between the two synchronizers, on the private network. */
export type MdsPeerMessage =
  | {
      type: 'hello';
      side: Side;
      state: SynchronizerState;
      lastOrder: number;
      clients: ReadonlyMap<ClientName, ClientStatus>;
    }
  | { type: 'initialization request'; client: ClientName; sender: Side }
  | { type: 'forward'; input: UnorderedInput }
  | { type: 'order'; input: OrderedInput }
  | { type: 'order received'; order: number }
  | { type: 'client status'; client: ClientName; status: ClientStatus }
  | { type: 'state check'; order: number; hash: string };

/** Through the pipe of one state transfer, client to client by way of both MDS processes. */
export type TransferMessage =
  | { type: 'attach'; client: ClientName; role: 'sender' | 'receiver' }
  | { type: 'transfer credit' }
  | { type: 'state records'; section: string; at: number; bytes: Uint8Array }
  | {
      type: 'state end';
      order: number;
      hash: string;
      sizeBytes: number;
      sections: readonly StateSectionHead[];
    };

export type StateSectionHead = {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly sizeBytes: number;
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
  | { type: 'device hello'; device: string }
  | { type: 'side status'; state: SynchronizerState; inService: boolean }
  | { type: 'path state'; device: string; active: boolean }
  | { type: 'device input'; message: Message }
  | { type: 'device output'; message: Message }
  | { type: 'test other side'; round: number; asking: Side }
  | { type: 'who are you'; round: number }
  | { type: 'i am'; round: number; state: SynchronizerState }
  | { type: 'other side'; round: number; device: string; state: SynchronizerState };

/** From a Peripheral Gateway to the routers, and back. */
export type RouterInput =
  | {
      type: 'route request';
      dialog: number;
      peripheral: string;
      device: string;
      dialedNumber: string;
      ani: string;
    }
  | { type: 'agent state'; peripheral: string; extension: string; state: number }
  | { type: 'peripheral online'; peripheral: string; online: boolean }
  | { type: 'time tick' }
  | { type: 'configuration request' }
  | { type: 'configuration'; revision: number; objects: readonly PlainData[] }
  | { type: 'configuration update'; change: PlainData };

export type RouteLabel = {
  readonly type: 'route label';
  readonly dialog: number;
  readonly peripheral: string;
  readonly label: string;
  readonly callType: string;
  readonly script: string;
  readonly reason: string;
  readonly order: number;
};

export function otherSide(side: Side): Side {
  return side === 'A' ? 'B' : 'A';
}
