import { forEachInSteps, runSteps, type Steps, stepsWithin } from '../kernel/steps.ts';
import { AccountView, personAccount } from './access.ts';
import type { FieldType } from './fields.ts';
import {
  type ConfigurationObject,
  type FieldRow,
  type FieldValue,
  numberField,
  OBJECT_TYPES,
  type ObjectTypeName,
  objectKey,
  type Sections,
} from './object-types.ts';
import { type FieldProblem, Referrers, Validation, validateObject } from './validation.ts';

/** One edit of a transaction. A new object has a negative DBID, by which others refer to it. */
export type Edit =
  | { readonly action: 'create'; readonly object: ConfigurationObject }
  | { readonly action: 'update'; readonly object: ConfigurationObject }
  | { readonly action: 'delete'; readonly objectType: ObjectTypeName; readonly dbid: number };

/** What a transaction does to one object. Plain data. */
export type ObjectChange =
  | { readonly action: 'created'; readonly object: ConfigurationObject; readonly before: null }
  | {
      readonly action: 'updated' | 'deleted';
      readonly object: ConfigurationObject;
      readonly before: ConfigurationObject;
    };

/** Why an edit cannot be made; `edit` counts from zero. */
export type EditProblem = {
  readonly edit: number;
  readonly kind: 'unknown object' | 'invalid object' | 'object in use' | 'no permission';
  readonly object: ConfigurationObject | null;
  readonly fields: readonly FieldProblem[];
  readonly users: readonly ConfigurationObject[];
};

export type Plan = {
  /** In order; all of them or none. */
  readonly changes: readonly ObjectChange[];
  readonly objects: Map<string, ConfigurationObject>;
  readonly nextDbid: number;
  readonly problems: readonly EditProblem[];
};

export type Author = {
  /** DBID of the person who edits; 0 for the administrator, who may do everything. */
  readonly person: number;
};

export const ADMINISTRATOR: Author = { person: 0 };

type Objects = ReadonlyMap<string, ConfigurationObject>;

/** What the edits would do, checked as a whole: the last state must be a valid one. */
export function planEdits(
  objects: Objects,
  nextDbid: number,
  edits: readonly Edit[],
  author: Author = ADMINISTRATOR,
): Plan {
  return runSteps(planEditsInSteps(objects, nextDbid, edits, author));
}

/** The same in steps; `objects` must not change meanwhile. */
export function* planEditsInSteps(
  objects: Objects,
  nextDbid: number,
  edits: readonly Edit[],
  author: Author,
): Steps<Plan> {
  const given = givenDbids(edits, nextDbid);
  let next = nextDbid + given.size;
  const taken = new Set<number>();
  const after = new Map(objects);
  const changes: ObjectChange[] = [];
  /** Which edit each change came from. */
  const sources: number[] = [];
  const problems: EditProblem[] = [];
  const make = (edit: Edit, index: number) => {
    const change = changeOf(after, edit, given);
    const isTwice = edit.action === 'create' && taken.has(edit.object.dbid);
    if (edit.action === 'create') taken.add(edit.object.dbid);
    if (!change || isTwice) {
      problems.push(problem(index, 'unknown object', 'object' in edit ? edit.object : null));
      return;
    }
    if (change === NOTHING) return;
    const { object } = change;
    const key = objectKey(object.type, object.dbid);
    if (change.action === 'deleted') after.delete(key);
    else after.set(key, object);
    changes.push(change);
    sources.push(index);
    next = Math.max(next, object.dbid + 1);
  };
  yield* stepsWithin(forEachInSteps(edits, make), 0, 0.5);
  if (problems.length === 0) {
    const found = yield* stepsWithin(permissionProblems(objects, after, changes, author), 0.5, 0.6);
    found.push(...(yield* stepsWithin(stateProblems(after, changes), 0.6, 1)));
    for (const one of found) problems.push({ ...one, edit: sources[one.edit] });
  }
  return { changes, objects: after, nextDbid: next, problems };
}

/** The DBIDs of new objects, by the negative ones that stand for them. */
function givenDbids(edits: readonly Edit[], nextDbid: number): Map<number, number> {
  const given = new Map<number, number>();
  for (const edit of edits) {
    if (edit.action !== 'create' || edit.object.dbid >= 0) continue;
    // Of one that is there twice the second finds the first, and is refused.
    if (!given.has(edit.object.dbid)) given.set(edit.object.dbid, nextDbid + given.size);
  }
  return given;
}

/** The edits that take a transaction back. */
export function invertChanges(changes: readonly ObjectChange[]): Edit[] {
  return changes.toReversed().map((change): Edit => {
    const { type: objectType, dbid } = change.object;
    if (change.action === 'created') return { action: 'delete', objectType, dbid };
    if (change.action === 'deleted') return { action: 'create', object: change.before };
    return { action: 'update', object: change.before };
  });
}

/** The edits that make a transaction again that was taken back: the same objects, same DBIDs. */
export function repeatChanges(changes: readonly ObjectChange[]): Edit[] {
  return changes.map(({ action, object }): Edit => {
    if (action === 'deleted') {
      return { action: 'delete', objectType: object.type, dbid: object.dbid };
    }
    return { action: action === 'created' ? 'create' : 'update', object };
  });
}

