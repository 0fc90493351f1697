import type { HistoryRecord } from '../engine/configuration/messages.ts';
import type {
  ConfigurationObject,
  ObjectType,
  ObjectTypeName,
} from '../engine/configuration/object-types.ts';
import type { OptionType } from '../engine/configuration/option.ts';
import type { HistoryLogSettings } from '../engine/configuration/server-options.ts';
import type { FieldProblem } from '../engine/configuration/validation.ts';
import type { Alarm } from '../engine/icm/ems/alarms.ts';
import type { SynchronizerState } from '../engine/icm/messages.ts';
import type { FieldDifference, TableDifference } from '../engine/icm/table-difference.ts';
import type { Completion } from '../engine/icm/tools/shell.ts';
import type { ConsoleState } from '../engine/icm/tools/tool.ts';
import type { CellValue, RowChange } from '../engine/idb/row-changes.ts';
import type { Confidence } from '../engine/idb/schema.ts';
import type { LogSeverity } from '../engine/kernel/process.ts';
import type { CommandResult, LabError } from '../engine/lab/commands.ts';
import type { Fault } from '../engine/lab/faults.ts';
import type { Explanation } from './explanations.ts';
import type { LadderCounts } from './ladder.ts';

/** What a running lab answers to a screen. */

export interface LabDescription {
  readonly name: string;
  readonly description: string;
  readonly epochSeconds: number;
  readonly utcOffsetSeconds: number;
  readonly customer: string;
  readonly dialedNumbers: readonly { readonly dn: string; readonly name: string }[];
  readonly hosts: readonly string[];
  readonly iconRoles: readonly string[];
  /** Each with the process that holds its IDB. */
  readonly icons: readonly { readonly name: string; readonly database: string }[];
  readonly consoles: readonly { readonly host: string; readonly title: string }[];
}

export interface SideStatus {
  readonly synchronizer: SynchronizerState | 'down';
  readonly router:
    | 'down'
    | 'hung'
    | 'connecting'
    | 'registered'
    | 'loading'
    | 'sending'
    | 'receiving'
    | 'active';
  readonly stateBytes: number;
  readonly stateBytesMax: number;
}

/** The two sides of a Peripheral Gateway. */
export interface GatewayStatus {
  readonly name: string;
  readonly sides: Readonly<Record<'A' | 'B', SynchronizerState | 'down'>>;
  /** Which side's agent leads to which side of the Central Controller; empty: none. */
  readonly activePath: string;
}

export interface ProcessInfo {
  readonly name: string;
  readonly state: 'running' | 'hung' | 'stopped' | 'not started';
  readonly startedUs: number;
  readonly starts: number;
}

/** One ICM node with the processes that its Node Manager keeps. */
export interface NodeInfo {
  readonly node: string;
  readonly title: string;
  readonly host: string;
  readonly processes: readonly ProcessInfo[];
}

export interface LogEntry {
  /** Event during which the line was written. */
  readonly seq: number;
  readonly atUs: number;
  readonly process: string;
  readonly severity: LogSeverity;
  readonly text: string;
  /** Catalogue id, or empty. */
  readonly event: string;
}

export interface LabStatus {
  readonly nowUs: number;
  readonly running: boolean;
  /** Lab seconds for each wall second that were asked for; 0 means as fast as it goes. */
  readonly speed: number;
  /** What the last second reached. */
  readonly reachedSpeed: number;
  readonly eventCount: number;
  readonly sides: { readonly A: SideStatus; readonly B: SideStatus };
  readonly thresholdMb: number;
  readonly gateways: readonly GatewayStatus[];
  /** Events raised and not cleared. */
  readonly alarms: number;
  /** Lines ever logged. */
  readonly logCount: number;
  readonly icons: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly accumulator: number;
    readonly queued: number;
    readonly calls: number;
    readonly idbConnected: boolean;
  }[];
  readonly faults: readonly Fault[];
  readonly ladder: LadderCounts;
  /** After a restart: how much of the past is replayed, 0 to 1; null when it is whole. */
  readonly historyRebuilt: number | null;
  /** How much of a long edit is worked out, 0 to 1; null without one. */
  readonly editing: number | null;
  /** The same of a large table that is read. */
  readonly reading: number | null;
  readonly durability: {
    readonly folder: string | null;
    /** Lab moment up to which nothing can be lost. */
    readonly durableUs: number;
    /** Why the lab does not acknowledge at the moment; null when all is well. */
    readonly problem: string | null;
  };
  /** What opening the folder found, for people to read; empty when it was clean. */
  readonly notices: readonly string[];
  /** Why the engine stopped, if it did. */
  readonly crash: string | null;
}

export interface IdbColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  readonly confidence: Confidence;
  readonly source: string;
  /** Its values stand elsewhere too, and can be followed. */
  readonly isKey: boolean;
  /** Numbers of an enumeration in words. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface IdbTableInfo {
  readonly name: string;
  /** What it is about, such as `Agents`. */
  readonly family: string;
  readonly rows: number;
  readonly columns: readonly IdbColumnInfo[];
}

export interface RowHistory {
  readonly changes: readonly {
    readonly op: RowChange['op'];
    readonly explanation: Explanation;
  }[];
}

/** What a console shows after a line, and where it stands then. */
export interface ConsoleAnswer {
  readonly lines: readonly string[];
  readonly state: ConsoleState;
  readonly prompt: string;
  readonly clears: boolean;
}

