import { IDB_TABLES, type IdbTable } from '../../engine/idb/schema.ts';

/** How rows of a table are found for a call: the first of these columns that it has. */
const STORY_KEYS = ['CALLID', 'ORIGCALLID', 'PARTYID', 'IRID'] as const;

export function storyKeyOf({ columnNumbers }: IdbTable): (typeof STORY_KEYS)[number] | undefined {
  return STORY_KEYS.find((column) => columnNumbers.has(column));
}

/** How a call leads to others. */
const RELATED: readonly (readonly [string, string])[] = [
  ['G_CALL', 'PARENTCALLID'],
  ['G_IS_LINK', 'LINKID'],
];

const INDEXED: readonly (readonly [string, string])[] = [
  ...IDB_TABLES.flatMap((table) => {
    const column = storyKeyOf(table);
    return column ? [[table.name, column] as const] : [];
  }),
  ...RELATED,
];

/**
 * Indexes of our own, where people look at calls: without them a call's story would read most
 * tables. Emulator choice; no snapshot has them (docs/fidelity/choices.md).
 */
export const KEY_INDEXES: readonly { readonly name: string; readonly create: string }[] =
  INDEXED.map(([table, column]) => {
    const name = `EMULATOR_${table}_${column}`;
    const keys = `ON "${table}" ("${column}") WHERE "${column}" IS NOT NULL`;
    return { name, create: `CREATE INDEX IF NOT EXISTS "${name}" ${keys}` };
  });

/** A value of this column is found without reading the table. */
export function isKeyIndexed(table: string, column: string): boolean {
  return INDEXED.some(([name, key]) => name === table && key === column);
}

/**
 * The order of this column is that of its index: none of its cells is empty, and those are the
 * only ones that an index leaves out.
 */
export function isKeyOrdered({ columns, name }: IdbTable, column: string): boolean {
  const found = columns.find((one) => one.name === column);
  return found?.nullable === false && isKeyIndexed(name, column);
}
