import type { Context } from '../../kernel/process.ts';
import type { CallLink, UserData } from '../messages.ts';
import type { CALL_TYPE } from '../t-library.ts';

/** What a switch knows: its telephones, its queues, and who is on which call. */

export type AgentState = 'logged out' | 'not ready' | 'ready';

export type Extension = {
  agentId: string;
  state: AgentState;
  workMode: number;
  /** Calls with a party here, the newest last. */
  readonly calls: number[];
  /** Order in which extensions became ready: a queue serves the agent who waits longest. */
  readySince: number;
  doNotDisturb: boolean;
  inService: boolean;
  /** Queues that the agent has logged in to by name. */
  readonly queues: Set<string>;
  /** Extension of the supervisor who joins the next call. */
  observer: string;
  /** Call type and way of the last call ask for after-call work. */
  owesWork: boolean;
};

export type Queue = {
  readonly members: readonly string[];
  readonly calls: number[];
  /** Where a call goes that has waited so long; null: it stays. */
  readonly overflow: { readonly to: string; readonly afterSeconds: number } | null;
};

/** What a party does, in the words of the switch. */
export type PartyDoing = 'dialing' | 'routing' | 'queued' | 'alerting' | 'connected' | 'held';

export type Party = {
  readonly dn: string;
  doing: PartyDoing;
  role: number;
  /** Not at this switch: the caller, or a number outside that was dialed. */
  readonly outside: boolean;
  /** Queue that the call came through. */
  readonly queue: string;
};

export type CallTypeNumber = (typeof CALL_TYPE)[keyof typeof CALL_TYPE];

export type Call = {
  readonly id: number;
  readonly type: CallTypeNumber;
  readonly ani: string;
  readonly dnis: string;
  readonly parties: Party[];
  /** For a consult call: the call that waits on hold meanwhile. */
  primary: number;
  /** True once somebody has answered. */
  answered: boolean;
  /** What is played or asked at the routing point, if not music, with what has been entered. */
  treatment: {
    readonly number: number;
    readonly type: number;
    readonly wanted: number;
    entered: string;
    /** The router has been told, and has not said yet what follows. */
    ended: boolean;
  } | null;
  /** Numbers of the treatments so far. */
  readonly heard: number[];
  /** What the T-Server keeps with the call: it goes with it to another switch. */
  userData: UserData;
};

export type SwitchState = {
  readonly name: string;
  readonly routingPoints: ReadonlySet<string>;
  readonly extensions: Map<string, Extension>;
  readonly queues: Map<string, Queue>;
  /** Queue DN that takes calls the router does not answer for. */
  readonly defaultQueue: string;
  /** Numbers of other switches, to the host of each. */
  readonly elsewhere: ReadonlyMap<string, { readonly host: string; readonly location: string }>;
  readonly calls: Map<number, Call>;
  readonly links: Map<number, 'people' | 't-server' | 'pim'>;
  /** The T-Server that has the link, or had it last. */
  tServer: string;
  /** Calls on their way to another switch, by the session that takes them there. */
  readonly leaving: Map<number, Departure>;
  nextCall: number;
  nextReady: number;
};

export type Departure = {
  readonly dialedNumber: string;
  readonly ani: string;
  readonly link: CallLink;
  readonly userData: UserData;
};

export type SwitchContext = Context<SwitchState>;

/** Emulator choice: how long the switch waits for a label before it routes by default. */
export const ROUTE_TIMEOUT_US = 5_000_000;

/** Emulator choice: a call that an agent does not answer goes back to its queue. */
export const NO_ANSWER_US = 30_000_000;

export function createExtension(): Extension {
  return {
    agentId: '',
    state: 'logged out',
    workMode: 0,
    calls: [],
    readySince: 0,
    doNotDisturb: false,
    inService: true,
    queues: new Set(),
    observer: '',
    owesWork: false,
  };
}

/** An agent that a queue or the router may send a call to. */
export function isFree(extension: Extension | undefined): boolean {
  return (
    extension?.state === 'ready' &&
    extension.calls.length === 0 &&
    extension.inService &&
    !extension.doNotDisturb
  );
}

export function partyAt(call: Call, dn: string): Party | undefined {
  return call.parties.find((party) => party.dn === dn);
}

export function otherParties(call: Call, dn: string): Party[] {
  return call.parties.filter((party) => party.dn !== dn);
}

/** The call that an extension is on, in one of these ways; the newest first. */
export function callAt(
  { state }: SwitchContext,
  dn: string,
  ...doing: readonly PartyDoing[]
): Call | undefined {
  const ids = state.extensions.get(dn)?.calls ?? [];
  for (let at = ids.length - 1; at >= 0; at--) {
    const call = state.calls.get(ids[at]);
    const party = call && partyAt(call, dn);
    if (party && doing.includes(party.doing)) return call;
  }
  return undefined;
}

/** The routing point whose call waits for a label. */
export function routingPointOf(call: Call): string | undefined {
  return call.parties.find(({ doing }) => doing === 'routing')?.dn;
}
