import type { Database, SqlJsStatic, Statement } from 'sql.js';
import { CELL, CELL_BYTES } from '../../engine/idb/row-batch.ts';
import { BatchReader, type ReadShape, readShape } from '../../engine/idb/row-batch-reader.ts';
import type { IdbTransaction } from '../../engine/idb/row-changes.ts';
import { IDB_TABLES } from '../../engine/idb/schema.ts';

/**
 * Binds row batches into SQLite as they lie: the bytes are copied once into the memory of SQLite
 * and texts are bound there, so that no JavaScript string is made. sql.js publishes the functions
 * but not their types; how its statements name their pointer is found out once.
 */

type Binding = {
  writeArrayToMemory(bytes: Uint8Array, at: number): void;
  _malloc(count: number): number;
  _free(at: number): void;
  _sqlite3_bind_int(statement: number, index: number, value: number): number;
  _sqlite3_bind_double(statement: number, index: number, value: number): number;
  _sqlite3_bind_text(
    statement: number,
    index: number,
    at: number,
    length: number,
    destructor: number,
  ): number;
  _sqlite3_step(statement: number): number;
  _sqlite3_reset(statement: number): number;
};

const SQLITE_DONE = 101;
const LOWEST_POINTER = 1000;

/**
 * A shape with the statement that carries it out. Bindings stay from row to row: what a cell bound
 * last is remembered, and the same is not bound again.
 */
type Prepared = {
  readonly shape: ReadShape;
  readonly statement: number;
  /** Tag of each cell as it is bound, or UNBOUND. */
  readonly tags: Uint8Array;
  /** The integer, or where the text lies in the batch. */
  readonly values: Int32Array;
};

const UNBOUND = 255;

export class BatchWriter {
  private readonly native: Binding;
  private readonly prepared = new Map<string, Prepared>();
  /** By table number: asks for one row. */
  private readonly lookups = new Map<number, Statement>();
  private scratch = 0;
  private scratchBytes = 0;

  constructor(
    sqlite: SqlJsStatic,
    private readonly database: Database,
  ) {
    this.native = sqlite as unknown as Binding;
  }

  /** Carries out every change and counts the rows of each table by its number. */
  write({ shapes, bytes }: Pick<IdbTransaction, 'shapes' | 'bytes'>, rowCounts: number[]): void {
    const prepared = shapes.map((text) => this.prepare(text));
    const reader = new BatchReader(
      prepared.map(({ shape }) => shape),
      bytes,
    );
    const base = this.copyIn(bytes);
    const byShape = new Map(prepared.map((each) => [each.shape, each]));
    while (reader.next()) {
      const { shape, row } = reader;
      const { op, table } = shape;
      const isNew = op === 'insert' || (op === 'replace' && !this.exists(table, row));
      const carrier = byShape.get(shape)!;
      const { statement } = carrier;
      reader.at = this.bindCells(carrier, bytes, reader.at, base);
      this.bindInteger(statement, shape.columns.length + 1, row);
      const code = this.native._sqlite3_step(statement);
      this.native._sqlite3_reset(statement);
      if (code !== SQLITE_DONE) {
        const { name } = IDB_TABLES[table];
        throw new Error(`IDB: ${op} of row ${row} in ${name} failed (SQLite code ${code})`);
      }
      if (isNew) rowCounts[table]++;
      // None, if the row was lost with a damaged queue.
      else if (op === 'delete') rowCounts[table] -= this.database.getRowsModified();
    }
  }

  close(): void {
    if (this.scratch) this.native._free(this.scratch);
    this.scratch = 0;
  }

  private bindCells(to: Prepared, bytes: Uint8Array, start: number, base: number): number {
    const { native } = this;
    const { statement, tags, values } = to;
    let at = start;
    for (let cell = 0; cell < tags.length; cell++) {
      let tag = bytes[at];
      let place = at;
      at += CELL_BYTES[tag];
      if (tag === CELL.again) {
        place = readUint32(bytes, place + 1);
        tag = bytes[place];
      } else if (tag === CELL.text) at += bytes[place + 1];
      else if (tag === CELL.longText) at += readUint32(bytes, place + 1);
      let value = place;
      if (tag === CELL.null) value = 0;
      else if (tag === CELL.byte) value = bytes[place + 1];
      else if (tag === CELL.integer) value = readUint32(bytes, place + 1);
      if (tags[cell] === tag && values[cell] === value && tag !== CELL.float) continue;
      tags[cell] = tag;
      values[cell] = value;
      if (tag === CELL.null) native._sqlite3_bind_text(statement, cell + 1, 0, 0, 0);
      else if (tag <= CELL.integer) native._sqlite3_bind_int(statement, cell + 1, value);
      else if (tag === CELL.float) {
        native._sqlite3_bind_double(statement, cell + 1, readFloat(bytes, place + 1));
      } else {
        const isLong = tag === CELL.longText;
        const length = isLong ? readUint32(bytes, place + 1) : bytes[place + 1];
        const text = base + place + (isLong ? 5 : 2);
        native._sqlite3_bind_text(statement, cell + 1, text, length, 0);
      }
    }
    return at;
  }

  private bindInteger(statement: number, index: number, value: number): void {
    if ((value | 0) === value) this.native._sqlite3_bind_int(statement, index, value);
    else this.native._sqlite3_bind_double(statement, index, value);
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

  private copyIn(bytes: Uint8Array): number {
    if (bytes.length > this.scratchBytes) {
      if (this.scratch) this.native._free(this.scratch);
      this.scratchBytes = bytes.length * 2;
      this.scratch = this.native._malloc(this.scratchBytes);
    }
    this.native.writeArrayToMemory(bytes, this.scratch);
    return this.scratch;
  }

  private prepare(text: string): Prepared {
    let known = this.prepared.get(text);
    if (!known) {
      const shape = readShape(text);
      const statement = pointerOf(this.database.prepare(sqlOf(shape)));
      const { length } = shape.columns;
      known = { shape, statement, tags: new Uint8Array(length), values: new Int32Array(length) };
      this.prepared.set(text, known);
    }
    // Texts of an earlier batch do not lie where they lay.
    known.tags.fill(UNBOUND);
    return known;
  }
}

/** The row id is always the last parameter. */
function sqlOf({ op, table, columns }: ReadShape): string {
  const { name, columns: all } = IDB_TABLES[table];
  const names = columns.map((column) => `"${all[column].name}"`);
  if (op === 'delete') return `DELETE FROM "${name}" WHERE rowid=?`;
  if (op === 'update') {
    return `UPDATE "${name}" SET ${names.map((column) => `${column}=?`).join(',')} WHERE rowid=?`;
  }
  const verb = op === 'insert' ? 'INSERT' : 'INSERT OR REPLACE';
  const marks = [...names, 'rowid'].map(() => '?').join(',');
  return `${verb} INTO "${name}" (${[...names, 'rowid'].join(',')}) VALUES (${marks})`;
}

let pointerName: string | undefined;

/** sql.js's own name for it is shortened: it is the one property that can be an address. */
function pointerOf(statement: Statement): number {
  const fields = statement as unknown as Record<string, unknown>;
  pointerName ??= Object.keys(fields).find((key) => Number(fields[key]) > LOWEST_POINTER);
  const pointer = pointerName === undefined ? Number.NaN : fields[pointerName];
  if (typeof pointer === 'number' && pointer > LOWEST_POINTER) return pointer;
  throw new Error('this version of sql.js hides its statements; see src/runtime/idb');
}

function readUint32(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

function readFloat(bytes: Uint8Array, at: number): number {
  floatBytes.set(bytes.subarray(at, at + 8));
  return float[0];
}
