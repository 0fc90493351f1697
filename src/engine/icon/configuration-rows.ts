import type { FieldType } from '../configuration/fields.ts';
import {
  APPLICATION_TYPE,
  type ConfigurationChange,
  type ConfigurationObject,
  type FieldRow,
  type FieldValue,
  listField,
  numberField,
  OBJECT_TYPES,
  objectKey,
  rowsField,
} from '../configuration/object-types.ts';
import { RECORD_STATUS } from '../idb/dictionary.ts';
import type { CellValue } from '../idb/row-changes.ts';
import {
  type NamedValues,
  type RowChange,
  replaceRow,
  timeColumns,
  updateRow,
} from '../idb/row-changes.ts';
import { type IconContext, nextRow } from './icon-state.ts';

/** GC_APPLICATION holds these types only (source document). */
const STORED_APPLICATIONS: readonly number[] = [
  APPLICATION_TYPE.tServer,
  APPLICATION_TYPE.cpdServer,
  APPLICATION_TYPE.outboundContactServer,
  APPLICATION_TYPE.agentDesktop,
];
/**
 * GSYS_EXT_INT1 of a configuration row. Zero: both times come from the Configuration Server
 * (confirmed); the others are the emulator's own: bits for a time that is only approximate.
 */
export const TIME_RELIABILITY = { reliable: 0, created: 1, deleted: 2 } as const;
/** CfgFlag. */
const FLAG = { false: 1, true: 2 } as const;

/** `key` names a relation: its table and both its ends. */
export type ConfigurationRow = {
  readonly table: string;
  readonly key: string;
  readonly columns: NamedValues;
};

/** GC_ row of an object, or undefined for what IDB does not keep. */
export function rowFor(
  context: IconContext,
  object: ConfigurationObject,
): { table: string; columns: NamedValues } | undefined {
  const { table, fields, constants, also = {}, tenantOf } = OBJECT_TYPES[object.type];
  if (!table) return undefined;
  const isStored =
    object.type !== 'application' ||
    STORED_APPLICATIONS.includes(numberField(object, 'applicationType'));
  if (!isStored) return undefined;
  const columns: Record<string, CellValue> = { ...constants };
  for (const field of fields) {
    if (field.column) columns[field.column] = cellOf(field, object.fields[field.name] ?? null);
  }
  for (const [column, field] of Object.entries(also)) columns[column] = numberField(object, field);
  if (tenantOf) columns['TENANTID'] = tenantOfObject(context, object);
  return { table, columns };
}

function cellOf({ kind }: FieldType, value: FieldValue): CellValue {
  if (kind === 'boolean') return value === true ? FLAG.true : FLAG.false;
  if (kind === 'text') return value === null ? '' : String(value);
  return typeof value === 'number' ? value : 0;
}

/** DNs, logins and ports belong to the tenant of their switch or IVR. */
export function tenantOfObject({ state }: IconContext, object: ConfigurationObject): number {
  const { tenantOf, fields } = OBJECT_TYPES[object.type];
  if (!tenantOf) return numberField(object, 'tenant');
  const { target } = fields.find(({ name }) => name === tenantOf)!;
  const owner = state.objects.get(objectKey(target!, numberField(object, tenantOf)));
  return owner ? numberField(owner, 'tenant') : 0;
}

export function relationKey(table: string, own: number, other: CellValue): string {
  return `${table} ${own} ${other}`;
}

/** Relations of an object, as its fields declare them. */
export function relationsOf(object: ConfigurationObject): ConfigurationRow[] {
  return OBJECT_TYPES[object.type].fields.flatMap((field) => fieldRelations(object, field));
}

function fieldRelations(object: ConfigurationObject, field: FieldType): ConfigurationRow[] {
  const { relation, kind, name, fields = [] } = field;
  if (!relation) return [];
  const { table, own, other, also = {} } = relation;
  const row = (end: CellValue, more: Readonly<Record<string, CellValue>> = {}) => {
    const columns = { [own]: object.dbid, [other]: end, ...more };
    return { table, key: relationKey(table, object.dbid, end), columns };
  };
  if (kind === 'rows') {
    return rowsField(object, name).map((one) => {
      const columns = rowColumns(fields, one);
      return row(columns[other], columns);
    });
  }
  const extra = Object.fromEntries(
    Object.entries(also).map(([column, from]) => [column, numberField(object, from)]),
  );
  const ends = kind === 'references' ? listField(object, name) : [numberField(object, name)];
  return ends.filter((end) => end !== 0).map((end) => row(end, extra));
}