function changeOf(
  objects: Objects,
  edit: Edit,
  given: ReadonlyMap<number, number>,
): ObjectChange | typeof NOTHING | undefined {
  if (edit.action === 'delete') {
    const before = objects.get(objectKey(edit.objectType, edit.dbid));
    return before && { action: 'deleted', object: before, before };
  }
  const object = given.size === 0 ? edit.object : withGivenDbids(edit.object, given);
  const before = objects.get(objectKey(object.type, object.dbid));
  if (edit.action === 'create') {
    return before ? undefined : { action: 'created', object, before: null };
  }
  if (!before) return undefined;
  return sameObject(before, object) ? NOTHING : { action: 'updated', object, before };
}

/** An update that changes nothing is none. */
const NOTHING = 'nothing';

function sameObject(one: ConfigurationObject, other: ConfigurationObject): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

/** Without the parts that are empty, names in one order: what is the same reads the same. */
function inOrder({ state, fields, annex, options, access }: ConfigurationObject): unknown {
  const sorted = (values: object) =>
    Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  const sections = (parts: Sections = {}) =>
    sorted(parts).map(([name, values]) => [name, sorted(values)]);
  return [state, sorted(fields), sections(annex), sections(options), access ?? []];
}

/** Negative DBIDs, the object's own and those it refers to, become the ones that were given. */
function withGivenDbids(
  object: ConfigurationObject,
  given: ReadonlyMap<number, number>,
): ConfigurationObject {
  const real = (dbid: number) => given.get(dbid) ?? dbid;
  const fields: Record<string, FieldValue> = {};
  const types = new Map(OBJECT_TYPES[object.type].fields.map((field) => [field.name, field]));
  for (const [name, value] of Object.entries(object.fields)) {
    fields[name] = withReferences(types.get(name), value, real);
  }
  const access = object.access?.map((entry) => {
    const named = /^(person|accessGroup):(-\d+)$/.exec(entry.account);
    return named ? { ...entry, account: `${named[1]}:${real(Number(named[2]))}` } : entry;
  });
  return { ...object, dbid: real(object.dbid), fields, ...(access && { access }) };
}

function withReferences(
  field: FieldType | undefined,
  value: FieldValue,
  real: (dbid: number) => number,
): FieldValue {
  if (field?.kind === 'reference' && typeof value === 'number') return real(value);
  if (!Array.isArray(value)) return value;
  if (field?.kind === 'references') return (value as readonly number[]).map(real);
  if (field?.kind !== 'rows') return value;
  const links = (field.fields ?? []).filter(({ kind }) => kind === 'reference');
  return (value as readonly FieldRow[]).map((row) => ({
    ...row,
    ...Object.fromEntries(
      links
        .filter(({ name }) => typeof row[name] === 'number')
        .map(({ name }) => [name, real(Number(row[name]))]),
    ),
  }));
}

function* stateProblems(after: Objects, changes: readonly ObjectChange[]): Steps<EditProblem[]> {
  const problems: EditProblem[] = [];
  const validation = new Validation(after);
  const gone = changes.filter(({ action, object }) => {
    return action === 'deleted' && !after.has(objectKey(object.type, object.dbid));
  });
  const referrers = new Referrers(gone.map(({ object }) => object));
  yield* stepsWithin(referrers.lookInSteps(after), 0, 0.3);
  const check = ({ action, object }: ObjectChange, edit: number) => {
    if (action === 'deleted') {
      const users = referrers.of(object);
      if (users.length > 0) problems.push({ ...problem(edit, 'object in use', object), users });
      return;
    }
    // An object that a later edit of the same transaction changes again is checked there.
    if (after.get(objectKey(object.type, object.dbid)) !== object) return;
    const fields = validateObject(validation, object);
    if (fields.length > 0) problems.push({ ...problem(edit, 'invalid object', object), fields });
  };
  yield* stepsWithin(forEachInSteps(changes, check), 0.3, 1);
  return problems;
}

/** What the author may not do: change what they may only read, or put things where they may not. */
function* permissionProblems(
  before: Objects,
  after: Objects,
  changes: readonly ObjectChange[],
  { person }: Author,
): Steps<EditProblem[]> {
  if (person === 0) return [];
  const account = personAccount(person);
  const then = new AccountView(before, account);
  const now = new AccountView(after, account);
  const problems: EditProblem[] = [];
  const check = ({ object, before: old }: ObjectChange, edit: number) => {
    const folder = numberField(object, 'folder');
    const isPlaced = !old || numberField(old, 'folder') !== folder;
    const grants = JSON.stringify(old?.access ?? []) !== JSON.stringify(object.access ?? []);
    const mayGrant = old ? then.mayGrant(old) : now.mayGrantIn(folder);
    const isAllowed =
      (!old || then.mayChange(old)) &&
      (!isPlaced || now.mayChangeIn(folder)) &&
      (!grants || mayGrant);
    if (!isAllowed) problems.push(problem(edit, 'no permission', object));
  };
  yield* forEachInSteps(changes, check);
  return problems;
}

function problem(
  edit: number,
  kind: EditProblem['kind'],
  object: ConfigurationObject | null,
): EditProblem {
  return { edit, kind, object, fields: [], users: [] };
}
