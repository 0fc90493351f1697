import { z } from 'zod';
import type { ObjectTypeName } from '../engine/configuration/object-types.ts';
import type { ProcedureName } from '../engine/idb/procedures.ts';
import type { LabCommand } from '../engine/lab/commands.ts';
import type {
  MediaAction,
  MediaName,
} from '../engine/telephony/interaction-server/interaction-messages.ts';
import type { OutsideAction, PhoneActionName } from '../engine/telephony/messages.ts';
import type {
  CampaignAction,
  DialModeName,
  RecordAction,
} from '../engine/telephony/outbound/outbound-messages.ts';

/** Every command of a lab with the shape of its arguments. */

const side = z.enum(['A', 'B']);
const routerClient = z.enum(['rtr', 'clgr', 'hlgr', 'cic']);
const name = z.string().min(1).max(64);
const link = { network: name, from: name, to: name };
const registryPath = z.string().min(1).max(400);
const registryValue = z.union([z.string().max(1000), z.number().int().min(0).max(0xff_ff_ff_ff)]);
const filePath = z.string().min(1).max(260);
const micros = z.number().int().min(0).max(3_600_000_000);

const objectTypeNames = [
  'tenant',
  'folder',
  'switch',
  'host',
  'application',
  'dn',
  'place',
  'skill',
  'person',
  'agentLogin',
  'accessGroup',
  'agentGroup',
  'placeGroup',
  'dnGroup',
  'actionCode',
  'script',
  'transaction',
  'timeZone',
  'businessAttribute',
  'attributeValue',
  'objectiveTable',
  'field',
  'format',
  'tableAccess',
  'filter',
  'treatment',
  'callingList',
  'campaign',
  'ivr',
  'ivrPort',
  'voicePrompt',
  'peripheral',
  'callType',
  'service',
  'route',
  'peripheralGateway',
  'trunkGroup',
  'translationRoute',
] as const satisfies readonly ObjectTypeName[];

export const objectTypeName = z.enum(objectTypeNames);

const rowValue = z.union([z.string().max(255), z.number(), z.boolean(), z.null()]);
const fieldValue = z.union([
  z.string().max(8000),
  z.number(),
  z.boolean(),
  z.array(z.number().int()).max(10_000),
  z.array(z.record(z.string().max(64), rowValue)).max(1000),
  z.null(),
]);
const sections = z.record(
  z.string().min(1).max(255),
  z.record(z.string().min(1).max(255), z.string().max(4096)),
);
const newObject = z.strictObject({
  type: objectTypeName,
  state: z.union([z.literal(1), z.literal(2)]),
  fields: z.record(z.string().max(64), fieldValue),
  annex: sections.optional(),
  options: sections.optional(),
  access: z
    .array(
      z.strictObject({
        account: z.string().min(1).max(64),
        rights: z.enum(['none', 'read', 'change', 'full']),
      }),
    )
    .max(200)
    .optional(),
});
const dbid = z.number().int().min(1);
/** An object that is being typed: it may not have a DBID yet. */
export const checkedObject = newObject.extend({ dbid: dbid.optional() });
/** New objects of a transaction have negative DBIDs until they get their own. */
const newDbid = z.number().int().min(-1_000_000).max(-1);
const edit = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('create'), object: newObject.extend({ dbid: newDbid }) }),
  z.strictObject({ action: z.literal('update'), object: newObject.extend({ dbid }) }),
  z.strictObject({ action: z.literal('delete'), objectType: objectTypeName, dbid }),
]);
/** The person who edits; without one it is the administrator. */
const author = { as: dbid.optional() };

const number = z.string().regex(/^\d{2,16}$/, 'a number has 2 to 16 digits');
export const PHONE_ACTIONS = [
  'login',
  'logout',
  'queue logout',
  'ready',
  'not ready',
  'dnd on',
  'dnd off',
  'dial',
  'answer',
  'hang up',
  'hold',
  'retrieve',
  'consult',
  'complete transfer',
  'complete conference',
  'transfer to',
  'conference with',
  'redirect',
  'observe',
  'out of service',
  'back in service',
  'by itself',
] as const satisfies readonly (PhoneActionName | 'by itself')[];