function rowColumns(fields: readonly FieldType[], row: FieldRow): Record<string, CellValue> {
  const columns: Record<string, CellValue> = {};
  for (const field of fields) {
    if (field.column) columns[field.column] = cellOf(field, row[field.name] ?? null);
  }
  return columns;
}

/** A relation's row id that came to be, or null where the relation ended. */
export type RelationChange = readonly [key: string, row: number | null];

export type ConfigurationRows = {
  readonly changes: readonly RowChange[];
  readonly relations: readonly RelationChange[];
};

/** Row changes of one configuration change, given what the cache held of the object before. */
export function configurationRows(
  context: IconContext,
  change: Omit<ConfigurationChange, 'revision'>,
  before: ConfigurationObject | undefined,
): ConfigurationRows {
  const { object, action, changedAt } = change;
  const deleted = action === 'deleted';
  const changes: RowChange[] = [];
  const was = before && rowFor(context, before);
  const row = deleted ? undefined : rowFor(context, object);
  const cause = context.eventSeq;
  const changed = timeColumns('LASTCHANGE', changedAt);
  if (row) {
    const columns: NamedValues = {
      ...row.columns,
      STATE: object.state,
      STATUS: RECORD_STATUS.active,
      ...changed,
    };
    changes.push(
      was
        ? updateRow(row.table, object.dbid, columns, cause)
        : replaceRow(row.table, object.dbid, { ...columns, ...createdAt(changedAt, true) }, cause),
    );
  } else if (was) {
    const ended = { STATUS: RECORD_STATUS.deleted, ...timeColumns('DELETED', changedAt) };
    changes.push(updateRow(was.table, object.dbid, { ...ended, ...changed }, cause));
  }
  const now = deleted ? [] : relationsOf(object);
  const related = relationRows(context, before ? relationsOf(before) : [], now, changedAt);
  return { changes: [...changes, ...related.changes], relations: related.relations };
}

/** When a row began to be, and whether that is the Configuration Server's own time. */
export function createdAt(utcSeconds: number, reliable: boolean): NamedValues {
  return {
    ...timeColumns('CREATED', utcSeconds),
    GSYS_EXT_INT1: reliable ? TIME_RELIABILITY.reliable : TIME_RELIABILITY.created,
  };
}

function relationRows(
  context: IconContext,
  before: readonly ConfigurationRow[],
  now: readonly ConfigurationRow[],
  changedAt: number,
): ConfigurationRows {
  const { state, eventSeq: cause } = context;
  const changes: RowChange[] = [];
  const relations: RelationChange[] = [];
  const keysNow = new Set(now.map(({ key }) => key));
  const was = new Map(before.map(({ key, columns }) => [key, columns]));
  for (const relation of before) {
    const { key } = relation;
    const row = state.relations.get(key);
    if (keysNow.has(key) || row === undefined) continue;
    const ended = { STATUS: RECORD_STATUS.deleted, ...timeColumns('DELETED', changedAt) };
    changes.push(updateRow(relation.table, row, ended, cause));
    relations.push([key, null]);
  }
  for (const relation of now) {
    const row = state.relations.get(relation.key);
    if (row === undefined) {
      const id = nextRow(state, relation.table);
      relations.push([relation.key, id]);
      const columns = newRelation(relation, changedAt, true);
      changes.push(replaceRow(relation.table, id, columns, cause));
    } else if (!sameCells(was.get(relation.key), relation.columns)) {
      changes.push(updateRow(relation.table, row, relation.columns, cause));
    }
  }
  return { changes, relations };
}

export function newRelation(
  { table, columns }: ConfigurationRow,
  changedAt: number,
  reliable: boolean,
): NamedValues {
  const created: Record<string, CellValue> = { ...createdAt(changedAt, reliable) };
  // The page of GCX_AGENT_PLACE lists no CREATED_TS (docs/fidelity/icon.md §1, confirmed).
  if (table === 'GCX_AGENT_PLACE') delete created['CREATED_TS'];
  return { ...columns, STATUS: RECORD_STATUS.active, ...created };
}

export function applyRelations(
  relations: Map<string, number>,
  changes: readonly RelationChange[],
): void {
  for (const [key, row] of changes) {
    if (row === null) relations.delete(key);
    else relations.set(key, row);
  }
}

export function sameCells(one: NamedValues | undefined, other: NamedValues): boolean {
  return Object.entries(other).every(([column, value]) => one?.[column] === value);
}
