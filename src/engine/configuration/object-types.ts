import type { FieldType } from './fields.ts';
import { ENVIRONMENT_TYPES } from './types/environment.ts';
import { OUTBOUND_TYPES } from './types/outbound.ts';
import { PEOPLE_TYPES } from './types/people.ts';
import { ROUTER_TYPES } from './types/router.ts';

/**
 * Every kind of configuration object, declared once. Forms, validation, GC_ and GCX_ rows and
 * router records are derived from here. `cfgObjectType` is the CfgObjectType number
 * (docs/fidelity/icon.md §2); kinds that only the CallRouter knows have none.
 */

export interface ObjectType {
  readonly label: string;
  readonly plural: string;
  readonly cfgObjectType?: number;
  /** Field whose value names the object for people. */
  readonly nameField: string;
  readonly fields: readonly FieldType[];
  /** Table of IDB that keeps a row of each; its columns stand with the fields. */
  readonly table?: string;
  /** Columns that are the same for every object of the type. */
  readonly constants?: Readonly<Record<string, number>>;
  /** Further columns, from fields that have a column of their own. */
  readonly also?: Readonly<Record<string, string>>;
  /** Field that refers to the object whose tenant is this one's. */
  readonly tenantOf?: string;
  /** Annex sections that ICON monitors; a star stands for any end (source document). */
  readonly annexSections?: readonly string[];
  /** The Logger keeps objects of this type, and the CallRouters go by them. */
  readonly isForRouter?: boolean;
}

/** CfgDNType values that the emulator goes by (docs/fidelity/icon.md §2, confirmed). */
export const DN_TYPE = { extension: 1, acdQueue: 3, routingPoint: 4, virtualQueue: 5 } as const;
/** CfgAppType values that GC_APPLICATION keeps, and the others of a lab. */
export const APPLICATION_TYPE = {
  tServer: 1,
  icon: 9,
  cpdServer: 10,
  outboundContactServer: 12,
  agentDesktop: 18,
  configurationServer: 21,
  interactionServer: 111,
} as const;

const OBJECT_TYPE_NAMES = [
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
] as const;

export type ObjectTypeName = (typeof OBJECT_TYPE_NAMES)[number];

const DECLARED: Readonly<Record<ObjectTypeName, ObjectType>> = {
  ...ENVIRONMENT_TYPES,
  ...PEOPLE_TYPES,
  ...OUTBOUND_TYPES,
  ...ROUTER_TYPES,
};

export const OBJECT_TYPES: Readonly<Record<ObjectTypeName, ObjectType>> = {
  ...DECLARED,
  folder: withContents(DECLARED.folder),
};

/** A folder may be for one of the Configuration Server's own types. */
function withContents(folder: ObjectType): ObjectType {
  const choices = Object.values(DECLARED)
    .filter(({ cfgObjectType }) => cfgObjectType !== undefined && cfgObjectType !== 22)
    .map(({ cfgObjectType, plural }) => ({ value: cfgObjectType!, label: plural }));
  const fields = folder.fields.map((field) =>
    field.name === 'contains' ? { ...field, choices } : field,
  );
  return { ...folder, fields };
}

/** In the order in which forms and lists show them. */
export const OBJECT_TYPE_ORDER: readonly ObjectTypeName[] = OBJECT_TYPE_NAMES;

/** One record of a field of kind `rows`. */
export type FieldRow = { readonly [name: string]: string | number | boolean | null };

export type FieldValue = string | number | boolean | readonly number[] | readonly FieldRow[] | null;

/** One configuration object. References are DBIDs of the target type. Plain data. */
export type ConfigurationObject = {
  readonly type: ObjectTypeName;
  readonly dbid: number;
  /** CfgObjectState: 1 enabled, 2 disabled. */
  readonly state: number;
  readonly fields: { readonly [name: string]: FieldValue };
  /** Annex: options by section. */
  readonly annex?: Sections;
  /** What an application is told; see `option.ts`. */
  readonly options?: Sections;
  /** Rights that are given on this object itself; see `access.ts`. */
  readonly access?: readonly AccessEntry[];
};

/** Values by section and name: the form of Annexes and of application options. */
export type Sections = { readonly [section: string]: { readonly [key: string]: string } };

export const RIGHTS = ['none', 'read', 'change', 'full'] as const;
export type Rights = (typeof RIGHTS)[number];

export type AccessEntry = {
  /** `SYSTEM`, `everyone`, `person:DBID` or `accessGroup:DBID`. */
  readonly account: string;
  readonly rights: Rights;
};

/** One change as the Logger and the CallRouters take it. */
export type ConfigurationChange = {
  /** Rises by one with every change of an object that is for the router. */
  readonly revision: number;
  readonly action: 'created' | 'updated' | 'deleted';
  /** UTC second of the change by the Configuration Server's clock. */
  readonly changedAt: number;
  readonly object: ConfigurationObject;
};

export function objectKey(type: ObjectTypeName, dbid: number): string {
  return `${type}:${dbid}`;
}

export function objectsByKey(
  objects: Iterable<ConfigurationObject>,
): Map<string, ConfigurationObject> {
  return new Map([...objects].map((object) => [objectKey(object.type, object.dbid), object]));
}

export function textField(object: ConfigurationObject, field: string): string {
  const value = object.fields[field];
  return value === undefined || value === null ? '' : String(value);
}

/** A reference or number; 0 where the object has none. */
export function numberField(object: ConfigurationObject, field: string): number {
  const value = object.fields[field];
  return typeof value === 'number' ? value : 0;
}

export function listField(object: ConfigurationObject, field: string): readonly number[] {
  const value = object.fields[field];
  return Array.isArray(value) ? (value as readonly number[]) : [];
}

export function rowsField(object: ConfigurationObject, field: string): readonly FieldRow[] {
  const value = object.fields[field];
  return Array.isArray(value) ? (value as readonly FieldRow[]) : [];
}

/** CfgScriptType (docs/fidelity/icon.md §2, confirmed): those that the emulator goes by. */
export const SCRIPT_TYPE = {
  simpleRouting: 5,
  enhancedRouting: 6,
  interactionQueue: 23,
  workbin: 25,
} as const;

/** Virtual queues, and what the Interaction Server goes by, are of Genesys alone. */
export function isForRouter({ type, fields }: ConfigurationObject): boolean {
  if (!OBJECT_TYPES[type].isForRouter) return false;
  if (type === 'script') return fields['scriptType'] === SCRIPT_TYPE.simpleRouting;
  return type !== 'dn' || fields['dnType'] !== DN_TYPE.virtualQueue;
}
