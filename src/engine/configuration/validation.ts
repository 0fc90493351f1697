import { checkScriptSource } from '../icm/router/script.ts';
import { forEachInSteps, type Steps } from '../kernel/steps.ts';
import { EVERYONE, SYSTEM_ACCOUNT } from './access.ts';
import type { FieldType } from './fields.ts';
import {
  type ConfigurationObject,
  DN_TYPE,
  type FieldRow,
  type FieldValue,
  numberField,
  OBJECT_TYPE_ORDER,
  OBJECT_TYPES,
  objectKey,
  textField,
} from './object-types.ts';

/** A wrong field, in words for the person at the form. */
export type FieldProblem = { readonly field: string; readonly message: string };

type Objects = ReadonlyMap<string, ConfigurationObject>;

/** What an object is checked against: the objects as they will be, itself among them. */
export class Validation {
  readonly unique: UniqueValues;
  private targets: ReturnType<typeof scriptTargets> | undefined;

  constructor(readonly objects: Objects) {
    this.unique = new UniqueValues(objects);
  }

  /** Worked out once, however many scripts there are. */
  scriptTargets() {
    this.targets ??= scriptTargets(this.objects);
    return this.targets;
  }
}

/** Who has which value of a field that must be unique. */
export class UniqueValues {
  private readonly owners = new Map<string, Map<FieldValue, number[]>>();

  constructor(private readonly objects: Objects) {}

  isTaken(object: ConfigurationObject, field: FieldType, value: FieldValue): boolean {
    const owners = this.ownersOf(object, field).get(value) ?? [];
    return owners.some((dbid) => dbid !== object.dbid);
  }

  private ownersOf({ type }: ConfigurationObject, { name }: FieldType): Map<FieldValue, number[]> {
    const known = this.owners.get(`${type} ${name}`);
    if (known) return known;
    const owners = new Map<FieldValue, number[]>();
    for (const other of this.objects.values()) {
      if (other.type !== type) continue;
      const value = other.fields[name] ?? null;
      const holders = owners.get(value);
      if (holders) holders.push(other.dbid);
      else owners.set(value, [other.dbid]);
    }
    this.owners.set(`${type} ${name}`, owners);
    return owners;
  }
}

/** What Configuration Manager would refuse about this object. */
export function validateObject(
  validation: Validation,
  object: ConfigurationObject,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const type = OBJECT_TYPES[object.type];
  for (const field of type.fields) {
    const value = object.fields[field.name] ?? null;
    const message = fieldProblem(validation, object, field, value);
    if (message) problems.push({ field: field.name, message });
  }
  if (isInsideItself(validation.objects, object)) {
    problems.push({ field: 'folder', message: 'Folder: a folder cannot lie within itself' });
  }
  const folder = validation.objects.get(objectKey('folder', numberField(object, 'folder')));
  const contains = folder ? numberField(folder, 'contains') : 0;
  if (contains !== 0 && object.type !== 'folder' && contains !== type.cfgObjectType) {
    const other = OBJECT_TYPE_ORDER.find((name) => OBJECT_TYPES[name].cfgObjectType === contains);
    const plural = other ? OBJECT_TYPES[other].plural.toLowerCase() : `type ${contains}`;
    const message = `Folder: ${objectName(folder!)} is for ${plural} only`;
    problems.push({ field: 'folder', message });
  }
  const access = accessProblem(validation.objects, object);
  if (access) problems.push({ field: 'access', message: access });
  for (const name of Object.keys(object.fields)) {
    if (!type.fields.some((field) => field.name === name)) {
      problems.push({ field: name, message: `a ${type.label} has no field "${name}"` });
    }
  }
  return problems;
}

/** Who refers to the given objects: they cannot be deleted before those let go. */
export class Referrers {
  private readonly users = new Map<string, ConfigurationObject[]>();

  constructor(targets: readonly ConfigurationObject[]) {
    for (const { type, dbid } of targets) this.users.set(objectKey(type, dbid), []);
  }

  *lookInSteps(objects: Objects): Steps<void> {
    if (this.users.size === 0) return;
    yield* forEachInSteps([...objects.values()], (object) => {
      for (const key of new Set(referredKeys(object))) this.users.get(key)?.push(object);
    });
  }

  of({ type, dbid }: ConfigurationObject): readonly ConfigurationObject[] {
    return this.users.get(objectKey(type, dbid)) ?? [];
  }
}

function referredKeys(object: ConfigurationObject): string[] {
  const keys: string[] = (object.access ?? []).map(({ account }) => account);
  for (const { name, kind, target, fields = [] } of OBJECT_TYPES[object.type].fields) {
    const value = object.fields[name] ?? null;
    if (kind === 'reference' && target) keys.push(objectKey(target, Number(value)));
    else if (!Array.isArray(value)) continue;
    else if (kind === 'references' && target) {
      for (const dbid of value as readonly number[]) keys.push(objectKey(target, dbid));
    } else if (kind === 'rows') {
      for (const row of value as readonly FieldRow[]) {
        for (const field of fields) {
          if (field.target) keys.push(objectKey(field.target, Number(row[field.name])));
        }
      }
    }
  }
  return keys;
}

