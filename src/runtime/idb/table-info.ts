import type { RowLink } from '../../contract/idb.ts';
import type { IdbTableInfo } from '../../contract/rpc.ts';
import { DICTIONARIES } from '../../engine/idb/dictionary.ts';
import { IDB_TABLES, type IdbColumn } from '../../engine/idb/schema.ts';
import { type Steps, stepsWithin } from '../../engine/kernel/steps.ts';
import type { IdbDatabase } from './idb-database.ts';
import { isKeyIndexed } from './key-indexes.ts';
import type { Query } from './page-query.ts';
import { isSmall, PART_ROWS, scanParts } from './table-scan.ts';

/** What is known of the tables of IDB beside their rows: families, enumerations, keys. */

/** By the beginning of the name; the first that fits. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^G_(CALL|IR|PARTY|IS_LINK|ROUTE|VIRTUAL)/, 'Calls and interactions'],
  [/^G_.*(USERDATA|CUSTOM_DATA)/, 'Attached data'],
  [/^G_CUSTOM_STATES/, 'Attached data'],
  [/^(G_LOGIN|G_AGENT|GX_|GS_AGENT|G_DND)/, 'Agents'],
  [/^(GO_|GOX_|GM_)/, 'Outbound and media'],
  [/^G_DSS/, 'Data source sessions'],
  [/^GCX_/, 'Configuration, relations'],
  [/^GC_/, 'Configuration'],
  [/./, 'System'],
];
const FAMILY_ORDER = [...new Set(FAMILIES.map(([, family]) => family))];

export function familyOf(table: string): string {
  // G_CALL_USERDATA begins as a call does.
  if (/USERDATA/.test(table) && !table.startsWith('GM_')) return 'Attached data';
  return FAMILIES.find(([begin]) => begin.test(table))![1];
}

/** Columns that hold the same keys, whatever they are called. */
const KEYS: readonly (readonly string[])[] = [
  ['CALLID', 'PARENTCALLID', 'MERGECALLID', 'ROOTCALLID'],
  ['IRID', 'PARENTIRID', 'ROOTIRID', 'MERGEIRID'],
  ['PARTYID', 'PARENTPARTYID'],
  ['LOGINSESSIONID'],
  ['DSS_ID', 'GSYS_DOMAIN'],
  ['SESSID'],
  ['CHAINGUID'],
  ['VQID'],
];

type Place = { readonly table: string; readonly column: string };

const nameOf = ({ column, table }: Place) => `${table}.${column}`;

/** What a column has in common with others: a key, what it refers to, itself as referred to. */
function bondsOf(table: string, { name, references }: Pick<IdbColumn, 'name' | 'references'>) {
  const key = KEYS.findIndex((names) => names.includes(name));
  return [
    ...(key < 0 ? [] : [`key ${key}`]),
    ...(references === '' ? [] : [references]),
    nameOf({ table, column: name }),
  ];
}

/** By bond, in the order of the schema. */
const bound = new Map<string, Place[]>();
/** Bonds of each column, by its place. */
const bonds = new Map<string, readonly string[]>();
for (const { columns, name: table } of IDB_TABLES) {
  for (const column of columns) {
    const place = { table, column: column.name };
    const own = bondsOf(table, column);
    bonds.set(nameOf(place), own);
    for (const bond of own) bound.set(bond, [...(bound.get(bond) ?? []), place]);
  }
}
/** Each column's number in the schema. */
const order = new Map([...bonds.keys()].map((name, at) => [name, at]));

/** Where values of a column stand as well: what it refers to, what refers to it, same keys. */
export function placesOf(table: string, column: string): Place[] {
  const own = nameOf({ table, column });
  const others = new Map<string, Place>();
  for (const bond of bonds.get(own) ?? []) {
    for (const place of bound.get(bond) ?? []) others.set(nameOf(place), place);
  }
  others.delete(own);
  const orderOf = (place: Place) => order.get(nameOf(place))!;
  return [...others.values()].sort((one, other) => orderOf(one) - orderOf(other));
}

const MAX_LINKED = 1000;

/** The rows that have a value where it can stand; tables without are left out. */
export function* followValue(
  idb: IdbDatabase,
  { column, table }: Place,
  value: string | number,
  partRows = PART_ROWS,
): Steps<RowLink[]> {
  const links: RowLink[] = [];
  const places = placesOf(table, column);
  for (const [at, place] of places.entries()) {
    const looking = countOf(idb, place, value, partRows);
    const found = yield* stepsWithin(looking, at / places.length, (at + 1) / places.length);
    if (found.rows > 0) links.push({ ...place, ...found });
  }
  return links;
}

/** How many rows have it, up to a limit, and which is the first. */
function* countOf(
  idb: IdbDatabase,
  { column, table }: Place,
  value: string | number,
  partRows: number,
): Steps<Pick<RowLink, 'rows' | 'row'>> {
  let rows = 0;
  let row = 0;
  const look = (part?: Query) => {
    const tests = `${part ? `${part.sql} AND ` : ''}"${column}" = ?`;
    const limited = `SELECT rowid AS id FROM "${table}" WHERE ${tests} ORDER BY rowid LIMIT ?`;
    const sql = `SELECT count(*) AS number, min(id) AS first FROM (${limited})`;
    const [found] = idb.read(sql, [...(part?.values ?? []), value, MAX_LINKED - rows]);
    if (rows === 0) row = Number(found['first'] ?? 0);
    rows += Number(found['number']);
    return rows === MAX_LINKED;
  };
  if (isSmall(idb, table, partRows) || isKeyIndexed(table, column)) look();
  else yield* scanParts(idb, table, { isBack: false, partRows }, look);
  return { rows, row };
}

/** Numbers of a column in words, where the dictionary has them. */
function valuesOf(table: string, column: string): Readonly<Record<string, string>> | undefined {
  const place = `${table}.${column}`;
  const dictionary = DICTIONARIES.find(({ columns }) => columns.includes(place));
  if (!dictionary) return undefined;
  return Object.fromEntries(
    Object.entries(dictionary.values).map(([word, number]) => [String(number), word]),
  );
}

/** What is looked at most comes first. */
export function describeTables(idb: IdbDatabase): IdbTableInfo[] {
  tables ??= describeSchema();
  return tables.map((table) => ({ ...table, rows: idb.count(table.name) }));
}

/** Made once: it has a thousand columns. */
let tables: Omit<IdbTableInfo, 'rows'>[] | undefined;

function describeSchema(): Omit<IdbTableInfo, 'rows'>[] {
  const order = ({ name }: { readonly name: string }) => FAMILY_ORDER.indexOf(familyOf(name));
  const sorted = IDB_TABLES.toSorted((one, other) => order(one) - order(other));
  return sorted.map(({ columns, name }) => ({
    name,
    family: familyOf(name),
    columns: columns.map((column) => {
      const values = valuesOf(name, column.name);
      const { confidence, meaning, source, type } = column;
      const isKey = placesOf(name, column.name).length > 0;
      return {
        name: column.name,
        type,
        meaning,
        confidence,
        source,
        isKey,
        ...(values && { values }),
      };
    }),
  }));
}
