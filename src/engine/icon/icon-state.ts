import type { ConfigurationObject } from '../configuration/object-types.ts';
import type { RowChange } from '../idb/row-changes.ts';
import { idbTable } from '../idb/schema.ts';
import type { Context } from '../kernel/process.ts';
import type { IconCall } from './call-model.ts';
import type { Directory } from './directory.ts';
import type { PipelineState } from './pipeline.ts';

export type IconConfig = {
  /** Application DBID of this ICON. */
  readonly dbid: number;
  readonly roles: readonly ('cfg' | 'gcc')[];
  readonly configurationHost: string;
  readonly databaseHost: string;
  readonly tServers: readonly { name: string; host: string; switchDbid: number }[];
  /** Options of docs/fidelity/icon-options.tsv that this ICON obeys. */
  /** `cfg-annex`: Annex changes are kept in GC_ANNEX. */
  readonly cfgAnnex: boolean;
  readonly accQueueSize: number;
  readonly accQueueLifespanSeconds: number;
};

export type TServerLink = {
  session: number;
  open: boolean;
  /** A DN event whose call-based twin has not arrived yet. */
  ahead: { connId: string; dn: string; ccEvent: number } | null;
};

export type IconState = {
  readonly config: IconConfig;
  readonly pipeline: PipelineState;
  /** Last row id used in each table, by table number. */
  readonly lastRows: Map<number, number>;
  configurationSession: number;
  /** Revision of the Configuration Server that the cache holds; -1 without a cache. */
  revision: number;
  readonly objects: Map<string, ConfigurationObject>;
  readonly directory: Directory;
  /** Row ids of relations: GCX rows by their ends. */
  readonly relations: Map<string, number>;
  /** Rows of configuration changes that wait for the cache to be durable. */
  readonly unsubmittedRows: RowChange[];
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
