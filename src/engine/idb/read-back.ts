import type { Context } from '../kernel/process.ts';
import { decodeRecords, encodeRecord } from '../kernel/record-log.ts';
import { BatchReader, type ReadShape, readShape } from './row-batch-reader.ts';
import type { CellValue, IdbTransaction, RowChange } from './row-changes.ts';
import { IDB_TABLES, idbTable } from './schema.ts';

/**
 * The rows that ICON itself reads back, as the database holds them: of the configuration when it
 * has lost its cache or synchronizes anew, of active calls and interactions when it has been
 * restarted. All other rows leave the engine and are read in SQLite.
 */

const READ_BACK_FILE = 'idb/read back';
const SYNC_CONTROL = 'G_SYNC_CONTROL';

/** Rows of GC_, GCX_ tables: table number, row id, then one value for each column. */
export type ImageRow = readonly [table: number, row: number, values: readonly CellValue[]];

/** A row of an active table: of these the ids of call or interaction are enough. */
export type ActiveRow = readonly [table: number, row: number, id: string];

/** The same as a change: null when the row is no more. */
type ActiveChange = readonly [table: number, row: number, id: string | null];

export type ReadBack = {
  /** By table number and row id. */
  readonly configuration: Map<number, Map<number, readonly CellValue[]>>;
  readonly active: Map<number, Map<number, string>>;
  /** Bytes of the file, and of its whole rows when it was last written anew. */
  readonly fileBytes: { total: number; whole: number };
};

const CONFIGURATION_TABLES: ReadonlySet<number> = new Set(
  IDB_TABLES.filter(({ name }) => /^GCX?_/.test(name) || name === SYNC_CONTROL).map(
    ({ number }) => number,
  ),
);

/** The column of the id, by table number. */
const ACTIVE_IDS: ReadonlyMap<number, number> = new Map(
  [
    ['G_CALL_ACTIVE', 'CALLID'],
    ['G_IR_ACTIVE', 'IRID'],
  ].map(([name, column]) => {
    const { number, columnNumbers } = idbTable(name);
    return [number, columnNumbers.get(column)!];
  }),
);

type ReadBackContext = Context<{ readonly readBack: ReadBack }>;

/** The file is written anew when its changes outweigh its rows. */
const MIN_REWRITE_BYTES = 65_536;

type Kept = { readonly changes: readonly RowChange[]; readonly active: readonly ActiveChange[] };

type StoredPart =
  | {
      readonly kind: 'rows';
      readonly rows: readonly ImageRow[];
      readonly active: readonly ActiveRow[];
    }
  | ({ readonly kind: 'changes'; readonly icon: string; readonly position: number } & Kept);

export function createReadBack(): ReadBack {
  return { configuration: new Map(), active: new Map(), fileBytes: { total: 0, whole: 0 } };
}

export function configurationRows({ configuration }: ReadBack): ImageRow[] {
  return rowsOf(configuration);
}

export function activeRows({ active }: ReadBack): ActiveRow[] {
  return rowsOf(active);
}

function rowsOf<V>(tables: ReadonlyMap<number, ReadonlyMap<number, V>>): [number, number, V][] {
  const rows: [number, number, V][] = [];
  for (const [table, byRow] of tables) {
    for (const [row, value] of byRow) rows.push([table, row, value]);
  }
  return rows;
}

/** Applies a transaction and writes it beside the database; what nobody reads back is left. */
export function keepReadBack(context: ReadBackContext, transaction: IdbTransaction): void {
  const { icon, position } = transaction;
  const { readBack } = context.state;
  const kept = keptOf(transaction);
  if (kept.changes.length + kept.active.length === 0) return;
  applyTo(readBack, kept);
  const record = encodeRecord({ kind: 'changes', icon, position, ...kept } satisfies StoredPart);
  const { fileBytes } = readBack;
  fileBytes.total += record.length;
  if (fileBytes.total > 2 * fileBytes.whole + MIN_REWRITE_BYTES) return writeWhole(context);
  context.appendFile(READ_BACK_FILE, record);
  context.syncFile(READ_BACK_FILE);
}

