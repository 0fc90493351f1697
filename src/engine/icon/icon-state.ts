import type { ConfigurationObject } from '../configuration/object-types.ts';
import type { RowChange } from '../idb/row-changes.ts';
import { idbTable } from '../idb/schema.ts';
import type { Context } from '../kernel/process.ts';
import type { IconCall } from './call-model.ts';
import type { Directory } from './directory.ts';
import type { IconOptions } from './options.ts';
import type { PipelineState } from './pipeline.ts';
import type { Synchronization } from './synchronization.ts';

export type IconConfig = {
  /** Application DBID of this ICON. */
  readonly dbid: number;
  readonly configurationHost: string;
  readonly databaseHost: string;
  readonly tServers: readonly { name: string; host: string; switchDbid: number }[];
};

export type TServerLink = {
  session: number;
  open: boolean;
  /** A DN event whose call-based twin has not arrived yet. */
  ahead: { connId: string; dn: string; ccEvent: number } | null;
  readonly registered: Set<string>;
  nextReference: number;
};

export type IconState = {
  readonly config: IconConfig;
  readonly options: IconOptions;
  /** True once the options that count until the end of this run have been read. */
  optionsRead: boolean;
  readonly pipeline: PipelineState;
  /** Last row id used in each table, by table number. */
  readonly lastRows: Map<number, number>;
  configurationSession: number;
  configurationOpen: boolean;
  /** Record of the Configuration Server's history up to which the cache is; -1 without a cache. */
  record: number;
  /** UTC second of the newest change in the cache: its time stamp. */
  cacheTime: number;
  readonly objects: Map<string, ConfigurationObject>;
  /** Objects that came back into sight: their tables stay as they are until a synchronization. */
  readonly untracked: Set<string>;
  readonly directory: Directory;
  /** Row ids of relations: GCX rows by their ends. */
  readonly relations: Map<string, number>;
  /** Rows of configuration changes that wait for the cache to be durable. */
  readonly unsubmittedRows: RowChange[];
  /** Rows of the cache went to the queue, and the cache does not say so yet. */
  unmarked: boolean;
  /** A synchronization that goes on; one that was cut short is made again. */
  synchronization: Synchronization | null;
  wantsSynchronization: boolean;
  /** Why IDB may differ from the server until a synchronization; empty: it does not. */
  gap: string;
  readonly links: Map<string, TServerLink>;
  readonly calls: Map<string, IconCall>;
  uuidPrefix: string;
  nextUuid: number;
};

export type IconContext = Context<IconState>;

export function nextRow(state: IconState, tableName: string): number {
  const { number } = idbTable(tableName);
  const row = (state.lastRows.get(number) ?? 0) + 1;
  state.lastRows.set(number, row);
  return row;
}