export const OUTSIDE_ACTIONS = [
  'answer',
  'busy',
  'hang up',
  'machine',
  'fax',
  'unknown',
  'press',
] as const satisfies readonly OutsideAction[];

/** Keys that somebody presses, quoted in a lab file. */
export const digits = z
  .string({ error: "digits are text; put them in quotes, such as '1'" })
  .regex(/^[0-9*#]{1,8}$/, 'up to eight of the keys 0 to 9, * and #');

export const CAMPAIGN_ACTIONS = [
  'load',
  'start',
  'stop',
  'unload',
  'mode',
] as const satisfies readonly CampaignAction[];
export const DIAL_MODES = [
  'predictive',
  'progressive',
  'preview',
] as const satisfies readonly DialModeName[];
export const RECORD_ACTIONS = [
  'preview',
  'reschedule',
  'cancel',
  'do not call',
  'reject',
] as const satisfies readonly RecordAction[];

export const MEDIA_NAMES = ['email', 'chat', 'workitem'] as const satisfies readonly MediaName[];
export const MEDIA_ACTIONS = [
  'login',
  'logout',
  'ready',
  'not ready',
  'accept',
  'reject',
  'done',
  'place in queue',
  'place in workbin',
  'take from workbin',
  'transfer to',
  'invite',
  'leave',
  'property',
] as const satisfies readonly MediaAction[];

/** Stored procedures of IDB. */
export const PROCEDURE_NAMES = [
  'gsysInitTimeCode',
  'gsysIRMerge',
  'gsysIRMerge2',
  'gsysIRMergeReset',
  'gsysStuckCalls',
  'gsysPurgeIR',
  'gsysPurgeUDH',
  'gsysPurgeLS',
  'gsysPurgeOS',
] as const satisfies readonly ProcedureName[];

export const labCommandSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('stop-side'), side }),
  z.strictObject({ verb: z.literal('start-side'), side }),
  z.strictObject({ verb: z.literal('stop-process'), process: name }),
  z.strictObject({ verb: z.literal('start-process'), process: name }),
  z.strictObject({ verb: z.literal('crash-process'), process: name }),
  z.strictObject({ verb: z.literal('hang-process'), process: name }),
  z.strictObject({ verb: z.literal('release-process'), process: name }),
  z.strictObject({ verb: z.literal('stop-node'), node: name }),
  z.strictObject({ verb: z.literal('start-node'), node: name }),
  z.strictObject({ verb: z.literal('corrupt-state'), side }),
  z.strictObject({
    verb: z.literal('corrupt-record'),
    side,
    client: routerClient,
    count: z.coerce
      .number()
      .pipe(z.union([z.literal(0), z.literal(1)]))
      .optional(),
  }),
  z.strictObject({
    verb: z.literal('set-registry'),
    host: name,
    path: registryPath,
    value: registryValue,
  }),
  z.strictObject({
    verb: z.literal('delete-registry'),
    host: name,
    path: registryPath,
    isKey: z.boolean().optional(),
  }),
  z.strictObject({
    verb: z.literal('import-registry'),
    host: name,
    changes: z
      .array(
        z.strictObject({
          path: registryPath,
          value: registryValue.nullable(),
          isKey: z.boolean().optional(),
        }),
      )
      .max(2000),
  }),
  z.strictObject({ verb: z.literal('corrupt-file'), host: name, path: filePath }),
  z.strictObject({ verb: z.literal('delete-file'), host: name, path: filePath }),
  z.strictObject({
    verb: z.literal('write-file'),
    host: name,
    path: filePath,
    text: z.string().max(4_000_000),
  }),
  z.strictObject({
    verb: z.literal('set-trace'),
    process: name,
    mask: z.number().int().min(0).max(0xff_ff_ff_ff),
  }),
  z.strictObject({
    verb: z.literal('watch-variable'),
    side,
    variable: z.string().min(1).max(200),
    watched: z.boolean(),
  }),
  z.strictObject({ verb: z.literal('exit-process'), process: name }),
  z.strictObject({ verb: z.literal('crash-host'), host: name }),
  z.strictObject({ verb: z.literal('boot-host'), host: name }),
  z.strictObject({ verb: z.literal('cut'), ...link }),
  z.strictObject({ verb: z.literal('repair'), ...link }),
  z.strictObject({
    verb: z.literal('set-link'),
    ...link,
    delayUs: micros.optional(),
    jitterUs: micros.optional(),
    lossRate: z.number().min(0).max(1).optional(),
    bandwidthBitsPerSecond: z.number().min(1000).max(1e12).optional(),
  }),
  z.strictObject({
    verb: z.literal('use-phone'),
    extension: number,
    action: z.enum(PHONE_ACTIONS),
    number: number.optional(),
    agentId: number.optional(),
    queue: number.optional(),
    reason: z.string().min(1).max(64).optional(),
    workMode: z.number().int().min(0).max(7).optional(),
  }),
  z.strictObject({
    verb: z.literal('run-procedure'),
    name: z.enum(PROCEDURE_NAMES),
    parameters: z.array(z.coerce.string().max(64)).max(4).optional(),
    database: name.optional(),
  }),
  z.strictObject({
    verb: z.literal('distort-events'),
    process: name,
    event: z.string().regex(/^Event[A-Za-z]{1,40}$/, 'a TEvent, such as EventRinging'),
    omit: z.string().min(1).max(40).optional(),
    count: z.number().int().min(0).max(1_000_000).default(1),
  }),
  z.strictObject({
    verb: z.literal('act-outside'),
    number,
    action: z.enum(OUTSIDE_ACTIONS),
    digits: digits.optional(),
  }),
  z.strictObject({
    verb: z.literal('submit-interaction'),
    media: z.enum(MEDIA_NAMES, { error: `must be one of ${MEDIA_NAMES.join(', ')}` }),
    queue: name,
    properties: z.record(z.string().min(1).max(255), z.coerce.string().max(1024)).optional(),
  }),
  z.strictObject({
    verb: z.literal('use-media'),
    extension: number,
    action: z.enum(MEDIA_ACTIONS),
    subject: z.string().max(1300).optional(),
    interaction: z.string().min(1).max(50).optional(),
  }),
  z.strictObject({
    verb: z.literal('run-campaign'),
    campaign: name,
    action: z.enum(CAMPAIGN_ACTIONS),
    mode: z.enum(DIAL_MODES, { error: `must be one of ${DIAL_MODES.join(', ')}` }).optional(),
  }),
  z.strictObject({
    verb: z.literal('handle-record'),
    extension: number,
    action: z.enum(RECORD_ACTIONS),
    minutes: z.coerce
      .number()
      .int()
      .min(1, 'must be at least 1')
      .max(100_000, 'must be at most 100000')
      .optional(),
  }),
  z.strictObject({
    verb: z.literal('attach-data'),
    extension: number,
    how: z.enum(['update', 'delete', 'event']),
    key: z.string().min(1, 'is missing').max(255),
    value: z.coerce.string().max(1024).default(''),
  }),
  z.strictObject({
    verb: z.literal('place-call'),
    dialedNumber: z.string().regex(/^\d{2,16}$/),
    ani: z.string().regex(/^\d{2,16}$/),
  }),
  z.strictObject({ verb: z.literal('create-object'), object: newObject, ...author }),
  z.strictObject({
    verb: z.literal('update-object'),
    object: newObject.extend({ dbid }),
    ...author,
  }),
  z.strictObject({
    verb: z.literal('delete-object'),
    objectType: objectTypeName,
    dbid,
    ...author,
  }),
  z.strictObject({
    verb: z.literal('edit-configuration'),
    edits: z.array(edit).min(1).max(100_000),
    ...author,
  }),
  z.strictObject({ verb: z.literal('undo-edit'), ...author }),
  z.strictObject({ verb: z.literal('redo-edit'), ...author }),
]) satisfies z.ZodType<LabCommand>;