export interface RegistryValueInfo {
  /** Value name last; ends with a backslash for a key's default value. */
  readonly path: string;
  readonly value: string | number;
  /** Null for a value that the emulator does not know. */
  readonly known: {
    readonly type: 'REG_DWORD' | 'REG_SZ';
    readonly min: number;
    readonly max: number;
    readonly about: string;
    readonly source: string;
  } | null;
  /** When a change acts, as a sentence. */
  readonly effect: string;
}

export interface RegistryPreview {
  readonly problems: readonly string[];
  readonly changes: readonly {
    readonly path: string;
    /** Null: it is deleted. */
    readonly value: string | number | null;
    /** What is deleted is a key. */
    readonly isKey?: boolean;
    readonly before: string | number | null;
    readonly effect: string;
  }[];
}

type PerSide<T> = Readonly<Record<'A' | 'B', T>>;

export interface StateTableReport
  extends PerSide<{
    readonly records: number;
    readonly bytes: number;
  } | null> {
  readonly name: string;
  readonly recordBytes: number;
  /** Between the sides; null while one of them has no router. */
  readonly difference: TableDifference | null;
  /** Since the mark; null without one. */
  readonly sinceMark: PerSide<TableDifference | null>;
}

/** The record tables of both routers side by side. */
export interface StateReport {
  /** Position of the order up to which each router has applied its input; null: no router. */
  readonly orders: PerSide<number | null>;
  readonly phases: PerSide<string>;
  readonly markedUs: number | null;
  readonly tables: readonly StateTableReport[];
}

export interface ConfigurationType extends ObjectType {
  readonly name: ObjectTypeName;
  readonly count: number;
}

/** An option that applications of a type obey. */
export interface OptionInfo extends OptionType {
  readonly applicationType: number;
}

/** What is wrong with an object that is being typed. */
export interface ObjectCheck {
  /** A save would be refused for these. */
  readonly problems: readonly FieldProblem[];
  /** Options whose value counts for nothing, as `section/name`. */
  readonly warnings: readonly FieldProblem[];
}

/** What an edit did so far. */
export interface EditEffect {
  readonly seq: number;
  readonly messageCount: number;
  readonly messages: readonly {
    readonly type: string;
    readonly to: string;
    readonly count: number;
    /** The first of them. */
    readonly seq: number;
    readonly atUs: number;
  }[];
  /** In all IDBs. */
  readonly rowCount: number;
  /** The first of them. */
  readonly rows: readonly {
    /** Process of the IDB. */
    readonly database: string;
    readonly table: string;
    readonly row: number;
    readonly op: 'insert' | 'update' | 'delete';
  }[];
  /** By how much each router's tables grew; null: it has not applied the edit, or need not. */
  readonly routerBytes: PerSide<number | null>;
}

export interface ConfigurationHistory {
  readonly records: readonly {
    readonly record: number;
    readonly transaction: number;
    readonly author: string;
    /** UTC second. */
    readonly changedAt: number;
    readonly action: HistoryRecord['action'];
    readonly type: ObjectTypeName;
    readonly dbid: number;
    readonly name: string;
    /** The only application that is told; empty: all. */
    readonly only: string;
  }[];
  readonly total: number;
  readonly clients: readonly {
    readonly name: string;
    readonly lastSeen: number;
    readonly connected: boolean;
  }[];
  readonly settings:
    | (HistoryLogSettings & { readonly expired: number; readonly lastRecord: number })
    | null;
  /** Records that nobody is told of before the server's disk has them. */
  readonly waiting: number;
  /** Number of the newest transaction: another one means that objects have changed. */
  readonly transaction: number;
  /** What undo and redo would act on; empty: nothing. */
  readonly undo: string;
  readonly redo: string;
}

/** ICON's copy of the configuration, and its way to IDB. */
export interface IconReport {
  /** Empty before the Configuration Server has told them. */
  readonly roles: readonly string[];
  /** It has a session with the Configuration Server. */
  readonly connected: boolean;
  readonly cache: {
    readonly file: string;
    readonly sizeBytes: number | null;
    readonly record: number;
    /** UTC second: the time stamp of the cache. */
    readonly time: number;
    readonly objects: number;
    readonly relations: number;
    /** Objects whose tables stay as they are, as `type:DBID`. */
    readonly untracked: readonly string[];
    readonly unsubmittedRows: number;
    /** Why it may differ from the Configuration Server; empty: it does not. */
    readonly gap: string;
  };
  readonly synchronization: {
    readonly reason: string;
    readonly phase: string;
    readonly typesRead: number;
    readonly types: number;
    readonly objects: number;
  } | null;
  readonly queue: {
    readonly accumulator: number;
    readonly accumulatorLimit: number;
    readonly lifespanSeconds: number;
    readonly file: string;
    readonly sizeBytes: number | null;
    readonly records: number;
    readonly position: number;
    readonly idbConnected: boolean;
  };
}

/** What importing a file would do. */
export interface ImportPreview {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: readonly { readonly place: string; readonly message: string }[];
}

export type {
  Alarm,
  CellValue,
  CommandResult,
  Completion,
  ConfigurationObject,
  ConsoleState,
  Fault,
  FieldDifference,
  FieldProblem,
  LabError,
  ObjectTypeName,
  TableDifference,
};
