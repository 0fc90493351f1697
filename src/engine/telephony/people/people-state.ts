import type { Context } from '../../kernel/process.ts';
import type { MediaName } from '../interaction-server/interaction-messages.ts';
import type { UserData } from '../messages.ts';
import type { TServerHosts } from '../t-server-hosts.ts';

/** What callers and agents are like, and where they are. */
export type TrafficConfig = {
  readonly utcOffsetSeconds: number;
  /** For each hour of the local day, 24 values. */
  readonly callsPerHour: readonly number[];
  readonly dialedNumbers: readonly { dn: string; switch: string; share: number }[];
  readonly agents: readonly {
    readonly extension: string;
    readonly agentId: string;
    readonly switch: string;
  }[];
  /** By hand: nobody logs in, answers or hangs up unless a command says so. */
  readonly agentsBy: 'themselves' | 'hand';
  readonly meanAnswerSeconds: number;
  readonly meanTalkSeconds: number;
  readonly meanAfterCallSeconds: number;
  readonly meanPatienceSeconds: number;
  /** What callers press who are asked for digits, each by a share of them; the rest nothing. */
  readonly digits: readonly { readonly digits: string; readonly share: number }[];
  /** Shares of the answered calls, 0 to 1. */
  readonly transferShare: number;
  readonly conferenceShare: number;
  readonly holdShare: number;
  /** Share of the answered calls to which the desktop attaches data. */
  readonly attachedDataShare: number;
  /** For each agent and hour. */
  readonly breaksPerHour: number;
  readonly outboundCallsPerHour: number;
  /** Extensions whose desktops work with campaigns. */
  readonly outboundAgents: readonly string[];
  /** Where the lab has an Interaction Server. */
  readonly media?: MediaConfig;
  readonly switches: readonly {
    readonly name: string;
    readonly host: string;
    readonly tServerHosts: TServerHosts;
  }[];
};

export type MediaConfig = {
  readonly host: string;
  readonly agents: readonly {
    readonly extension: string;
    readonly place: string;
    /** Employee id. */
    readonly agentId: string;
  }[];
  readonly sources: readonly {
    readonly media: MediaName;
    readonly queue: string;
    readonly perHour: number;
  }[];
  readonly meanHandleSeconds: number;
};

export type PeopleState = {
  readonly config: TrafficConfig;
  /** Sessions with switches and, under `desktop NAME`, with T-Servers. */
  readonly sessions: Map<string, { host: string; session: number; open: boolean }>;
  /** Extensions that commands have taken over. */
  readonly byHand: Set<string>;
  /** What each agent is doing beyond the call itself. */
  readonly plans: Map<string, Plan>;
  /** Records of campaigns that agents have before them, by extension. */
  readonly records: Map<string, { readonly number: string; readonly data: UserData }>;
  /** Numbers outside that are on a call, with the call. */
  readonly outside: Map<string, { at: string; call: number }>;
  /** The same, by switch and call: the numbers that are on it. */
  readonly outsideByCall: Map<string, Set<string>>;
};

/** A consultation that an agent has begun. */
export type Plan = {
  readonly kind: 'transfer' | 'conference';
  step: 'consulting' | 'joined';
};

export type PeopleContext = Context<PeopleState>;

export function isByHand({ state }: PeopleContext, extension: string): boolean {
  return state.config.agentsBy === 'hand' || state.byHand.has(extension);
}

export function switchOfExtension({ state }: PeopleContext, extension: string): string {
  return state.config.agents.find((agent) => agent.extension === extension)?.switch ?? '';
}
