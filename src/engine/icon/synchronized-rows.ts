import {
  type ConfigurationObject,
  OBJECT_TYPE_ORDER,
  OBJECT_TYPES,
  type ObjectTypeName,
} from '../configuration/object-types.ts';
import { RECORD_STATUS } from '../idb/dictionary.ts';
import type { ImageRow } from '../idb/read-back.ts';
import {
  type CellValue,
  type NamedValues,
  type RowChange,
  replaceRow,
  timeColumns,
  updateRow,
} from '../idb/row-changes.ts';
import { IDB_TABLES, type IdbTable } from '../idb/schema.ts';
import {
  ANNEX_STATUS,
  ANNEX_TABLE,
  annexKey,
  monitoredOptions,
  newAnnexRow,
  returnedAnnexRow,
} from './annex-rows.ts';
import {
  createdAt,
  newRelation,
  relationKey,
  relationsOf,
  rowFor,
  sameCells,
  TIME_RELIABILITY,
} from './configuration-rows.ts';
import { type IconContext, nextRow } from './icon-state.ts';

/** Rows that bring the configuration tables of IDB up to a list of objects. */

export type StoredRow = {
  readonly table: string;
  readonly row: number;
  readonly cells: NamedValues;
};

/** Columns with the two ends of a relation, by table. */
const RELATION_ENDS = new Map(
  OBJECT_TYPE_ORDER.flatMap((type) =>
    OBJECT_TYPES[type].fields.flatMap(({ relation }) =>
      relation ? [[relation.table, relation] as const] : [],
    ),
  ),
);
const OBJECT_TABLES = new Set(OBJECT_TYPE_ORDER.map((type) => OBJECT_TYPES[type].table));
const TYPE_OF_NUMBER = new Map(
  OBJECT_TYPE_ORDER.map((type) => [OBJECT_TYPES[type].cfgObjectType, type] as const),
);

/** The configuration tables as they were read from IDB. */
export class StoredConfiguration {
  private readonly objects = new Map<string, StoredRow>();
  private readonly relations = new Map<string, StoredRow>();
  /** More than one active row of the same relation: none but the first may stay. */
  private readonly doubles: StoredRow[] = [];
  private readonly annex = new Map<string, StoredRow>();

  constructor(rows: readonly ImageRow[]) {
    for (const [number, row, values] of rows) {
      const table = IDB_TABLES[number];
      this.add({ table: table.name, row, cells: namedCells(table, values) });
    }
  }

  /** Rows of objects and relations that stand for something that is there. */
  *active(): Iterable<StoredRow> {
    for (const stored of this.objects.values()) if (isActive(stored)) yield stored;
    yield* this.relations.values();
    yield* this.doubles;
  }

  object(table: string, dbid: number): StoredRow | undefined {
    const stored = this.objects.get(`${table} ${dbid}`);
    return stored && isActive(stored) ? stored : undefined;
  }

  relation(key: string): StoredRow | undefined {
    return this.relations.get(key);
  }

  /** Annex rows, ended ones too: an option that comes back takes its row again. */
  annexRows(): ReadonlyMap<string, StoredRow> {
    return this.annex;
  }

  private add(stored: StoredRow): void {
    const { table, row, cells } = stored;
    const ends = RELATION_ENDS.get(table);
    if (table === ANNEX_TABLE) {
      const type = TYPE_OF_NUMBER.get(Number(cells['CFGOBJECTTYPE'])) ?? '';
      const { CFGOBJECTID, SECTIONNAME, KEYNAME } = cells;
      const key = annexKey(type, Number(CFGOBJECTID), String(SECTIONNAME), String(KEYNAME));
      this.annex.set(key, stored);
    } else if (ends) {
      if (!isActive(stored)) return;
      const key = relationKey(table, Number(cells[ends.own]), cells[ends.other]);
      if (this.relations.has(key)) this.doubles.push(stored);
      else this.relations.set(key, stored);
    } else if (OBJECT_TABLES.has(table)) this.objects.set(`${table} ${row}`, stored);
  }
}

/** Brings every row up to the objects; rows that are right lose their mark and nothing else. */
export function synchronizedRows(
  context: IconContext,
  objects: readonly ConfigurationObject[],
  causes: ReadonlyMap<ObjectTypeName, number>,
  stored: StoredConfiguration,
): RowChange[] {
  const { state } = context;
  const wanted = new Set<StoredRow>();
  state.relations.clear();
  const changes: RowChange[] = [];
  for (const object of objects) {
    const cause = causes.get(object.type) ?? context.eventSeq;
    changes.push(...objectRow(context, object, cause, stored, wanted));
    changes.push(...objectRelations(context, object, cause, stored, wanted));
  }
  for (const old of stored.active()) {
    if (!wanted.has(old)) changes.push(endRow(context, old));
  }
  for (const change of annexOf(context, objects, stored)) changes.push(change);
  return changes;
}

