import type { KeptFile } from '../../kernel/kept-map.ts';
import type { Context } from '../../kernel/process.ts';

/** What the Interaction Server knows: its interactions and where they are, and who is there. */

export type StrategyConfig = {
  readonly name: string;
  /** Places whose agents may get what it routes. */
  readonly places: readonly string[];
};

export type InteractionServerConfig = {
  readonly name: string;
  /** Release, such as 7.6.1. */
  readonly version: string;
  readonly queues: readonly { readonly name: string; readonly strategy: string }[];
  readonly strategies: readonly StrategyConfig[];
  readonly workbins: readonly string[];
};

/** Where an interaction is while no agent has it. */
export type Abode = { readonly kind: 'queue' | 'strategy' | 'workbin'; readonly name: string };

export type Interaction = {
  readonly id: string;
  readonly media: number;
  readonly createdSeconds: number;
  properties: ReadonlyMap<string, string | number>;
  /** Null while agents have it. */
  abode: Abode | null;
  /** Last queue that it was in: it goes back there. */
  queue: string;
  /** By place. */
  readonly agents: Map<string, 'invited' | 'handling'>;
};

export type MediaAgent = {
  readonly agentId: string;
  /** By medium: ready or not. */
  readonly media: Map<number, boolean>;
  /** Moment at which the agent was last given something: who waits longest comes first. */
  lastGivenUs: number;
};

export type InteractionServerState = {
  readonly config: InteractionServerConfig;
  readonly interactions: Map<string, Interaction>;
  /** Ids by queue, in the order in which they came. */
  readonly queues: Map<string, string[]>;
  /** By place. */
  readonly agents: Map<string, MediaAgent>;
  /** Sessions of ICON, and of desktops and media servers. */
  readonly clients: Set<number>;
  readonly desktops: Set<number>;
  readonly file: KeptFile;
  idPrefix: string;
  nextId: number;
};

export type InteractionContext = Context<InteractionServerState>;

export function handlersOf({ interactions }: InteractionServerState, place: string): Interaction[] {
  return [...interactions.values()].filter(({ agents }) => agents.has(place));
}