/** A row that the transaction inserts and deletes is not kept: most calls of a burst are such. */
function keptOf({ shapes: texts, bytes }: IdbTransaction): Kept {
  const changes: RowChange[] = [];
  const active: ActiveChange[] = [];
  const begun = new Map<number, Map<number, { shape: ReadShape; at: number }>>();
  const reader = new BatchReader(texts.map(readShape), bytes, isReadBack);
  while (reader.next()) {
    const { at, row, shape } = reader;
    const { op, table } = shape;
    if (!ACTIVE_IDS.has(table)) {
      changes.push(reader.readChange());
      continue;
    }
    reader.skipCells();
    const rows = tableOf(begun, table);
    if (op !== 'delete') rows.set(row, { shape, at });
    else if (!rows.delete(row)) active.push([table, row, null]);
  }
  for (const [table, rows] of begun) {
    for (const [row, { shape, at }] of rows) {
      reader.shape = shape;
      reader.at = at;
      active.push([table, row, reader.readColumn(ACTIVE_IDS.get(table)!) as string]);
    }
  }
  return { changes, active };
}

/** Rows of active tables come and go, and what changes of them is not the id. */
function isReadBack({ op, table }: ReadShape): boolean {
  return CONFIGURATION_TABLES.has(table) || (op !== 'update' && ACTIVE_IDS.has(table));
}

/** What the file holds up to what each ICON has committed, and the last transaction if it lacks. */
export function recollectReadBack(
  context: ReadBackContext,
  positions: ReadonlyMap<string, number>,
  last: IdbTransaction | undefined,
): void {
  const { readBack } = context.state;
  const bytes = context.readFile(READ_BACK_FILE) ?? new Uint8Array(0);
  let hasLast = false;
  for (const record of decodeRecords(bytes).records) {
    const part = record as StoredPart;
    if (part.kind === 'rows') {
      const { configuration, active } = readBack;
      for (const [table, row, values] of part.rows) tableOf(configuration, table).set(row, values);
      for (const [table, row, id] of part.active) tableOf(active, table).set(row, id);
    } else if (part.position <= (positions.get(part.icon) ?? 0)) {
      applyTo(readBack, part);
      hasLast ||= part.icon === last?.icon && part.position === last.position;
    }
  }
  if (last && !hasLast) applyTo(readBack, keptOf(last));
  writeWhole(context);
}

function writeWhole(context: ReadBackContext): void {
  const { readBack } = context.state;
  const rows = configurationRows(readBack);
  const active = activeRows(readBack);
  const record = encodeRecord({ kind: 'rows', rows, active } satisfies StoredPart);
  readBack.fileBytes.whole = record.length;
  readBack.fileBytes.total = record.length;
  context.replaceFile(READ_BACK_FILE, record);
  context.syncFile(READ_BACK_FILE);
}

function applyTo({ configuration, active }: ReadBack, kept: Kept): void {
  for (const change of kept.changes) {
    const rows = tableOf(configuration, change.table);
    if (change.op === 'delete') rows.delete(change.row);
    else if (change.op !== 'update') rows.set(change.row, change.values);
    else {
      const before = rows.get(change.row);
      if (!before) continue;
      const values = [...before];
      for (const [at, column] of change.columns.entries()) values[column] = change.values[at];
      rows.set(change.row, values);
    }
  }
  for (const [table, row, id] of kept.active) {
    if (id === null) tableOf(active, table).delete(row);
    else tableOf(active, table).set(row, id);
  }
}

function tableOf<V>(tables: Map<number, Map<number, V>>, table: number): Map<number, V> {
  let rows = tables.get(table);
  if (!rows) {
    rows = new Map();
    tables.set(table, rows);
  }
  return rows;
}
