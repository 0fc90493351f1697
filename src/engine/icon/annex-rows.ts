import {
  type ConfigurationChange,
  type ConfigurationObject,
  OBJECT_TYPES,
} from '../configuration/object-types.ts';
import {
  type NamedValues,
  type RowChange,
  replaceRow,
  timeColumns,
  updateRow,
} from '../idb/row-changes.ts';
import {
  type ConfigurationRows,
  type RelationChange,
  tenantOfObject,
} from './configuration-rows.ts';
import { type IconContext, nextRow } from './icon-state.ts';

/**
 * GC_ANNEX: options of the monitored Annex sections of five types (source document, "Annex Tab
 * Data"). A section or option that is renamed is one that ended and another that began.
 */

const TABLE = 'GC_ANNEX';
/** Dictionary of this table's STATUS (docs/fidelity/icon.md §2, confirmed). */
const ANNEX_STATUS = { enabled: 1, disabled: 2 } as const;
const MAX_VALUE = 255;
const NOT_DELETED: NamedValues = { DELETED: null, DELETED_TS: null, DELETED_TCODE: null };

type Option = { readonly section: string; readonly name: string; readonly value: string };

/** A pattern of the source's table: a whole name, or a beginning with a star. */
function isMonitored(patterns: readonly string[], section: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? section.startsWith(pattern.slice(0, -1)) : section === pattern,
  );
}

/** Monitored options of an object by the key under which their rows are found. */
function monitoredOptions(object: ConfigurationObject | undefined): Map<string, Option> {
  const found = new Map<string, Option>();
  const patterns = object && OBJECT_TYPES[object.type].annexSections;
  if (!object || !patterns) return found;
  for (const [section, options] of Object.entries(object.annex ?? {})) {
    if (!isMonitored(patterns, section)) continue;
    for (const [name, value] of Object.entries(options)) {
      const key = `${TABLE} ${object.type}:${object.dbid} ${JSON.stringify([section, name])}`;
      found.set(key, { section, name, value: value.slice(0, MAX_VALUE) });
    }
  }
  return found;
}

/** Rows of one change; a row is kept for an option that comes back, and says when it did. */
export function annexRows(
  context: IconContext,
  { object, action, changedAt }: ConfigurationChange,
  before: ConfigurationObject | undefined,
): ConfigurationRows {
  const { state, eventSeq: cause } = context;
  const changes: RowChange[] = [];
  const relations: RelationChange[] = [];
  const was = monitoredOptions(before);
  const now = action === 'deleted' ? new Map<string, Option>() : monitoredOptions(object);
  const changed = timeColumns('LASTCHANGE', changedAt);
  for (const key of was.keys()) {
    const row = state.relations.get(key);
    if (now.has(key) || row === undefined) continue;
    const ended = { STATUS: ANNEX_STATUS.disabled, ...timeColumns('DELETED', changedAt) };
    changes.push(updateRow(TABLE, row, { ...ended, ...changed }, cause));
  }
  for (const [key, option] of now) {
    const row = state.relations.get(key);
    const created = { STATUS: ANNEX_STATUS.enabled, ...timeColumns('CREATED', changedAt) };
    if (row === undefined) {
      const id = nextRow(state, TABLE);
      relations.push([key, id]);
      const columns = { ...optionColumns(context, object, option), ...created, ...changed };
      changes.push(replaceRow(TABLE, id, columns, cause));
    } else if (!was.has(key)) {
      const columns = { VALUE: option.value, ...created, ...changed, ...NOT_DELETED };
      changes.push(updateRow(TABLE, row, columns, cause));
    } else if (was.get(key)!.value !== option.value) {
      changes.push(updateRow(TABLE, row, { VALUE: option.value, ...changed }, cause));
    }
  }
  return { changes, relations };
}

function optionColumns(
  context: IconContext,
  object: ConfigurationObject,
  option: Option,
): NamedValues {
  return {
    CFGOBJECTID: object.dbid,
    CFGOBJECTTYPE: OBJECT_TYPES[object.type].cfgObjectType ?? 0,
    SECTIONKEYHASH: sectionKeyHash(option),
    SECTIONNAME: option.section,
    KEYNAME: option.name,
    VALUE: option.value,
    TENANTID: tenantOfObject(context, object),
  };
}

/** A hash of section and key; which one Genesys uses is unknown (emulator choice: FNV-1a). */
function sectionKeyHash({ section, name }: Option): number {
  let hash = 0x811c9dc5;
  for (const character of `${section}/${name}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return hash | 0;
}
