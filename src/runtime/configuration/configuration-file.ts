import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  type ConfigurationObject,
  OBJECT_TYPE_ORDER,
  OBJECT_TYPES,
  type ObjectTypeName,
  objectKey,
  RIGHTS,
} from '../../engine/configuration/object-types.ts';
import { type Edit, planEdits } from '../../engine/configuration/transaction.ts';
import { tellProblem } from '../../engine/lab/edit-refusals.ts';
import { parseCsv, writeCsv } from './configuration-csv.ts';
import { fromNamed, type NamedObject, NameIndex, toNamed } from './named-objects.ts';

/**
 * Configuration as a file (docs/configuration.md): JSON with everything, or a CSV table of one
 * type. Objects are told apart by type and name, and refer to each other by name, so that a file
 * of one lab can be read by another.
 */

export const FILE_FORMAT = 'duplexlab-configuration';
const FILE_VERSION = 1;

type Objects = ReadonlyMap<string, ConfigurationObject>;

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

function nameLabel(type: ObjectTypeName): string {
  const { fields, nameField } = OBJECT_TYPES[type];
  return fields.find(({ name }) => name === nameField)!.label;
}

function nameOf({ type, fields }: NamedObject): string {
  const value = fields[OBJECT_TYPES[type].nameField];
  return value === undefined || value === null ? '' : String(value);
}
