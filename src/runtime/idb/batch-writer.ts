import type { Database, SqlJsStatic, Statement } from 'sql.js';
import { CELL, CELL_BYTES, shapeText } from '../../engine/idb/row-batch.ts';
import { BatchReader, type ReadShape, readShape } from '../../engine/idb/row-batch-reader.ts';
import type { IdbTransaction } from '../../engine/idb/row-changes.ts';
import { IDB_TABLES } from '../../engine/idb/schema.ts';
import { type NativeStatement, NativeStatements, readUint32 } from './native-statements.ts';

/**
 * Row batches on their way into SQLite. A row that a batch inserts and changes is written once, as
 * it is in the end, and rows that look alike are written several at a time: a batch is one
 * transaction, and nobody could see anything between.
 */

/** A shape and the rows that wait to be written with it. */
type Carrier = {
  readonly shape: ReadShape;
  readonly one: NativeStatement;
  /** Only inserts come in numbers. */
  several: NativeStatement | null;
  /** Which cell of a row comes where: 0, 1, 2 and so on. */
  readonly order: Int32Array;
  /** Where in the batch each cell lies, row after row; behind them room for one row more. */
  places: Int32Array;
  readonly rowIds: number[];
  /** For an insert: what it becomes with an update of the same row, by the update. */
  readonly folds: Map<Carrier, Fold>;
};

/** An insert of all that an insert and an update name, and where the update's cells go. */
type Fold = { readonly insert: Carrier; readonly order: Int32Array };

/** A change of a row, and where in the batch its cells lie. */
type Change = { readonly by: Carrier; readonly at: number };

/** By table number and row id, in their order; none for tables whose rows are also replaced. */
type Changes = readonly (Map<number, Change[]> | undefined)[];

const ROWS_AT_ONCE = 8;
const FIRST_ROWS = 16;

/** By table number. */
export type RowCounts = {
  readonly present: number[];
  /** Ever put in, those that are gone again included. */
  readonly added: number[];
};

function note({ present, added }: RowCounts, table: number, rows: number): void {
  present[table] += rows;
  added[table] += rows;
}

export class BatchWriter {
  private readonly statements: NativeStatements;
  private readonly carriers = new Map<string, Carrier>();
  /** By table number: asks for one row. */
  private readonly lookups = new Map<number, Statement>();

  constructor(
    sqlite: SqlJsStatic,
    private readonly database: Database,
  ) {
    this.statements = new NativeStatements(sqlite, database);
  }

  /** Carries out every change and counts rows. */
  write({ shapes, bytes }: Pick<IdbTransaction, 'shapes' | 'bytes'>, counts: RowCounts): void {
    this.statements.take(bytes);
    const carriers = shapes.map((text) => this.carrier(text));
    const byShape = new Map(carriers.map((each) => [each.shape, each]));
    const replaced = carriers.flatMap(({ shape }) => (shape.op === 'replace' ? shape.table : []));
    const changes = changesByRow(byShape, replaced, bytes);
    const reader = new BatchReader([...byShape.keys()], bytes);
    const waiting = new Set<Carrier>();
    while (reader.next()) {
      const { at, row, shape } = reader;
      const { op, table } = shape;
      reader.skipCells();
      const ofRow = changes[table]?.get(row);
      const by = byShape.get(shape)!;
      if (op === 'insert' && !replaced.includes(table) && (!ofRow || canFold(ofRow, at))) {
        changes[table]?.delete(row);
        this.await(waiting, by, row, at, ofRow ?? [], bytes);
      } else if (op === 'insert' || op === 'replace' || ofRow || replaced.includes(table)) {
        const start = roomForRow(by);
        placeCells(by.places, start, by.order, bytes, at);
        this.runOne(by, start, row, counts);
      }
    }
    for (const carrier of waiting) this.runAll(carrier, counts);
  }

  close(): void {
    this.statements.close();
  }

  /** An insert with the updates of its row; none at all for a row that is deleted again. */
  private await(
    waiting: Set<Carrier>,
    insert: Carrier,
    row: number,
    at: number,
    changes: readonly Change[],
    bytes: Uint8Array,
  ): void {
    if (changes.at(-1)?.by.shape.op === 'delete') return;
    let into = insert;
    let start = roomForRow(into);
    placeCells(into.places, start, into.order, bytes, at);
    for (const change of changes) {
      const fold = this.foldOf(into, change.by);
      if (fold.insert !== into) {
        const from = start;
        start = roomForRow(fold.insert);
        fold.insert.places.set(into.places.subarray(from, from + into.order.length), start);
        into = fold.insert;
      }
      placeCells(into.places, start, fold.order, bytes, change.at);
    }
    into.rowIds.push(row);
    waiting.add(into);
  }