function objectRow(
  context: IconContext,
  object: ConfigurationObject,
  cause: number,
  stored: StoredConfiguration,
  wanted: Set<StoredRow>,
): RowChange[] {
  const row = rowFor(context, object);
  if (!row) return [];
  const { utcSeconds } = context;
  const columns = { ...row.columns, STATE: object.state };
  const active = { STATUS: RECORD_STATUS.active };
  const changed = timeColumns('LASTCHANGE', utcSeconds);
  const old = stored.object(row.table, object.dbid);
  if (!old) {
    const created = createdAt(utcSeconds, false);
    const whole = { ...columns, ...active, ...changed, ...created };
    return [replaceRow(row.table, object.dbid, whole, cause)];
  }
  wanted.add(old);
  const news = sameCells(old.cells, columns) ? active : { ...columns, ...active, ...changed };
  return [updateRow(row.table, object.dbid, news, cause)];
}

function objectRelations(
  context: IconContext,
  object: ConfigurationObject,
  cause: number,
  stored: StoredConfiguration,
  wanted: Set<StoredRow>,
): RowChange[] {
  const { state, utcSeconds } = context;
  return relationsOf(object).map((relation) => {
    const { table, key, columns } = relation;
    const old = stored.relation(key);
    const row = old?.row ?? nextRow(state, table);
    state.relations.set(key, row);
    if (!old) return replaceRow(table, row, newRelation(relation, utcSeconds, false), cause);
    wanted.add(old);
    const active = { STATUS: RECORD_STATUS.active };
    const news = sameCells(old.cells, columns) ? active : { ...columns, ...active };
    return updateRow(table, row, news, cause);
  });
}

/** What is no more: when it went is not known, only that it is gone by now. */
function endRow({ eventSeq, utcSeconds }: IconContext, { table, row, cells }: StoredRow) {
  const reliability = Number(cells['GSYS_EXT_INT1'] ?? 0) | TIME_RELIABILITY.deleted;
  const ended: Record<string, CellValue> = {
    STATUS: RECORD_STATUS.deleted,
    ...timeColumns('DELETED', utcSeconds),
    GSYS_EXT_INT1: reliability,
  };
  if (OBJECT_TABLES.has(table)) Object.assign(ended, timeColumns('LASTCHANGE', utcSeconds));
  return updateRow(table, row, ended, eventSeq);
}

/** Rows of GC_ANNEX; without cfg-annex they stay as they are. */
function annexOf(
  context: IconContext,
  objects: readonly ConfigurationObject[],
  stored: StoredConfiguration,
): RowChange[] {
  const { state, eventSeq: cause, utcSeconds } = context;
  const rows = stored.annexRows();
  for (const [key, { row }] of rows) state.relations.set(key, row);
  if (!state.options.cfgAnnex) return [];
  const changes: RowChange[] = [];
  const wanted = new Set<string>();
  const changed = timeColumns('LASTCHANGE', utcSeconds);
  for (const object of objects) {
    for (const [key, option] of monitoredOptions(object)) {
      wanted.add(key);
      const old = rows.get(key);
      if (!old) {
        const row = nextRow(state, ANNEX_TABLE);
        state.relations.set(key, row);
        const columns = newAnnexRow(context, object, option, utcSeconds);
        changes.push(replaceRow(ANNEX_TABLE, row, columns, cause));
      } else if (old.cells['STATUS'] === ANNEX_STATUS.disabled) {
        const columns = returnedAnnexRow(option, utcSeconds);
        changes.push(updateRow(ANNEX_TABLE, old.row, columns, cause));
      } else if (old.cells['VALUE'] !== option.value) {
        const columns = { VALUE: option.value, ...changed };
        changes.push(updateRow(ANNEX_TABLE, old.row, columns, cause));
      }
    }
  }
  for (const [key, { row, cells }] of rows) {
    if (wanted.has(key) || cells['STATUS'] === ANNEX_STATUS.disabled) continue;
    const ended = { STATUS: ANNEX_STATUS.disabled, ...timeColumns('DELETED', utcSeconds) };
    changes.push(updateRow(ANNEX_TABLE, row, { ...ended, ...changed }, cause));
  }
  return changes;
}

function isActive({ cells }: StoredRow): boolean {
  const { STATUS } = cells;
  return STATUS === RECORD_STATUS.active || STATUS === RECORD_STATUS.synchronizing;
}

function namedCells(table: IdbTable, values: readonly CellValue[]): NamedValues {
  return Object.fromEntries(table.columns.map(({ name }, at) => [name, values[at]]));
}
