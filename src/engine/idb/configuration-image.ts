import type { Context } from '../kernel/process.ts';
import { decodeRecords, encodeRecord } from '../kernel/record-log.ts';
import { changesOf, readShape } from './row-batch-reader.ts';
import type { CellValue, IdbTransaction, RowChange } from './row-changes.ts';
import { IDB_TABLES } from './schema.ts';

/**
 * The tables that ICON itself reads, as the database holds them: of the configuration when it has
 * lost its cache or synchronizes anew, of active calls and interactions when it has been restarted.
 * All other rows leave the engine and are read in SQLite.
 */

const IMAGE_FILE = 'idb/configuration';
const SYNC_CONTROL = 'G_SYNC_CONTROL';

/** Rows of GC_, GCX_ tables: table number, row id, then one value for each column. */
export type ImageRow = readonly [table: number, row: number, values: readonly CellValue[]];

export type ConfigurationImage = Map<number, Map<number, readonly CellValue[]>>;

const ACTIVE_TABLES = ['G_CALL_ACTIVE', 'G_IR_ACTIVE'];

const tableNumbers = (isWanted: (name: string) => boolean): ReadonlySet<number> =>
  new Set(IDB_TABLES.filter(({ name }) => isWanted(name)).map(({ number }) => number));

const CONFIGURATION_TABLES = tableNumbers((name) => /^GCX?_/.test(name) || name === SYNC_CONTROL);
const KEPT_TABLES = tableNumbers(
  (name) => ACTIVE_TABLES.includes(name) || /^GCX?_/.test(name) || name === SYNC_CONTROL,
);

export function isConfigurationTable(table: number): boolean {
  return CONFIGURATION_TABLES.has(table);
}

type ImageContext = Context<{
  readonly configuration: ConfigurationImage;
  /** Bytes of the image file, and of its whole rows when it was last written anew. */
  readonly imageBytes: { total: number; whole: number };
}>;

/** The file is written anew when its changes outweigh its rows. */
const MIN_REWRITE_BYTES = 65_536;

type StoredPart =
  | { readonly kind: 'rows'; readonly rows: readonly ImageRow[] }
  | {
      readonly kind: 'changes';
      readonly icon: string;
      readonly position: number;
      readonly changes: readonly RowChange[];
    };

export function imageRows(
  image: ConfigurationImage,
  isWanted: (table: number) => boolean = () => true,
): ImageRow[] {
  const rows: ImageRow[] = [];
  for (const [table, byRow] of image) {
    if (!isWanted(table)) continue;
    for (const [row, values] of byRow) rows.push([table, row, values]);
  }
  return rows;
}

/** Applies a transaction and writes it beside the database; what is no configuration is left. */
export function keepImage(context: ImageContext, transaction: IdbTransaction) {
  const { icon, position } = transaction;
  const kept = keptChanges(transaction);
  if (kept.length === 0) return;
  applyToImage(context.state.configuration, kept);
  const part: StoredPart = { kind: 'changes', icon, position, changes: kept };
  const record = encodeRecord(part);
  const { imageBytes } = context.state;
  imageBytes.total += record.length;
  if (imageBytes.total > 2 * imageBytes.whole + MIN_REWRITE_BYTES) return writeWhole(context);
  context.appendFile(IMAGE_FILE, record);
  context.syncFile(IMAGE_FILE);
}

/** Most transactions have none, as their shapes say. */
function keptChanges(transaction: IdbTransaction): RowChange[] {
  const isKept = ({ table }: { table: number }) => KEPT_TABLES.has(table);
  if (!transaction.shapes.map(readShape).some(isKept)) return [];
  return changesOf(transaction, isKept);
}

/** What the file holds up to what each ICON has committed, and the last transaction if it lacks. */
export function readImage(
  context: ImageContext,
  positions: ReadonlyMap<string, number>,
  last: IdbTransaction | undefined,
): void {
  const image = context.state.configuration;
  const bytes = context.readFile(IMAGE_FILE) ?? new Uint8Array(0);
  let hasLast = false;
  for (const record of decodeRecords(bytes).records) {
    const part = record as StoredPart;
    if (part.kind === 'rows') {
      for (const [table, row, values] of part.rows) tableOf(image, table).set(row, values);
    } else if (part.position <= (positions.get(part.icon) ?? 0)) {
      applyToImage(image, part.changes);
      hasLast ||= part.icon === last?.icon && part.position === last.position;
    }
  }
  if (last && !hasLast) {
    applyToImage(image, keptChanges(last));
  }
  writeWhole(context);
}

function writeWhole(context: ImageContext): void {
  const { configuration, imageBytes } = context.state;
  const whole: StoredPart = { kind: 'rows', rows: imageRows(configuration) };
  const record = encodeRecord(whole);
  imageBytes.whole = record.length;
  imageBytes.total = record.length;
  context.replaceFile(IMAGE_FILE, record);
  context.syncFile(IMAGE_FILE);
}

function applyToImage(image: ConfigurationImage, changes: readonly RowChange[]): void {
  for (const change of changes) {
    const rows = tableOf(image, change.table);
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
}

function tableOf(image: ConfigurationImage, table: number): Map<number, readonly CellValue[]> {
  let rows = image.get(table);
  if (!rows) {
    rows = new Map();
    image.set(table, rows);
  }
  return rows;
}
