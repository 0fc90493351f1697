import { checkScriptSource } from '../icm/router/script.ts';
import type { FieldType } from './fields.ts';
import {
  type ConfigurationObject,
  DN_TYPE,
  type FieldRow,
  type FieldValue,
  OBJECT_TYPES,
  objectKey,
  textField,
} from './object-types.ts';

/** A wrong field, in words for the person at the form. */
export type FieldProblem = { readonly field: string; readonly message: string };

type Objects = ReadonlyMap<string, ConfigurationObject>;

/** What Configuration Manager would refuse about this object. */
export function validateObject(
  objects: Objects,
  object: Omit<ConfigurationObject, 'dbid'> & { readonly dbid?: number },
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const type = OBJECT_TYPES[object.type];
  for (const field of type.fields) {
    const value = object.fields[field.name] ?? null;
    const message = fieldProblem(objects, object, field, value);
    if (message) problems.push({ field: field.name, message });
  }
  for (const name of Object.keys(object.fields)) {
    if (!type.fields.some((field) => field.name === name)) {
      problems.push({ field: name, message: `a ${type.label} has no field "${name}"` });
    }
  }
  return problems;
}

/** Objects that still refer to this one: it cannot be deleted before they let go. */
export function referencesTo(objects: Objects, target: ConfigurationObject): ConfigurationObject[] {
  return [...objects.values()].filter((object) =>
    OBJECT_TYPES[object.type].fields.some((field) => {
      const value = object.fields[field.name];
      if (field.kind === 'rows') return rowsReferTo(field, value, target);
      if (field.target !== target.type) return false;
      return Array.isArray(value)
        ? (value as readonly number[]).includes(target.dbid)
        : value === target.dbid;
    }),
  );
}

function rowsReferTo(
  { fields = [] }: FieldType,
  value: FieldValue,
  target: ConfigurationObject,
): boolean {
  const rows = Array.isArray(value) ? (value as readonly FieldRow[]) : [];
  return fields.some(
    (field) => field.target === target.type && rows.some((row) => row[field.name] === target.dbid),
  );
}

export function objectName(object: ConfigurationObject): string {
  return textField(object, OBJECT_TYPES[object.type].nameField);
}

function fieldProblem(
  objects: Objects,
  object: Omit<ConfigurationObject, 'dbid'> & { readonly dbid?: number },
  field: FieldType,
  value: FieldValue,
): string | undefined {
  const empty = value === null || value === '' || (field.kind === 'reference' && value === 0);
  if (empty) return field.required ? `${field.label} is needed` : undefined;
  switch (field.kind) {
    case 'text':
      return textProblem(objects, object, field, value);
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
      return referenceProblem(objects, field, value);
    case 'references': {
      if (!Array.isArray(value)) return `${field.label} must be a list`;
      const list = value as readonly number[];
      if (new Set(list).size < list.length) return `${field.label}: one is named twice`;
      return list.map((one) => referenceProblem(objects, field, one)).find(Boolean);
    }
    case 'rows':
      return rowsProblem(objects, object, field, value);
  }
}

/** Every record by the rules of its own fields; the first field is the key among them. */
function rowsProblem(
  objects: Objects,
  object: Omit<ConfigurationObject, 'dbid'> & { readonly dbid?: number },
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
      const problem = fieldProblem(objects, object, field, row[field.name] ?? null);
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
  objects: Objects,
  object: Omit<ConfigurationObject, 'dbid'> & { readonly dbid?: number },
  field: FieldType,
  value: FieldValue,
): string | undefined {
  if (typeof value !== 'string') return `${field.label} must be text`;
  const limit = field.maxLength ?? 255;
  if (value.length > limit) {
    return `${field.label} has ${value.length} characters; ${limit} are allowed`;
  }
  if (object.type === 'script' && field.name === 'body') {
    return checkScriptSource(value, scriptTargets(objects))[0];
  }
  if (!field.unique) return undefined;
  for (const other of objects.values()) {
    if (other.type !== object.type || other.dbid === object.dbid) continue;
    if (other.fields[field.name] === value) return `${field.label} "${value}" is already in use`;
  }
  return undefined;
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
