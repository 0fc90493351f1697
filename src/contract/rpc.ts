import { z } from 'zod';
import type { ConfigurationObject } from '../engine/configuration/object-types.ts';
import type { Alarm } from '../engine/icm/ems/alarms.ts';
import type { FieldDifference } from '../engine/icm/table-difference.ts';
import type { Completion } from '../engine/icm/tools/shell.ts';
import type { CommandResult, LabError } from '../engine/lab/commands.ts';
import type {
  ConfigurationHistory,
  ConfigurationType,
  ConsoleAnswer,
  EditEffect,
  IconReport,
  IdbTableInfo,
  ImportPreview,
  LabDescription,
  LabStatus,
  LogEntry,
  NodeInfo,
  ObjectCheck,
  OptionInfo,
  RegistryPreview,
  RegistryValueInfo,
  RowHistory,
  StateReport,
} from './answers.ts';
import type { AvailabilityReport } from './availability.ts';
import type { CallList, CallStory } from './calls.ts';
import { checkedObject, labCommandSchema, objectTypeName } from './commands.ts';
import type {
  DeskMethodName,
  DeskParameters,
  DeskResults,
  DeskState,
  FileProgress,
} from './desk.ts';
import type { Consequences, Explanation, MessageDetail, StateChange } from './explanations.ts';
import { type IdbPage, pageRequest, type QueryResult, type RowLink, reader } from './idb.ts';
import {
  EXCHANGE_KINDS,
  LADDER_CLIENTS,
  LADDER_KINDS,
  LADDER_LINKS,
  type LadderPage,
  MAX_ADDED_LANES,
} from './ladder.ts';
import { MAX_UNTIL_US, UNTIL_WHATS, type UntilEnd } from './limits.ts';
import type { MetricsReport, TimelineMark } from './metrics.ts';
import type { TopologyReport } from './topology.ts';
import type { TransferStory } from './transfers.ts';

export type * from './answers.ts';
export type * from './availability.ts';
export type * from './calls.ts';
export type * from './desk.ts';
export type * from './explanations.ts';
export type * from './idb.ts';
export type * from './metrics.ts';
export type * from './topology.ts';
export type * from './transfers.ts';

/**
 * What a screen may ask of a running lab: one table for Electron's IPC, the browser host's
 * WebSocket and the tests. Parameters are checked against their schema before anything happens.
 */

const hostName = z.string().max(64);

/** Thirty lab days. */
const MAX_ADVANCE_US = 30 * 86_400 * 1e6;

/** Kept by whoever shows the console, so that the lab keeps nothing of it. */
const consoleState = z.strictObject({
  host: z.string().max(64),
  folder: z.string().max(260),
  program: z.array(z.string().max(64)).max(8).readonly(),
});

/** About fifty thousand objects. */
const MAX_FILE_CHARACTERS = 16_000_000;

const none = z.strictObject({});
const database = z.string().max(64).optional();
const tableName = z.string().regex(/^[A-Z0-9_]{1,64}$/);

const fileText = z.string().max(MAX_FILE_CHARACTERS);
const configurationFile = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('json'),
    text: fileText,
    as: z.number().int().min(1).optional(),
  }),
  z.strictObject({
    format: z.literal('csv'),
    type: objectTypeName,
    text: fileText,
    as: z.number().int().min(1).optional(),
  }),
]);

