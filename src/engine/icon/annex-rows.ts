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

export const ANNEX_TABLE = 'GC_ANNEX';
/** Dictionary of this table's STATUS (docs/fidelity/icon.md §2, confirmed). */
export const ANNEX_STATUS = { enabled: 1, disabled: 2 } as const;
const MAX_VALUE = 255;

export type AnnexOption = {
  readonly section: string;
  readonly name: string;
  readonly value: string;
};

/** A pattern of the source's table: a whole name, or a beginning with a star. */
function isMonitored(patterns: readonly string[], section: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? section.startsWith(pattern.slice(0, -1)) : section === pattern,
  );
}

export function annexKey(type: string, dbid: number, section: string, name: string): string {
  return `${ANNEX_TABLE} ${type}:${dbid} ${JSON.stringify([section, name])}`;
}

/** Monitored options of an object by the key under which their rows are found. */
export function monitoredOptions(
  object: ConfigurationObject | undefined,
): Map<string, AnnexOption> {
  const found = new Map<string, AnnexOption>();
  const patterns = object && OBJECT_TYPES[object.type].annexSections;
  if (!object || !patterns) return found;
  for (const [section, options] of Object.entries(object.annex ?? {})) {
    if (!isMonitored(patterns, section)) continue;
    for (const [name, value] of Object.entries(options)) {
      const key = annexKey(object.type, object.dbid, section, name);
      found.set(key, { section, name, value: value.slice(0, MAX_VALUE) });
    }
  }
  return found;
}

/** Rows of one change; a row is kept for an option that comes back, and says when it did. */
export function annexRows(
  context: IconContext,
  { object, action, changedAt }: Omit<ConfigurationChange, 'revision'>,
  before: ConfigurationObject | undefined,
): ConfigurationRows {
  const { state, eventSeq: cause } = context;
  const changes: RowChange[] = [];
  const relations: RelationChange[] = [];
  const was = monitoredOptions(before);
  const now = action === 'deleted' ? new Map<string, AnnexOption>() : monitoredOptions(object);
  const changed = timeColumns('LASTCHANGE', changedAt);
  for (const key of was.keys()) {
    const row = state.relations.get(key);
    if (now.has(key) || row === undefined) continue;
    const ended = { STATUS: ANNEX_STATUS.disabled, ...timeColumns('DELETED', changedAt) };
    changes.push(updateRow(ANNEX_TABLE, row, { ...ended, ...changed }, cause));
  }
  for (const [key, option] of now) {
    const row = state.relations.get(key);
    if (row === undefined) {
      const id = nextRow(state, ANNEX_TABLE);
      relations.push([key, id]);
      const columns = newAnnexRow(context, object, option, changedAt);
      changes.push(replaceRow(ANNEX_TABLE, id, columns, cause));
    } else if (!was.has(key)) {
      changes.push(updateRow(ANNEX_TABLE, row, returnedAnnexRow(option, changedAt), cause));
    } else if (was.get(key)!.value !== option.value) {
      changes.push(updateRow(ANNEX_TABLE, row, { VALUE: option.value, ...changed }, cause));
    }
  }
  return { changes, relations };
}

/** Of an option that was not there before. */
export function newAnnexRow(
  context: IconContext,
  object: ConfigurationObject,
  option: AnnexOption,
  utcSeconds: number,
): NamedValues {
  return {
    CFGOBJECTID: object.dbid,
    CFGOBJECTTYPE: OBJECT_TYPES[object.type].cfgObjectType ?? 0,
    SECTIONKEYHASH: sectionKeyHash(option),
    SECTIONNAME: option.section,
    KEYNAME: option.name,
    TENANTID: tenantOfObject(context, object),
    ...begun(option, utcSeconds),
  };
}

/** An option that comes back: CREATED and LASTCHANGE are the present time (source document). */
export function returnedAnnexRow(option: AnnexOption, utcSeconds: number): NamedValues {
  return { ...begun(option, utcSeconds), DELETED: null, DELETED_TS: null, DELETED_TCODE: null };
}

function begun({ value }: AnnexOption, utcSeconds: number): NamedValues {
  return {
    VALUE: value,
    STATUS: ANNEX_STATUS.enabled,
    ...timeColumns('CREATED', utcSeconds),
    ...timeColumns('LASTCHANGE', utcSeconds),
  };
}

/** A hash of section and key; which one Genesys uses is unknown (emulator choice: FNV-1a). */
function sectionKeyHash({ section, name }: AnnexOption): number {
  let hash = 0x811c9dc5;
  for (const character of `${section}/${name}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return hash | 0;
}
