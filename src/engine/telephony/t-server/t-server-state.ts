import type { Context } from '../../kernel/process.ts';
import type { CallLink, UserData } from '../messages.ts';

export type TParty = { readonly uuid: string; state: number; role: number };

export type TCall = {
  readonly id: number;
  readonly connId: string;
  readonly uuid: string;
  readonly callType: number;
  readonly ani: string;
  readonly dnis: string;
  readonly createdSeconds: number;
  /** Call that this one consults for, by its CallUUID; or empty. */
  readonly originalUuid: string;
  /** By DN; the DN of a party outside is its number. */
  readonly parties: Map<string, TParty>;
  userData: UserData;
  readonly links: CallLink[];
  /** Where the call is in a virtual queue. */
  virtualQueue: { readonly dn: string; readonly id: string } | null;
};

export type TAgent = {
  agentId: string;
  state: 'ready' | 'not ready';
  workMode: number;
  readonly queues: Set<string>;
};

export type TClient = { readonly registered: Set<string>; monitoring: boolean };

/** What the T-Servers of a pair tell each other of themselves. */
export type Standing = { readonly serving: boolean; readonly linkUp: boolean };

export type Pair = {
  readonly peerHost: string;
  /** The configured primary: if nobody is, it becomes it. */
  readonly isPreferred: boolean;
  /** With the other one; 0: none. */
  session: number;
  /** What the other one has said last; null: it is not there. */
  peer: Standing | null;
};

export type TServerState = {
  readonly name: string;
  readonly serverId: number;
  readonly switchHost: string;
  /** Of a redundant pair; null for a T-Server that is alone. */
  readonly pair: Pair | null;
  /** It has clients: always, or while it is the primary of its pair. */
  serving: boolean;
  /** Routing point to the virtual queue in which its calls wait. */
  readonly virtualQueues: ReadonlyMap<string, string>;
  uuidPrefix: string;
  nextUuid: number;
  nextConnection: number;
  nextSequence: number;
  switchSession: number;
  linkUp: boolean;
  /** By switch call id. */
  readonly calls: Map<number, TCall>;
  readonly agents: Map<string, TAgent>;
  readonly outOfService: Set<string>;
  /**
   * What the switch has named since its link came back: DNs of each call, and what it said of DNs
   * without a call. Null when nothing is awaited.
   */
  named: { readonly calls: Map<number, Set<string>>; readonly dns: Set<string> } | null;
  readonly clients: Map<number, TClient>;
  /** Faults in force: how many of the next events of a kind are lost, or lack an attribute. */
  readonly distortions: { readonly event: string; readonly omit: string; left: number }[];
};

export type TServerContext = Context<TServerState>;
