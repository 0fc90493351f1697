/**
 * Every kind of configuration object, declared once. Forms, validation, GC_ rows and router
 * records are derived from here. `cfgObjectType` is the CfgObjectType number
 * (docs/fidelity/icon.md §2); kinds that only the CallRouter knows have none.
 */

export type FieldKind = 'text' | 'integer' | 'boolean' | 'choice' | 'reference' | 'references';

export interface FieldType {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly maxLength?: number;
  /** Range of a whole number. */
  readonly min?: number;
  readonly max?: number;
  readonly target?: ObjectTypeName;
  readonly choices?: readonly { readonly value: number; readonly label: string }[];
  readonly help?: string;
}

export interface ObjectType {
  readonly label: string;
  readonly plural: string;
  readonly cfgObjectType?: number;
  /** Field whose value names the object for people. */
  readonly nameField: string;
  readonly fields: readonly FieldType[];
}

const text = (name: string, label: string, more: Partial<FieldType> = {}): FieldType => ({
  name,
  label,
  kind: 'text',
  maxLength: 64,
  ...more,
});
const name = text('name', 'Name', { required: true, unique: true });
const reference = (
  field: string,
  label: string,
  target: ObjectTypeName,
  more: Partial<FieldType> = {},
): FieldType => ({ name: field, label, kind: 'reference', target, ...more });
const references = (field: string, label: string, target: ObjectTypeName): FieldType => ({
  name: field,
  label,
  kind: 'references',
  target,
});
const choice = (
  field: string,
  label: string,
  choices: Record<number, string>,
  more: Partial<FieldType> = {},
): FieldType => ({
  name: field,
  label,
  kind: 'choice',
  choices: Object.entries(choices).map(([value, text]) => ({ value: Number(value), label: text })),
  ...more,
});

/** CfgDNType values in use (docs/fidelity/icon.md §2, confirmed). */
export const DN_TYPE = { extension: 1, acdQueue: 3, routingPoint: 4 } as const;
/** CfgAppType values that GC_APPLICATION keeps, and the others of a lab. */
export const APPLICATION_TYPE = {
  tServer: 1,
  icon: 9,
  outboundContactServer: 12,
  agentDesktop: 18,
  configurationServer: 21,
} as const;

const OBJECT_TYPE_NAMES = [
  'tenant',
  'switch',
  'dn',
  'person',
  'agentLogin',
  'place',
  'agentGroup',
  'skill',
  'script',
  'application',
  'peripheral',
  'callType',
  'service',
  'route',
  'peripheralGateway',
  'trunkGroup',
  'translationRoute',
] as const;

export type ObjectTypeName = (typeof OBJECT_TYPE_NAMES)[number];