  private foldOf(insert: Carrier, update: Carrier): Fold {
    let fold = insert.folds.get(update);
    if (!fold) {
      const { columns, table } = insert.shape;
      const more = update.shape.columns.filter((column) => !columns.includes(column));
      const all = [...columns, ...more];
      const order = Int32Array.from(update.shape.columns, (column) => all.indexOf(column));
      const into = more.length > 0 ? this.carrier(shapeText('insert', table, all)) : insert;
      fold = { insert: into, order };
      insert.folds.set(update, fold);
    }
    return fold;
  }

  private runOne(
    { one, places, shape }: Carrier,
    start: number,
    row: number,
    counts: RowCounts,
  ): void {
    const { op, table } = shape;
    const isNew = op === 'insert' || (op === 'replace' && !this.exists(table, row));
    this.statements.run(one, places, start, [row], 0);
    if (isNew) note(counts, table, 1);
    // None, if the row was lost with a damaged queue.
    else if (op === 'delete') counts.present[table] -= this.database.getRowsModified();
  }

  private runAll(carrier: Carrier, counts: RowCounts): void {
    const { one, order, places, rowIds, shape } = carrier;
    if (rowIds.length >= ROWS_AT_ONCE) {
      carrier.several ??= this.statements.prepare(shape, ROWS_AT_ONCE);
    }
    let done = 0;
    while (done < rowIds.length) {
      const isRest = rowIds.length - done < ROWS_AT_ONCE;
      const statement = isRest ? one : carrier.several!;
      this.statements.run(statement, places, done * order.length, rowIds, done);
      done += statement.rows;
    }
    note(counts, shape.table, rowIds.length);
    rowIds.length = 0;
  }

  private exists(table: number, row: number): boolean {
    let statement = this.lookups.get(table);
    if (!statement) {
      statement = this.database.prepare(`SELECT 1 FROM "${IDB_TABLES[table].name}" WHERE rowid=?`);
      this.lookups.set(table, statement);
    }
    statement.bind([row]);
    const found = statement.step();
    statement.reset();
    return found;
  }

  private carrier(text: string): Carrier {
    let known = this.carriers.get(text);
    if (!known) {
      const shape = readShape(text);
      known = {
        shape,
        one: this.statements.prepare(shape, 1),
        several: null,
        order: Int32Array.from(shape.columns, (_column, index) => index),
        places: new Int32Array(shape.columns.length * FIRST_ROWS),
        rowIds: [],
        folds: new Map(),
      };
      this.carriers.set(text, known);
    }
    return known;
  }
}

function changesByRow(
  byShape: ReadonlyMap<ReadShape, Carrier>,
  replaced: readonly number[],
  bytes: Uint8Array,
): Changes {
  const isChange = ({ op, table }: ReadShape) =>
    (op === 'update' || op === 'delete') && !replaced.includes(table);
  const reader = new BatchReader([...byShape.keys()], bytes, isChange);
  const changes: Map<number, Change[]>[] = [];
  while (reader.next()) {
    const { at, row, shape } = reader;
    reader.skipCells();
    changes[shape.table] ??= new Map();
    const ofTable = changes[shape.table];
    const change = { by: byShape.get(shape)!, at };
    const ofRow = ofTable.get(row);
    if (ofRow) ofRow.push(change);
    else ofTable.set(row, [change]);
  }
  return changes;
}

/** All changes come behind the insert at this place, and none behind a delete. */
function canFold(changes: readonly Change[], at: number): boolean {
  if (changes[0].at < at) return false;
  const deleted = changes.findIndex(({ by }) => by.shape.op === 'delete');
  return deleted === -1 || deleted === changes.length - 1;
}

/** Where the places of the next row that waits begin. */
function roomForRow(carrier: Carrier): number {
  const width = carrier.order.length;
  const start = carrier.rowIds.length * width;
  if (start + width > carrier.places.length) {
    const grown = new Int32Array(carrier.places.length * 2);
    grown.set(carrier.places);
    carrier.places = grown;
  }
  return start;
}

/** Finds the cells that begin at `at`; `order` says which of the row's each of them is. */
function placeCells(
  places: Int32Array,
  start: number,
  order: Int32Array,
  bytes: Uint8Array,
  first: number,
): void {
  let at = first;
  for (let cell = 0; cell < order.length; cell++) {
    const tag = bytes[at];
    places[start + order[cell]] = tag === CELL.again ? readUint32(bytes, at + 1) : at;
    if (tag === CELL.text) at += bytes[at + 1];
    else if (tag === CELL.longText) at += readUint32(bytes, at + 1);
    at += CELL_BYTES[tag];
  }
}
