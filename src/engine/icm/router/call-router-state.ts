import type { ConfigurationChange } from '../../configuration/object-types.ts';
import type { Context } from '../../kernel/process.ts';
import type { ClientState } from '../synchronized-client.ts';
import type { RouterState } from './router-state.ts';
import type { RoutingSettings } from './routing.ts';

export type StateCheck = { readonly order: number; readonly hash: string };

/** The router process: its state tables, and what it keeps beside them for itself. */
export type CallRouterState = {
  readonly client: ClientState;
  readonly customer: string;
  readonly routing: RoutingSettings;
  router: RouterState;
  loaded: boolean;
  /** Configuration changes applied so far; the next one must be the next revision. */
  revision: number;
  /** Changes ordered while the configuration was being loaded. */
  readonly early: ConfigurationChange[];
  /** By how many bytes the last changes made the tables grow, and the event that did it. */
  readonly growth: { readonly seq: number; readonly bytes: number }[];
  aboveThreshold: boolean;
  /** The last state check of each side, to be compared when they are of one position. */
  ownCheck: StateCheck;
  otherCheck: StateCheck;
  outOfSync: boolean;
  /** Variables that `rttest` watches, with their last values; no part of the synchronized state. */
  readonly watches: Map<string, number>;
};

export type RouterContext = Context<CallRouterState>;