export const OBJECT_TYPES: Readonly<Record<ObjectTypeName, ObjectType>> = {
  tenant: {
    label: 'Tenant',
    plural: 'Tenants',
    cfgObjectType: 7,
    nameField: 'name',
    fields: [name],
  },
  switch: {
    label: 'Switch',
    plural: 'Switches',
    cfgObjectType: 1,
    nameField: 'name',
    fields: [
      name,
      reference('tenant', 'Tenant', 'tenant', { required: true }),
      reference('tServer', 'T-Server', 'application'),
    ],
  },
  dn: {
    label: 'DN',
    plural: 'DNs',
    cfgObjectType: 2,
    nameField: 'number',
    fields: [
      text('number', 'Number', { required: true, unique: true, maxLength: 16 }),
      text('alias', 'Alias'),
      choice(
        'dnType',
        'Type',
        { 1: 'Extension', 3: 'ACD Queue', 4: 'Routing Point' },
        { required: true },
      ),
      reference('switch', 'Switch', 'switch', { required: true }),
      reference('callType', 'Call type', 'callType', {
        help: 'Routing points only: what the CallRouter takes the call for.',
      }),
      reference('agentGroup', 'Agent group', 'agentGroup', {
        help: 'ACD queues only: the agents that the switch serves the queue with.',
      }),
    ],
  },
  person: {
    label: 'Person',
    plural: 'Persons',
    cfgObjectType: 3,
    nameField: 'employeeId',
    fields: [
      text('employeeId', 'Employee ID', { required: true, unique: true }),
      text('userName', 'User name', { required: true, unique: true }),
      text('firstName', 'First name', { maxLength: 32 }),
      text('lastName', 'Last name', { maxLength: 32 }),
      { name: 'isAgent', label: 'Is agent', kind: 'boolean' },
      reference('tenant', 'Tenant', 'tenant', { required: true }),
      reference('place', 'Default place', 'place'),
      references('skills', 'Skills', 'skill'),
      {
        name: 'skillLevel',
        label: 'Skill level',
        kind: 'integer',
        min: 0,
        max: 100,
        help: 'One level for all skills of this person.',
      },
    ],
  },
  agentLogin: {
    label: 'Agent login',
    plural: 'Agent logins',
    cfgObjectType: 15,
    nameField: 'loginCode',
    fields: [
      text('loginCode', 'Login code', { required: true, unique: true, maxLength: 16 }),
      reference('switch', 'Switch', 'switch', { required: true }),
      reference('person', 'Person', 'person'),
    ],
  },
  place: {
    label: 'Place',
    plural: 'Places',
    cfgObjectType: 4,
    nameField: 'name',
    fields: [
      name,
      reference('tenant', 'Tenant', 'tenant', { required: true }),
      references('dns', 'DNs', 'dn'),
    ],
  },
  agentGroup: {
    label: 'Agent group',
    plural: 'Agent groups',
    cfgObjectType: 5,
    nameField: 'name',
    fields: [
      name,
      reference('tenant', 'Tenant', 'tenant', { required: true }),
      references('agents', 'Agents', 'person'),
      reference('peripheral', 'Peripheral', 'peripheral', {
        help: 'The CallRouter takes the group for a skill group of this peripheral.',
      }),
    ],
  },
  skill: {
    label: 'Skill',
    plural: 'Skills',
    cfgObjectType: 13,
    nameField: 'name',
    fields: [name, reference('tenant', 'Tenant', 'tenant', { required: true })],
  },
  script: {
    label: 'Script',
    plural: 'Scripts',
    cfgObjectType: 12,
    nameField: 'name',
    fields: [
      name,
      reference('tenant', 'Tenant', 'tenant', { required: true }),
      text('body', 'Steps', {
        maxLength: 4000,
        help:
          'One step a line: "select GROUP", "queue GROUP for 60s priority 3", "label DN"; ' +
          'in front of it "between 08:00 and 18:00:" or "30%:".',
      }),
    ],
  },
  application: {
    label: 'Application',
    plural: 'Applications',
    cfgObjectType: 9,
    nameField: 'name',
    fields: [
      name,
      choice(
        'applicationType',
        'Type',
        {
          1: 'T-Server',
          9: 'Call Concentrator (ICON)',
          12: 'Outbound Contact Server',
          18: 'Agent Desktop',
          21: 'Configuration Server',
        },
        { required: true },
      ),
      text('version', 'Version', { maxLength: 16 }),
    ],
  },
  peripheral: {
    label: 'Peripheral',
    plural: 'Peripherals',
    nameField: 'name',
    fields: [
      name,
      reference('switch', 'Switch', 'switch', { required: true }),
      reference('peripheralGateway', 'Peripheral Gateway', 'peripheralGateway', { required: true }),
    ],
  },
  callType: {
    label: 'Call type',
    plural: 'Call types',
    nameField: 'name',
    fields: [name, reference('script', 'Script', 'script', { required: true })],
  },
  service: {
    label: 'Service',
    plural: 'Services',
    nameField: 'name',
    fields: [name, reference('peripheral', 'Peripheral', 'peripheral', { required: true })],
  },
  route: {
    label: 'Route',
    plural: 'Routes',
    nameField: 'name',
    fields: [
      name,
      reference('service', 'Service', 'service', { required: true }),
      reference('agentGroup', 'Agent group', 'agentGroup'),
    ],
  },
  peripheralGateway: {
    label: 'Peripheral Gateway',
    plural: 'Peripheral Gateways',
    nameField: 'name',
    fields: [name],
  },
  trunkGroup: {
    label: 'Trunk group',
    plural: 'Trunk groups',
    nameField: 'name',
    fields: [
      name,
      reference('peripheral', 'Peripheral', 'peripheral', { required: true }),
      { name: 'trunks', label: 'Trunks', kind: 'integer', min: 1, max: 10_000 },
    ],
  },
  translationRoute: {
    label: 'Translation route',
    plural: 'Translation routes',
    nameField: 'name',
    fields: [
      name,
      reference('peripheral', 'Peripheral', 'peripheral', { required: true }),
      reference('dn', 'DN', 'dn', {
        required: true,
        help: 'Routing point at which a call arrives that was sent here from another peripheral.',
      }),
    ],
  },
};

/** In the order in which objects may refer to each other when a database is loaded. */
export const OBJECT_TYPE_ORDER: readonly ObjectTypeName[] = OBJECT_TYPE_NAMES;

export type FieldValue = string | number | boolean | readonly number[] | null;

/** One configuration object. References are DBIDs of the target type. Plain data. */
export type ConfigurationObject = {
  readonly type: ObjectTypeName;
  readonly dbid: number;
  /** CfgObjectState: 1 enabled, 2 disabled. */
  readonly state: number;
  readonly fields: { readonly [name: string]: FieldValue };
};

export type ConfigurationChange = {
  /** Rises by one with every change of the Configuration Server. */
  readonly revision: number;
  readonly action: 'created' | 'updated' | 'deleted';
  /** UTC second of the change by the Configuration Server's clock. */
  readonly changedAt: number;
  readonly object: ConfigurationObject;
};

export function objectKey(type: ObjectTypeName, dbid: number): string {
  return `${type}:${dbid}`;
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
  return Array.isArray(value) ? value : [];
}
