import schemaText from '../../../resources/idb/idb-schema.tsv?raw';

/** The IDB schema is data (resources/idb/idb-schema.tsv); tables, help and marks come from it. */

export type Confidence = 'confirmed' | 'inferred';

export interface IdbColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  /** `TABLE.COLUMN` that the column refers to, or empty. */
  readonly references: string;
  readonly meaning: string;
  readonly confidence: Confidence;
  readonly source: string;
}

export interface IdbTable {
  readonly name: string;
  /** Place in the schema: how row changes name the table. */
  readonly number: number;
  readonly columns: readonly IdbColumn[];
  readonly columnNumbers: ReadonlyMap<string, number>;
  /** The one whole-number primary key column, which is the row id itself; or -1. */
  readonly rowIdColumn: number;
}

function parseSchema(text: string): IdbTable[] {
  const columnsOf = new Map<string, IdbColumn[]>();
  for (const line of text.split('\n').slice(1)) {
    const [table, name, type, nullable, key, meaning, confidence, source] = line.split('\t');
    if (!table || !name) continue;
    const columns = columnsOf.get(table) ?? [];
    columns.push({
      name,
      type,
      nullable: nullable === 'Y',
      primaryKey: key === 'PK',
      unique: key === 'UQ',
      references: key.startsWith('FK ') ? key.slice(3) : '',
      meaning,
      confidence: confidence as Confidence,
      source,
    });
    columnsOf.set(table, columns);
  }
  return [...columnsOf].map(([name, columns], number) => {
    const keys = columns.filter(({ primaryKey }) => primaryKey);
    const single = keys.length === 1 && /^(int|numeric|bigint)/.test(keys[0].type);
    return {
      name,
      number,
      columns,
      columnNumbers: new Map(columns.map((column, index) => [column.name, index])),
      rowIdColumn: single ? columns.indexOf(keys[0]) : -1,
    };
  });
}

export const IDB_TABLES: readonly IdbTable[] = parseSchema(schemaText);

const tableByName = new Map(IDB_TABLES.map((table) => [table.name, table]));

export function idbTable(name: string): IdbTable {
  const table = tableByName.get(name);
  if (!table) throw new Error(`the IDB schema has no table ${name}`);
  return table;
}

/** Table that remembers how far each ICON's queue is committed (emulator's own). */
export const QUEUE_POSITION_TABLE = 'DUPLEXLAB_QUEUE_POSITION';

/** CREATE statements for SQLite. A single whole-number key becomes the row id. */
export function createStatements(): string[] {
  const statements = IDB_TABLES.map((table) => {
    const columns = table.columns.map((column, index) => {
      if (index === table.rowIdColumn) return `"${column.name}" INTEGER PRIMARY KEY`;
      return `"${column.name}" ${column.type}${column.nullable ? '' : ' NOT NULL'}`;
    });
    const keys = table.columns.filter(({ primaryKey }) => primaryKey);
    if (table.rowIdColumn < 0 && keys.length > 0) {
      columns.push(`PRIMARY KEY (${keys.map(({ name }) => `"${name}"`).join(', ')})`);
    }
    return `CREATE TABLE "${table.name}" (${columns.join(', ')})`;
  });
  // Confirmed unique indexes (docs/fidelity/icon.md §1).
  statements.push('CREATE UNIQUE INDEX IDX_G_CALL_A_CID ON G_CALL_ACTIVE (CALLID)');
  statements.push('CREATE UNIQUE INDEX IDX_G_IR_A_IRID ON G_IR_ACTIVE (IRID)');
  statements.push(
    `CREATE TABLE ${QUEUE_POSITION_TABLE} (ICON TEXT PRIMARY KEY, POSITION INTEGER NOT NULL)`,
  );
  return statements;
}
