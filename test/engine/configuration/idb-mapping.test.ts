import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OBJECT_TYPE_ORDER, OBJECT_TYPES } from '../../../src/engine/configuration/object-types.ts';
import { IDB_TABLES } from '../../../src/engine/idb/schema.ts';
import { programRoot } from '../../../src/runtime/program-root.ts';

/** Columns that every configuration table has and ICON itself fills. */
const OWN_COLUMNS =
  /^(ID|STATE|STATUS|(CREATED|DELETED|LASTCHANGE)(_TS|_TCODE)?|GSYS_\w+|TENANTID|FOLDERID)$/;
/** GC_ANNEX is filled from the Annex of five types, not from a type of its own. */
const ANNEX_TABLE = 'GC_ANNEX';

const types = OBJECT_TYPE_ORDER.map((name) => ({ name, ...OBJECT_TYPES[name] }));

function filledColumns(): Map<string, Set<string>> {
  const filled = new Map<string, Set<string>>();
  const note = (table: string, columns: Iterable<string>) => {
    filled.set(table, new Set([...(filled.get(table) ?? []), ...columns]));
  };
  for (const { table, fields, constants = {}, also = {} } of types) {
    const own = fields.flatMap(({ column }) => (column ? [column] : []));
    if (table) note(table, [...own, ...Object.keys(constants), ...Object.keys(also)]);
    for (const { relation, fields: inner = [] } of fields) {
      if (!relation) continue;
      const { own: from, other, also: more = {} } = relation;
      const rest = inner.flatMap(({ column }) => (column ? [column] : []));
      note(relation.table, [from, other, ...Object.keys(more), ...rest]);
    }
  }
  return filled;
}

describe('configuration objects and IDB', () => {
  const filled = filledColumns();
  const tables = IDB_TABLES.filter(({ name }) => /^GCX?_/.test(name));

  it('every GC_ and GCX_ table is filled from an object or a relation', () => {
    const expected = tables.map(({ name }) => name).filter((name) => name !== ANNEX_TABLE);
    expect([...filled.keys()].sort()).toEqual([...expected].sort());
  });

  it('every column that a type names is in its table, and every table is filled whole', () => {
    for (const { name, columns } of tables) {
      if (name === ANNEX_TABLE) continue;
      const known = columns.map((column) => column.name);
      const named = [...filled.get(name)!];
      expect(known, name).toEqual(expect.arrayContaining(named));
      const rest = known.filter((column) => !OWN_COLUMNS.test(column) && !named.includes(column));
      expect(rest, name).toEqual([]);
    }
  });

  it('every table with a tenant gets it from a field or through another object', () => {
    for (const { name, table, fields, tenantOf } of types) {
      const hasColumn = tables
        .find((one) => one.name === table)
        ?.columns.some((column) => column.name === 'TENANTID');
      if (!hasColumn) continue;
      const own = fields.some(({ column }) => column === 'TENANTID');
      expect(own || tenantOf !== undefined, name).toBe(true);
    }
  });

  it('docs/configuration.md names each table with the object or field that fills it', () => {
    const page = readFileSync(join(programRoot(), 'docs', 'configuration.md'), 'utf8');
    const rows: string[] = [];
    for (const { label, table, fields } of types) {
      if (table) rows.push(`| ${table} | ${label} |`);
      for (const { relation, label: field } of fields) {
        if (relation) rows.push(`| ${relation.table} | ${label}: ${field} |`);
      }
    }
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
    expect(page).toContain(`| ${ANNEX_TABLE} |`);
  });
});
