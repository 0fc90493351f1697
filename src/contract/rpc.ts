import { z } from 'zod';
import type {
  ConfigurationObject,
  ObjectType,
  ObjectTypeName,
} from '../engine/configuration/object-types.ts';
import type { Alarm } from '../engine/icm/ems/alarms.ts';
import type { SynchronizerState } from '../engine/icm/messages.ts';
import type { Completion } from '../engine/icm/tools/shell.ts';
import type { ConsoleState } from '../engine/icm/tools/tool.ts';
import type { CellValue, RowChange } from '../engine/idb/row-changes.ts';
import type { Confidence } from '../engine/idb/schema.ts';
import type { LogSeverity } from '../engine/kernel/process.ts';
import type { CommandResult, LabError } from '../engine/lab/commands.ts';
import type { Fault } from '../engine/lab/faults.ts';
import { labCommandSchema, objectTypeName } from './commands.ts';
import { EXCHANGE_KINDS, LADDER_CLIENTS, type LadderCounts, type LadderRow } from './ladder.ts';

/**
 * What a screen may ask of a running lab: one table for Electron's IPC, the browser host's
 * WebSocket and the tests. Parameters are checked against their schema before anything happens.
 */

export interface LabDescription {
  readonly name: string;
  readonly description: string;
  readonly epochSeconds: number;
  readonly utcOffsetSeconds: number;
  readonly customer: string;
  readonly dialedNumbers: readonly { readonly dn: string; readonly name: string }[];
  readonly hosts: readonly string[];
  readonly iconRoles: readonly string[];
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
  readonly icon: {
    readonly up: boolean;
    readonly accumulator: number;
    readonly queued: number;
    readonly calls: number;
    readonly idbConnected: boolean;
  };
  readonly faults: readonly Fault[];
  readonly ladder: LadderCounts;
  /** After a restart: how much of the past is replayed, 0 to 1; null when it is whole. */
  readonly historyRebuilt: number | null;
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

export interface EventSummary {
  readonly seq: number;
  readonly cause: number;
  readonly atUs: number;
  readonly kind: string;
  readonly process: string;
  readonly from: string | null;
  readonly title: string;
  /** Events left out behind this one: earlier rounds of the same timer. */
  readonly rounds: number;
  /** Fields of the message or timer, shortened; null when only the frame is kept. */
  readonly fields: readonly { readonly name: string; readonly value: string }[] | null;
}

export interface Explanation {
  /** Nearest first; a timer that set itself again and again stands once. */
  readonly chain: readonly EventSummary[];
  /** Events between `chain` and `origin` that are left out. */
  readonly omitted: number;
  /** The far end of a long chain, ending with the command or start that began it all. */
  readonly origin: readonly EventSummary[];
  /** True when the chain goes back beyond the journal that is kept. */
  readonly cutOff: boolean;
}

export interface IdbColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  readonly confidence: Confidence;
  readonly source: string;
}

export interface IdbTableInfo {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly IdbColumnInfo[];
}