/** Parameters of every method. Limits are part of the contract. */
export const METHOD_PARAMETERS = {
  'lab.describe': none,
  'lab.status': none,
  'lab.run': z.strictObject({ speed: z.number().min(0).max(100_000) }),
  'lab.pause': none,
  'lab.step': z.strictObject({ by: z.enum(['event', 'message', 'second']) }),
  /** So much lab time, as fast as it goes; answers when it is over, and the lab is paused. */
  'lab.advance': z.strictObject({ us: z.number().int().min(1).max(MAX_ADVANCE_US) }),
  /** On to the next log line, message or row of this kind; then it is paused. */
  'lab.until': z.strictObject({
    what: z.enum(UNTIL_WHATS),
    /** Part of the line, part of the message's type, or the name of the table. */
    text: z.string().min(1).max(200),
    /** So much lab time at most. */
    limitUs: z.number().int().min(1).max(MAX_UNTIL_US),
  }),
  'metrics.read': none,
  'timeline.read': none,
  'lab.execute': z.strictObject({ command: labCommandSchema }),
  'ladder.rows': z.strictObject({
    filter: z.strictObject({
      client: z.enum(LADDER_CLIENTS),
      kinds: z.array(z.enum(LADDER_KINDS)).max(LADDER_KINDS.length).readonly(),
      link: z.enum(LADDER_LINKS),
      text: z.string().max(200),
      lanes: z.array(z.string().max(64)).max(MAX_ADDED_LANES).readonly().optional(),
    }),
    /** Place of the first one among those that the filter lets through; null: the newest. */
    from: z.number().int().min(0).nullable(),
    limit: z.number().int().min(1).max(1000),
  }),
  /** The newest state transfers, each with its steps; newest first. */
  'transfers.list': none,
  'journal.explain': z.strictObject({ seq: z.number().int().min(1) }),
  /** What an event has caused, and what that has caused. */
  'journal.followed': z.strictObject({ seq: z.number().int().min(1) }),
  /** A message as a whole, and its bytes. */
  'journal.message': z.strictObject({ seq: z.number().int().min(1) }),
  'journal.stateChange': z.strictObject({ process: z.string().min(1).max(100) }),
  'nodes.list': none,
  'topology.read': none,
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
  'registry.read': z.strictObject({ host: hostName }),
  /** The values under a key as a .reg file; all for an empty key. */
  'registry.export': z.strictObject({ host: hostName, key: z.string().max(400) }),
  'registry.preview': z.strictObject({ host: hostName, text: z.string().max(200_000) }),
  'state.report': none,
  /** What changes from now on is told by `state.report`. */
  'state.mark': none,
  'state.differences': z.strictObject({
    table: z.string().max(64),
    what: z.enum(['sides', 'A', 'B']),
  }),
  'configuration.types': none,
  /** `as`: only what that person may see. */
  'configuration.objects': z.strictObject({
    type: objectTypeName,
    as: z.number().int().min(1).optional(),
  }),
  'configuration.options': none,
  /** What is wrong with an object that is being typed. */
  'configuration.check': z.strictObject({ object: checkedObject }),
  'configuration.history': z.strictObject({ limit: z.number().int().min(1).max(1000) }),
  /** Of the first ICON without a name. */
  'configuration.icon': z.strictObject({ icon: z.string().max(255).optional() }),
  /** What came so far of the edit that is this event. */
  'configuration.effect': z.strictObject({ seq: z.number().int().min(1) }),
  /** The configuration as JSON, or one type of it as CSV. */
  'configuration.export': z.discriminatedUnion('format', [
    z.strictObject({ format: z.literal('json'), type: objectTypeName.optional() }),
    z.strictObject({ format: z.literal('csv'), type: objectTypeName }),
  ]),
  'configuration.preview': configurationFile,
  /** Carries out what `configuration.preview` told, as one transaction. */
  'configuration.import': configurationFile,
  /** Gives up the file that is being read and the edit that is worked out; what is made stays. */
  'configuration.cancel': none,
  /** The newest calls; `text` is part of a number or of an id. */
  'calls.list': z.strictObject({
    text: z.string().max(64),
    limit: z.number().int().min(1).max(500),
    database,
  }),
  'calls.story': z.strictObject({ uuid: z.string().min(1).max(64), database }),
  /** How far the data of IDB can be trusted, from the beginning of the lab until now. */
  'availability.report': none,
  /** `database` is the process that holds the IDB; the first one without. */
  'idb.tables': z.strictObject({ database }),
  /** Rows of each table that has any. */
  'idb.counts': z.strictObject({ database }),
  'idb.page': pageRequest,
  /** Where else a value of a key stands. */
  'idb.follow': z.strictObject({
    table: tableName,
    column: z.string().max(64),
    value: z.union([z.string().max(4000), z.number()]),
    database,
    reader,
  }),
  /** Gives up what takes long for one reader. */
  'idb.cancelReading': z.strictObject({ reader }),
  /** SQL on a copy of an IDB; one at a time. */
  'idb.query': z.strictObject({ sql: z.string().min(1).max(100_000), database }),
  'idb.cancel': none,
  'idb.row': z.strictObject({ table: tableName, row: z.number().int().min(0), database }),
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
  'lab.until': {
    readonly end: UntilEnd;
    /** Why it can never be; the lab was not run then. */
    readonly problem: string | null;
    readonly status: LabStatus;
  };
  'metrics.read': MetricsReport;
  'timeline.read': readonly TimelineMark[];
  'lab.execute': CommandResult;
  'ladder.rows': LadderPage;
  'transfers.list': readonly TransferStory[];
  'journal.explain': Explanation;
  'journal.followed': Consequences;
  'journal.message': MessageDetail | null;
  'journal.stateChange': StateChange | null;
  'nodes.list': readonly NodeInfo[];
  'topology.read': TopologyReport;
  'alarms.list': readonly Alarm[];
  'log.window': readonly LogEntry[];
  'console.execute': ConsoleAnswer;
  'console.complete': Completion;
  'registry.read': readonly RegistryValueInfo[];
  'registry.export': string;
  'registry.preview': RegistryPreview;
  'state.report': StateReport;
  'state.mark': StateReport;
  'state.differences': readonly FieldDifference[];
  'configuration.types': readonly ConfigurationType[];
  'configuration.objects': readonly ConfigurationObject[];
  'configuration.options': readonly OptionInfo[];
  'configuration.check': ObjectCheck;
  'configuration.history': ConfigurationHistory;
  'configuration.icon': IconReport | null;
  'configuration.effect': EditEffect;
  'configuration.export':
    | { readonly ok: true; readonly text: string }
    | { readonly ok: false; readonly error: LabError };
  /** Null: it was given up. */
  'configuration.preview': ImportPreview | null;
  'configuration.import': CommandResult;
  'configuration.cancel': null;
  'calls.list': CallList;
  'calls.story': CallStory | null;
  'availability.report': AvailabilityReport;
  'idb.tables': readonly IdbTableInfo[];
  'idb.counts': readonly { readonly table: string; readonly rows: number }[];
  'idb.page': IdbPage;
  'idb.follow': readonly RowLink[];
  'idb.cancelReading': null;
  'idb.query': QueryResult;
  'idb.cancel': null;
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
export type RpcEvent =
  | { readonly event: 'status'; readonly data: LabStatus }
  | { readonly event: 'desk'; readonly data: DeskState }
  | { readonly event: 'file'; readonly data: FileProgress };

/** All that a screen may call: of the lab, and of the program around it. */
export type CallName = MethodName | DeskMethodName;
export type CallParameters<M extends CallName> = M extends MethodName
  ? Parameters<M>
  : M extends DeskMethodName
    ? DeskParameters<M>
    : never;
export type CallResult<M extends CallName> = M extends MethodName
  ? MethodResults[M]
  : M extends DeskMethodName
    ? DeskResults[M]
    : never;

/** Largest request that a host accepts, bytes of JSON: a configuration file of that size. */
export const MAX_REQUEST_BYTES = 33_554_432;

export const rpcRequestSchema = z.strictObject({
  id: z.number().int().min(0),
  method: z.string().max(64),
  parameters: z.unknown(),
});

type CheckedRequest<M> =
  | { readonly ok: true; readonly method: M; readonly parameters: unknown }
  | { readonly ok: false; readonly error: LabError };

/** Why a request to the lab cannot be carried out, before anything has happened. */
export function checkRequest(method: string, parameters: unknown): CheckedRequest<MethodName> {
  return checkAgainst(METHOD_PARAMETERS, method, parameters);
}

/** The same against any table of methods. */
export function checkAgainst<T extends Readonly<Record<string, z.ZodType>>>(
  table: T,
  method: string,
  parameters: unknown,
): CheckedRequest<keyof T & string> {
  if (!Object.hasOwn(table, method)) {
    return refuse('unknown-method', `There is no method "${method}".`, 'Use one of the contract.');
  }
  const name = method as keyof T & string;
  const parsed = table[name].safeParse(parameters);
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
