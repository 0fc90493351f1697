import type { ConfigurationObject, Sections } from '../configuration/object-types.ts';
import type { RowChange } from '../idb/row-changes.ts';
import { idbTable } from '../idb/schema.ts';
import type { Message } from '../kernel/events.ts';
import { createKeptFile, type KeptFile } from '../kernel/kept-map.ts';
import type { Context } from '../kernel/process.ts';
import type { TServerHosts } from '../telephony/t-server-hosts.ts';
import type { AgentSession } from './agents/agent-session.ts';
import { createDataSourceState, type DataSourceState } from './data-sources/source-sessions.ts';
import { createDirectory, type Directory } from './directory.ts';
import type { IconCall } from './interactions/call-state.ts';
import type { CustomState } from './interactions/custom-states.ts';
import type { CallFailure } from './interactions/failures.ts';
import type { QueueStay } from './interactions/virtual-queues.ts';
import { createHeartbeats, type HeartbeatState } from './management/heartbeats.ts';
import { createMediaMemory, type MediaMemory } from './media/media-memory.ts';
import { type IconOptions, readIconOptions } from './options.ts';
import { createOutboundMemory, type OutboundMemory } from './outbound/outbound-memory.ts';
import { createPipeline, type PipelineState } from './pipeline.ts';
import type { Synchronization } from './synchronization.ts';

export type IconConfig = {
  /** Application DBID of this ICON. */
  readonly dbid: number;
  readonly configurationHost: string;
  readonly configurationDbid: number;
  readonly databaseHost: string;
  /** The Outbound Contact Server, where the lab has one. */
  readonly outboundServer?: { readonly dbid: number; readonly host: string };
  /** The Interaction Server, where the lab has one; its release is such as 7.6.1. */
  readonly interactionServer?: { name: string; dbid: number; host: string; version: string };
  readonly tServers: readonly {
    readonly name: string;
    readonly dbid: number;
    readonly switchDbid: number;
    readonly hosts: TServerHosts;
    /** DBID of the backup of a redundant pair. */
    readonly backupDbid?: number;
  }[];
  /** Options with which it was installed, until it has a cache. */
  readonly options: Sections;
};

export type TServerLink = {
  readonly name: string;
  readonly switchDbid: number;
  readonly host: string;
  session: number;
  open: boolean;
  /** A DN event whose call has not been announced yet. */
  ahead: Message | null;
  readonly registered: Set<string>;
  nextReference: number;
};

export type IconState = {
  readonly config: IconConfig;
  readonly options: IconOptions;
  /** True once the options that count until the end of this run have been read. */
  optionsRead: boolean;
  /** Applications on its Connections tab when this run first read it; null: not known. */
  connections: readonly number[] | null;
  /** UTC second at which this run began. */
  startedSeconds: number;
  readonly pipeline: PipelineState;
  /** Last row id used in each table, by table number. */
  readonly lastRows: Map<number, number>;
  /** Last GSYS_SEQ or GSYS_USEQ of each provider. */
  readonly sequences: Map<string, number>;
  /** G_PROV_CONTROL does not say yet where they have come to. */
  sequencesMoved: boolean;
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
  readonly dataSources: DataSourceState;
  readonly heartbeats: HeartbeatState;
  readonly calls: Map<string, IconCall>;
  /** Calls of which nothing is stored: older than this run, or never matched. */
  readonly ignoredCalls: Set<string>;
  /** Calls that have ended and whose context is still kept, in order. */
  readonly ended: { readonly uuid: string; readonly untilUs: number }[];
  /** By VQID. */
  readonly stays: Map<string, QueueStay>;
  /** By DN and name of the state. */
  readonly customStates: Map<string, CustomState>;
  /** Open login sessions by DN. */
  readonly sessions: Map<string, AgentSession>;
  /** The files of an earlier run have been read. */
  recollected: boolean;
  readonly sessionFile: KeptFile;
  readonly outbound: OutboundMemory;
  readonly media: MediaMemory;
  readonly dndSequences: Map<string, number>;
  readonly failures: Map<CallFailure, number>;
  /** When 09-20039 was last written; -1: never. */
  failureToldUs: number;
  uuidPrefix: string;
  nextUuid: number;
};

export type IconContext = Context<IconState>;

export function createIconState(config: IconConfig): IconState {
  return {
    config,
    options: readIconOptions({
      type: 'application',
      dbid: 0,
      state: 1,
      fields: {},
      options: config.options,
    }),
    optionsRead: false,
    connections: null,
    startedSeconds: 0,
    pipeline: createPipeline(),
    lastRows: new Map(),
    sequences: new Map(),
    sequencesMoved: false,
    configurationSession: 0,
    configurationOpen: false,
    record: -1,
    cacheTime: 0,
    objects: new Map(),
    untracked: new Set(),
    directory: createDirectory(),
    relations: new Map(),
    unsubmittedRows: [],
    unmarked: false,
    synchronization: null,
    wantsSynchronization: false,
    gap: '',
    links: new Map(),
    dataSources: createDataSourceState(),
    heartbeats: createHeartbeats(),
    calls: new Map(),
    ignoredCalls: new Set(),
    ended: [],
    stays: new Map(),
    customStates: new Map(),
    sessions: new Map(),
    recollected: false,
    sessionFile: createKeptFile(),
    outbound: createOutboundMemory(),
    media: createMediaMemory(),
    dndSequences: new Map(),
    failures: new Map(),
    failureToldUs: -1,
    uuidPrefix: '',
    nextUuid: 1,
  };
}

export function nextRow(state: IconState, tableName: string): number {
  const { number } = idbTable(tableName);
  const row = (state.lastRows.get(number) ?? 0) + 1;
  state.lastRows.set(number, row);
  return row;
}