export interface IdbPage {
  readonly rows: readonly (readonly CellValue[])[];
  readonly rowIds: readonly number[];
  readonly total: number;
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

export interface ConfigurationType extends ObjectType {
  readonly name: ObjectTypeName;
  readonly count: number;
}

export type {
  Alarm,
  CellValue,
  CommandResult,
  Completion,
  ConfigurationObject,
  ConsoleState,
  Fault,
  LabError,
  ObjectTypeName,
};

/** Thirty lab days. */
const MAX_ADVANCE_US = 30 * 86_400 * 1e6;

/** Kept by whoever shows the console, so that the lab keeps nothing of it. */
const consoleState = z.strictObject({
  host: z.string().max(64),
  folder: z.string().max(260),
  program: z.array(z.string().max(64)).max(8).readonly(),
});

const none = z.strictObject({});
const tableName = z.string().regex(/^[A-Z0-9_]{1,64}$/);

/** Parameters of every method. Limits are part of the contract. */
export const METHOD_PARAMETERS = {
  'lab.describe': none,
  'lab.status': none,
  'lab.run': z.strictObject({ speed: z.number().min(0).max(100_000) }),
  'lab.pause': none,
  'lab.step': z.strictObject({ by: z.enum(['event', 'message', 'second']) }),
  /** So much lab time, as fast as it goes; answers when it is over, and the lab is paused. */
  'lab.advance': z.strictObject({ us: z.number().int().min(1).max(MAX_ADVANCE_US) }),
  'lab.execute': z.strictObject({ command: labCommandSchema }),
  'ladder.window': z.strictObject({
    client: z.enum(LADDER_CLIENTS),
    /** The newest rows with a smaller index; null for the newest of all. */
    before: z.number().int().min(0).nullable(),
    limit: z.number().int().min(1).max(1000),
    exchangeOnly: z.boolean(),
  }),
  'journal.explain': z.strictObject({ seq: z.number().int().min(1) }),
  'nodes.list': none,
  'alarms.list': none,
  'log.window': z.strictObject({
    /** Empty: of all processes. */
    process: z.string().max(64),
    eventsOnly: z.boolean(),
    limit: z.number().int().min(1).max(1000),
  }),
  'console.execute': z.strictObject({ state: consoleState, line: z.string().max(2000) }),
  /** What the word that ends the line may become. */
  'console.complete': z.strictObject({ state: consoleState, line: z.string().max(2000) }),
  'configuration.types': none,
  'configuration.objects': z.strictObject({ type: objectTypeName }),
  'idb.tables': none,
  'idb.page': z.strictObject({
    table: tableName,
    after: z.number().int().min(0),
    limit: z.number().int().min(1).max(1000),
    newestFirst: z.boolean(),
  }),
  'idb.row': z.strictObject({ table: tableName, row: z.number().int().min(0) }),
} as const;

export type MethodName = keyof typeof METHOD_PARAMETERS;
export type Parameters<M extends MethodName> = z.output<(typeof METHOD_PARAMETERS)[M]>;

export interface MethodResults {
  'lab.describe': LabDescription;
  'lab.status': LabStatus;
  'lab.run': LabStatus;
  'lab.pause': LabStatus;
  'lab.step': LabStatus;
  'lab.advance': LabStatus;
  'lab.execute': CommandResult;
  'ladder.window': { readonly rows: readonly LadderRow[]; readonly total: number };
  'journal.explain': Explanation;
  'nodes.list': readonly NodeInfo[];
  'alarms.list': readonly Alarm[];
  'log.window': readonly LogEntry[];
  'console.execute': ConsoleAnswer;
  'console.complete': Completion;
  'configuration.types': readonly ConfigurationType[];
  'configuration.objects': readonly ConfigurationObject[];
  'idb.tables': readonly IdbTableInfo[];
  'idb.page': IdbPage;
  'idb.row': RowHistory;
}

export type Methods = {
  [M in MethodName]: (parameters: Parameters<M>) => MethodResults[M] | Promise<MethodResults[M]>;
};

/** What crosses a transport. */
export type RpcRequest = {
  readonly id: number;
  readonly method: string;
  readonly parameters: unknown;
};
export type RpcReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: LabError };
export type RpcEvent = { readonly event: 'status'; readonly data: LabStatus };

/** Largest request that a host accepts, bytes of JSON. */
export const MAX_REQUEST_BYTES = 262_144;

export const rpcRequestSchema = z.strictObject({
  id: z.number().int().min(0),
  method: z.string().max(64),
  parameters: z.unknown(),
});

/** Why a request cannot be carried out, before anything has happened. */
export function checkRequest(
  method: string,
  parameters: unknown,
): { ok: true; method: MethodName; parameters: unknown } | { ok: false; error: LabError } {
  if (!Object.hasOwn(METHOD_PARAMETERS, method)) {
    return refuse('unknown-method', `There is no method "${method}".`, 'Use one of the contract.');
  }
  const name = method as MethodName;
  const parsed = METHOD_PARAMETERS[name].safeParse(parameters);
  if (parsed.success) return { ok: true, method: name, parameters: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  const message = `The parameters of ${method} are wrong${where}: ${issue.message}.`;
  return refuse('invalid-parameters', message, 'Send what the contract describes.');
}

function refuse(code: string, message: string, remedy: string): { ok: false; error: LabError } {
  return { ok: false, error: { code, message, remedy, effect: 'none' } };
}

export { EXCHANGE_KINDS };