function isInsideItself(objects: Objects, object: ConfigurationObject): boolean {
  if (object.type !== 'folder') return false;
  const seen = new Set([object.dbid]);
  let parent = numberField(object, 'folder');
  while (parent !== 0) {
    if (seen.has(parent)) return true;
    seen.add(parent);
    const folder = objects.get(objectKey('folder', parent));
    parent = folder ? numberField(folder, 'folder') : 0;
  }
  return false;
}

function accessProblem(objects: Objects, { access = [] }: ConfigurationObject): string | undefined {
  const seen = new Set<string>();
  for (const { account } of access) {
    const isKnown = account === SYSTEM_ACCOUNT || account === EVERYONE || objects.has(account);
    if (!isKnown || !/^(SYSTEM|everyone|person:|accessGroup:)/.test(account)) {
      return `Permissions: there is no account ${account}`;
    }
    if (seen.has(account)) return `Permissions: ${account} is named twice`;
    seen.add(account);
  }
  return undefined;
}

export function objectName(object: ConfigurationObject): string {
  return textField(object, OBJECT_TYPES[object.type].nameField);
}

function fieldProblem(
  validation: Validation,
  object: ConfigurationObject,
  field: FieldType,
  value: FieldValue,
): string | undefined {
  const isBlank = typeof value === 'string' && value.trim() === '';
  const empty = value === null || isBlank || (field.kind === 'reference' && value === 0);
  if (empty) return field.required ? `${field.label} is needed` : undefined;
  switch (field.kind) {
    case 'text':
      return textProblem(validation, object, field, value);
    case 'integer':
      return integerProblem(field, value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${field.label} must be true or false`;
    case 'choice': {
      if (field.choices?.some((choice) => choice.value === value)) return undefined;
      const allowed = field.choices?.map(({ label, value }) => `${value} ${label}`).join(', ');
      return `${field.label} must be one of: ${allowed}`;
    }
    case 'reference':
      return referenceProblem(validation.objects, field, value);
    case 'references': {
      if (!Array.isArray(value)) return `${field.label} must be a list`;
      const list = value as readonly number[];
      if (new Set(list).size < list.length) return `${field.label}: one is named twice`;
      return list.map((one) => referenceProblem(validation.objects, field, one)).find(Boolean);
    }
    case 'rows':
      return rowsProblem(validation, object, field, value);
  }
}

/** Every record by the rules of its own fields; the first field is the key among them. */
function rowsProblem(
  validation: Validation,
  object: ConfigurationObject,
  { label, fields = [] }: FieldType,
  value: FieldValue,
): string | undefined {
  if (!Array.isArray(value)) return `${label} must be a list`;
  const keys = new Set<unknown>();
  for (const [index, row] of (value as readonly FieldRow[]).entries()) {
    const where = `${label}, line ${index + 1}`;
    const unknown = Object.keys(row).find((name) => !fields.some((field) => field.name === name));
    if (unknown !== undefined) return `${where}: there is no field "${unknown}"`;
    for (const field of fields) {
      const problem = fieldProblem(validation, object, field, row[field.name] ?? null);
      if (problem) return `${where}: ${problem}`;
    }
    const key = row[fields[0].name];
    if (keys.has(key)) return `${where}: ${fields[0].label} is there already`;
    keys.add(key);
  }
  return undefined;
}

function integerProblem(field: FieldType, value: FieldValue): string | undefined {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = field;
  if (!Number.isInteger(value)) return `${field.label} must be a whole number`;
  const inside = Number(value) >= min && Number(value) <= max;
  return inside ? undefined : `${field.label} must lie between ${min} and ${max}`;
}

function textProblem(
  validation: Validation,
  object: ConfigurationObject,
  field: FieldType,
  value: FieldValue,
): string | undefined {
  if (typeof value !== 'string') return `${field.label} must be text`;
  const limit = field.maxLength ?? 255;
  if (value.length > limit) {
    return `${field.label} has ${value.length} characters; ${limit} are allowed`;
  }
  if (object.type === 'script' && field.name === 'body') {
    return checkScriptSource(value, validation.scriptTargets())[0];
  }
  if (!field.unique || !validation.unique.isTaken(object, field, value)) return undefined;
  return `${field.label} "${value}" is already in use`;
}

/** What a step may name: agent groups, and DNs that are labels. */
function scriptTargets(objects: Objects) {
  const all = [...objects.values()];
  const names = all.filter(({ type }) => type === 'agentGroup').map(objectName);
  const labels = all.filter(
    ({ type, fields }) => type === 'dn' && fields['dnType'] !== DN_TYPE.routingPoint,
  );
  return { groups: new Set(names), labels: new Set(labels.map(objectName)) };
}

function referenceProblem(
  objects: Objects,
  field: FieldType,
  value: FieldValue,
): string | undefined {
  const target = field.target!;
  if (typeof value === 'number' && objects.has(objectKey(target, value))) return undefined;
  return `${field.label}: there is no ${OBJECT_TYPES[target].label} with DBID ${value}`;
}
