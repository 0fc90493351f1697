import type { FieldType } from '../../engine/configuration/fields.ts';
import {
  type AccessEntry,
  type ConfigurationObject,
  type FieldRow,
  type FieldValue,
  OBJECT_TYPES,
  type ObjectTypeName,
  objectKey,
} from '../../engine/configuration/object-types.ts';
import { objectName } from '../../engine/configuration/validation.ts';

/** Objects with names in place of DBIDs, as files and people know them. */

type Objects = ReadonlyMap<string, ConfigurationObject>;

/** A field's value with names in place of DBIDs. */
export type NamedValue = string | number | boolean | null | NamedValue[] | NamedRow;
export type NamedRow = { [name: string]: NamedValue };

export type NamedObject = {
  readonly type: ObjectTypeName;
  readonly state?: 'enabled' | 'disabled';
  readonly fields: Readonly<Record<string, NamedValue>>;
  readonly annex?: ConfigurationObject['annex'];
  readonly options?: ConfigurationObject['options'];
  readonly access?: readonly AccessEntry[];
};

/** DBIDs by type and name. */
export class NameIndex {
  private readonly dbids = new Map<string, number>();

  constructor(objects: Objects) {
    for (const object of objects.values()) this.add(object.type, objectName(object), object.dbid);
  }

  add(type: ObjectTypeName, name: string, dbid: number): void {
    this.dbids.set(`${type} ${name}`, dbid);
  }

  find(type: ObjectTypeName, name: string): number | undefined {
    return this.dbids.get(`${type} ${name}`);
  }
}

export function toNamed(objects: Objects, object: ConfigurationObject): NamedObject {
  const { type, annex, options, access } = object;
  const fields: Record<string, NamedValue> = {};
  for (const field of OBJECT_TYPES[type].fields) {
    const value = object.fields[field.name];
    if (value !== undefined && value !== null) fields[field.name] = toName(objects, field, value);
  }
  return {
    type,
    ...(object.state === 2 && { state: 'disabled' as const }),
    fields,
    ...(annex && { annex }),
    ...(options && { options }),
    ...(access && access.length > 0 && { access: access.map((one) => namedEntry(objects, one)) }),
  };
}

function toName(objects: Objects, field: FieldType, value: FieldValue): NamedValue {
  if (field.kind === 'reference') return nameOfDbid(objects, field.target!, Number(value));
  if (field.kind === 'choice') {
    return field.choices?.find((choice) => choice.value === value)?.label ?? Number(value);
  }
  if (!Array.isArray(value)) return value as string | number | boolean | null;
  if (field.kind === 'references') {
    return (value as readonly number[]).map((dbid) => nameOfDbid(objects, field.target!, dbid));
  }
  return (value as readonly FieldRow[]).map((row) => {
    const named: NamedRow = {};
    for (const inner of field.fields ?? []) {
      const cell = row[inner.name];
      if (cell !== undefined && cell !== null) named[inner.name] = toName(objects, inner, cell);
    }
    return named;
  });
}

function nameOfDbid(objects: Objects, type: ObjectTypeName, dbid: number): string {
  const object = objects.get(objectKey(type, dbid));
  return object ? objectName(object) : '';
}

/** `person:101` becomes `person:E1001`: a DBID means nothing in another lab. */
function namedEntry(objects: Objects, { account, rights }: AccessEntry): AccessEntry {
  const object = objects.get(account);
  return { account: object ? `${object.type}:${objectName(object)}` : account, rights };
}

/** One object with names in place of DBIDs; `say` hears what is wrong with it. */
export function objectFromNamed(
  objects: Objects,
  object: NamedObject,
  dbid: number,
  before: ConfigurationObject | undefined,
  say: (message: string) => void,
): ConfigurationObject {
  return fromNamed(new NameIndex(objects), object, dbid, before, say);
}

export function fromNamed(
  names: NameIndex,
  object: NamedObject,
  dbid: number,
  before: ConfigurationObject | undefined,
  say: (message: string) => void,
): ConfigurationObject {
  const { type, annex = before?.annex, options = before?.options } = object;
  const known = new Map(OBJECT_TYPES[type].fields.map((field) => [field.name, field]));
  // What the file does not name stays as it is.
  const fields: Record<string, FieldValue> = { ...before?.fields };
  for (const [name, value] of Object.entries(object.fields)) {
    const field = known.get(name);
    if (!field) {
      say(`a ${OBJECT_TYPES[type].label} has no field "${name}"`);
      continue;
    }
    const read = fromName(names, field, value, say);
    // An empty cell of a table says no more than a field that is not there.
    if (!isNothing(read) || !isNothing(fields[name])) fields[name] = read;
  }
  const access = object.access
    ? object.access.map((entry) => readEntry(names, entry, say))
    : before?.access;
  const state = object.state ? (object.state === 'disabled' ? 2 : 1) : (before?.state ?? 1);
  return {
    type,
    dbid,
    state,
    fields,
    ...(annex && { annex }),
    ...(options && { options }),
    ...(access && { access }),
  };
}

function isNothing(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function readEntry(
  names: NameIndex,
  { account, rights }: AccessEntry,
  say: (message: string) => void,
): AccessEntry {
  const named = /^(person|accessGroup):(.*)$/.exec(account);
  if (!named) return { account, rights };
  const [, type, name] = named;
  const dbid = names.find(type as ObjectTypeName, name);
  if (dbid === undefined) say(`Permissions: there is no ${type} "${name}"`);
  return { account: objectKey(type as ObjectTypeName, dbid ?? 0), rights };
}

function fromName(
  names: NameIndex,
  field: FieldType,
  value: NamedValue,
  say: (message: string) => void,
): FieldValue {
  if (value === null) return null;
  if (field.kind === 'reference') return readReference(names, field, value, say);
  if (field.kind === 'choice') {
    const choice = field.choices?.find(({ label }) => label === value);
    if (choice) return choice.value;
    if (typeof value === 'number') return value;
    const labels = field.choices?.map(({ label }) => label).join(', ');
    say(`${field.label} must be one of: ${labels}; not "${String(value)}"`);
    return null;
  }
  if (field.kind !== 'references' && field.kind !== 'rows') {
    if (typeof value !== 'object') return value;
    say(`${field.label} must be a single value`);
    return null;
  }
  if (!Array.isArray(value)) {
    say(`${field.label} must be a list`);
    return null;
  }
  if (field.kind === 'references') {
    return value.map((one) => readReference(names, field, one, say) ?? 0);
  }
  return value.map((row) => readRow(names, field, row, say));
}

function readRow(
  names: NameIndex,
  field: FieldType,
  value: NamedValue,
  say: (message: string) => void,
): FieldRow {
  const row: Record<string, string | number | boolean | null> = {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    say(`${field.label} must be a list of records`);
    return row;
  }
  for (const [name, cell] of Object.entries(value)) {
    const inner = field.fields?.find((candidate) => candidate.name === name);
    if (!inner) say(`${field.label} has no field "${name}"`);
    else row[name] = fromName(names, inner, cell, say) as string | number | boolean | null;
  }
  return row;
}

function readReference(
  names: NameIndex,
  { label, target }: FieldType,
  value: NamedValue,
  say: (message: string) => void,
): number | null {
  if (value === '') return null;
  const dbid = names.find(target!, String(value));
  if (dbid !== undefined) return dbid;
  say(`${label}: there is no ${OBJECT_TYPES[target!].label} "${String(value)}"`);
  return null;
}
