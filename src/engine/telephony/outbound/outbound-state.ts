import type { KeptFile } from '../../kernel/kept-map.ts';
import type { Context } from '../../kernel/process.ts';
import type { TServerHosts } from '../t-server-hosts.ts';

/** What the Outbound Contact Server knows: campaigns, calling lists, agents, calls in progress. */

export type CampaignConfig = {
  readonly name: string;
  readonly dbid: number;
  readonly groupDbid: number;
  readonly listDbid: number;
  /** T-Server and queue from which calls are made and to which answered ones come. */
  readonly tServer: string;
  readonly origin: string;
  readonly dialMode: number;
  readonly optimization: number;
  readonly goal: number;
  /** Extensions of the agent group. */
  readonly agents: readonly string[];
  readonly attempts: number;
  readonly retrySeconds: number;
  /** How long a number may ring. */
  readonly answerSeconds: number;
  /** Lab second at which it is loaded and started by itself; 0: by hand. */
  readonly startSeconds: number;
  readonly fields: readonly { readonly name: string; readonly dbid: number }[];
  readonly contacts: readonly Contact[];
  /** Further contacts that are drawn when the list is first used. */
  readonly generated: number;
};

export type Contact = {
  readonly phones: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
};

export type OutboundConfig = {
  readonly name: string;
  readonly dbid: number;
  readonly tServers: readonly { readonly name: string; readonly hosts: TServerHosts }[];
  readonly campaigns: readonly CampaignConfig[];
};

/** A contact in a calling list: the numbers of one person, tried in their order. */
export type ListChain = {
  readonly id: number;
  readonly phones: readonly string[];
  fields: Readonly<Record<string, string>>;
  status: number;
  type: number;
  /** Times that all its numbers were tried in vain. */
  attempts: number;
  result: number;
  /** UTC second before which it is not called. */
  dueSeconds: number;
};

export type Campaign = {
  readonly config: CampaignConfig;
  state: number;
  dialMode: number;
  modeSinceSeconds: number;
  /** GUID of the processing session; empty while it is not loaded. */
  sessionId: string;
  sequence: number;
  /** The calling list by chain id. */
  readonly list: Map<number, ListChain>;
  readonly file: KeptFile;
  /** Chains that are ready: those never put off, the next one last; the others by due time. */
  readonly fresh: ListChain[];
  readonly later: ListChain[];
  /** Results of the last attempts, newest last: the pace of predictive dialing follows them. */
  readonly recent: number[];
};

export type AttemptPhase = 'dialing' | 'queued' | 'ringing' | 'connected';

export type Attempt = {
  readonly guid: string;
  connId: string;
  phase: AttemptPhase;
  /** Extension of the agent who has the call. */
  dn: string;
  /** What is known of how it ends; 0: nothing yet. */
  result: number;
};

/** A chain in work: between its retrieval from the list and its return. */
export type LoadedChain = {
  readonly guid: string;
  readonly campaign: string;
  readonly chain: ListChain;
  state: number;
  sequence: number;
  readonly records: { readonly handle: number; readonly phone: string; attempts: number }[];
  /** Which number comes next, or is being called. */
  at: number;
  attempt: Attempt | null;
  /** Extension of the agent who previews it; empty for none. */
  previewedBy: string;
  /** UTC second for which its agent has promised to call back; 0 for none. */
  callbackSeconds: number;
  /** Last change of each field: UTC second. */
  readonly fieldsSince: Map<string, number>;
  readonly loadedSeconds: number;
};

export type OutboundAgent = { ready: boolean; readonly calls: Set<string> };

export type OutboundState = {
  readonly config: OutboundConfig;
  readonly campaigns: Map<string, Campaign>;
  readonly chains: Map<string, LoadedChain>;
  /** Loaded chain of each call, by ConnID. */
  readonly calls: Map<string, string>;
  /** By extension, those who are logged in. */
  readonly agents: Map<string, OutboundAgent>;
  readonly links: Map<string, { host: string; session: number; open: boolean }>;
  /** Sessions of ICON. */
  readonly clients: Set<number>;
  uuidPrefix: string;
  nextUuid: number;
  nextHandle: number;
};

export type OutboundContext = Context<OutboundState>;

export function isFree(agent: OutboundAgent | undefined): boolean {
  return agent?.ready === true && agent.calls.size === 0;
}
