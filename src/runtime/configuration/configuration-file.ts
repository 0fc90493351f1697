import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { FieldType } from '../../engine/configuration/fields.ts';
import {
  type AccessEntry,
  type ConfigurationObject,
  type FieldRow,
  type FieldValue,
  OBJECT_TYPE_ORDER,
  OBJECT_TYPES,
  type ObjectTypeName,
  objectKey,
  RIGHTS,
} from '../../engine/configuration/object-types.ts';
import { type Edit, planEdits } from '../../engine/configuration/transaction.ts';
import { objectName } from '../../engine/configuration/validation.ts';
import { tellProblem } from '../../engine/lab/edit-refusals.ts';
import { parseCsv, writeCsv } from './configuration-csv.ts';

/**
 * Configuration as a file (docs/configuration.md): JSON with everything, or a CSV table of one
 * type. Objects are told apart by type and name, and refer to each other by name, so that a file
 * of one lab can be read by another.
 */

export const FILE_FORMAT = 'duplexlab-configuration';
const FILE_VERSION = 1;

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

/** What a file would do. Places are `line 5` of a table or `object 3` of JSON. */
export type ImportPlan = {
  readonly edits: readonly Edit[];
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: readonly { readonly place: string; readonly message: string }[];
};

const sections = z.record(z.string(), z.record(z.string(), z.string()), {
  error: 'must hold sections, and those their options as text',
});
const namedObject = z.strictObject(
  {
    type: z.enum(OBJECT_TYPE_ORDER as readonly [ObjectTypeName, ...ObjectTypeName[]], {
      error: ({ input }) => `there is no type ${JSON.stringify(input ?? '')}`,
    }),
    state: z.enum(['enabled', 'disabled'], 'state must be enabled or disabled').optional(),
    fields: z.record(z.string(), z.json(), { error: 'fields must be there, by their names' }),
    annex: sections.optional(),
    options: sections.optional(),
    access: z
      .array(
        z.strictObject({
          account: z.string(),
          rights: z.enum(RIGHTS, `rights must be one of: ${RIGHTS.join(', ')}`),
        }),
        { error: 'access must be a list of accounts with their rights' },
      )
      .optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `an object has no "${issue.keys.join('", "')}"`
        : 'must be an object with type and fields',
  },
);
const fileSchema = z.strictObject(
  {
    format: z.literal(FILE_FORMAT, { error: `format must be "${FILE_FORMAT}"` }),
    version: z.literal(FILE_VERSION, { error: `version must be ${FILE_VERSION}` }),
    objects: z
      .array(z.unknown(), { error: 'objects must be a list' })
      .max(100_000, 'more than 100,000 objects: split the file'),
  },
  { error: 'must be an object with format, version and objects' },
);

/** The whole configuration, or one type of it. */
export function exportJson(objects: Objects, type?: ObjectTypeName): string {
  const chosen = [...objects.values()].filter((object) => !type || object.type === type);
  const named = chosen.map((object) => toNamed(objects, object));
  const file = { format: FILE_FORMAT, version: FILE_VERSION, objects: named };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** A table of one type: state and fields; Annex, options and permissions are in JSON only. */
export function exportCsv(objects: Objects, type: ObjectTypeName): string {
  const chosen = [...objects.values()].filter((object) => object.type === type);
  return writeCsv(
    type,
    chosen.map((object) => toNamed(objects, object)),
  );
}

export function planJsonImport(objects: Objects, text: string): ImportPlan {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return refusedPlan('file', `is no JSON: ${(error as Error).message}`);
  }
  const file = fileSchema.safeParse(content);
  if (!file.success) return refusedPlan('file', file.error.issues[0].message);
  const placed: Placed[] = [];
  const problems: Problem[] = [];
  for (const [at, object] of file.data.objects.entries()) {
    const place = `object ${at + 1}`;
    const parsed = namedObject.safeParse(object);
    if (parsed.success) placed.push({ place, object: parsed.data as NamedObject });
    else problems.push({ place, message: parsed.error.issues[0].message });
  }
  return planImport(objects, placed, problems);
}

export function planCsvImport(objects: Objects, type: ObjectTypeName, text: string): ImportPlan {
  const { rows, problems } = parseCsv(type, text);
  return planImport(objects, rows, problems);
}

type Problem = ImportPlan['problems'][number];
type Placed = { readonly place: string; readonly object: NamedObject };

const EMPTY: ImportPlan = { edits: [], created: 0, updated: 0, unchanged: 0, problems: [] };

export function refusedPlan(place: string, message: string): ImportPlan {
  return { ...EMPTY, problems: [{ place, message }] };
}

/** Every mistake with its place: those of the file itself, then what the whole would break. */
function planImport(
  objects: Objects,
  placed: readonly Placed[],
  found: readonly Problem[],
): ImportPlan {
  if (placed.length === 0 && found.length === 0) {
    return refusedPlan('file', 'has no objects in it');
  }
  const names = new NameIndex(objects);
  const problems = [...found];
  let next = -1;
  const dbids = placed.map(({ place, object }) => {
    const name = nameOf(object);
    const known = names.find(object.type, name);
    const dbid = known ?? next--;
    if (name === '') problems.push({ place, message: `has no ${nameLabel(object.type)}` });
    else if (known === undefined) names.add(object.type, name, dbid);
    return dbid;
  });
  const edits: Edit[] = [];
  const places: string[] = [];
  const seen = new Map<string, string>();
  let [created, updated, unchanged] = [0, 0, 0];
  for (const [at, { place, object }] of placed.entries()) {
    const dbid = dbids[at];
    const key = objectKey(object.type, dbid);
    const earlier = seen.get(key);
    if (earlier) problems.push({ place, message: `${nameOf(object)} is in ${earlier} already` });
    seen.set(key, place);
    const before = objects.get(key);
    const say = (message: string) => void problems.push({ place, message });
    const read = fromNamed(names, object, dbid, before, say);
    if (!before) {
      edits.push({ action: 'create', object: read });
      places.push(place);
      created++;
    } else if (isDeepStrictEqual(before, read)) unchanged++;
    else {
      edits.push({ action: 'update', object: read });
      places.push(place);
      updated++;
    }
  }
  problems.push(...whatItBreaks(objects, edits, places, problems));
  problems.sort((one, other) => compareNumbers(one.place, other.place));
  return { edits, created, updated, unchanged, problems };
}

/** What the server would refuse; a place that is wrong already is not named for the same again. */
function whatItBreaks(
  objects: Objects,
  edits: readonly Edit[],
  places: readonly string[],
  problems: readonly Problem[],
): Problem[] {
  const wrong = new Set(problems.map(({ place }) => place));
  // DBIDs that new objects would get do not matter here.
  const plan = planEdits(objects, FIRST_FREE_DBID, edits);
  return plan.problems
    .filter(({ edit }) => !wrong.has(places[edit]))
    .map((problem) => ({
      place: places[problem.edit],
      message: problem.fields.map(({ message }) => message).join('; ') || tellProblem(problem),
    }));
}

const FIRST_FREE_DBID = 1_000_000_000;
const { compare: compareNumbers } = new Intl.Collator('en', { numeric: true });

/** DBIDs by type and name, those of the file among them. */
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

function nameLabel(type: ObjectTypeName): string {
  const { fields, nameField } = OBJECT_TYPES[type];
  return fields.find(({ name }) => name === nameField)!.label;
}

function nameOf({ type, fields }: NamedObject): string {
  const value = fields[OBJECT_TYPES[type].nameField];
  return value === undefined || value === null ? '' : String(value);
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

function fromNamed(
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
