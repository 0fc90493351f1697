import type { Database, SqlJsStatic } from 'sql.js';
import { CELL } from '../../engine/idb/row-batch.ts';
import type { ReadShape } from '../../engine/idb/row-batch-reader.ts';
import { IDB_TABLES } from '../../engine/idb/schema.ts';
import { pointerOf } from './sqlite.ts';

/**
 * Statements of SQLite that take their cells from the bytes of a row batch as they lie: the bytes
 * are copied once into the memory of SQLite and texts are bound there, so that no JavaScript string
 * is made. sql.js publishes the functions but not their types.
 */

type Native = {
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
const UNBOUND = 255;

/**
 * One statement, for one row or for several. Bindings stay from use to use: what a cell bound last
 * is remembered, and the same is not bound again.
 */
export type NativeStatement = {
  readonly pointer: number;
  readonly shape: ReadShape;
  /** Rows that it writes at once. */
  readonly rows: number;
  /** Tag of each cell as it is bound, or UNBOUND. */
  readonly tags: Uint8Array;
  /** The integer, or where the text lies in the batch. */
  readonly values: Int32Array;
  /** Of which batch its texts are bound: they do not lie there in the next one. */
  batch: number;
};

export class NativeStatements {
  private readonly native: Native;
  private batch = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private scratch = 0;
  private scratchBytes = 0;

  constructor(
    sqlite: SqlJsStatic,
    private readonly database: Database,
  ) {
    this.native = sqlite as unknown as Native;
  }

  prepare(shape: ReadShape, rows: number): NativeStatement {
    const pointer = pointerOf(this.database.prepare(sqlOf(shape, rows)));
    const cells = shape.columns.length * rows;
    const tags = new Uint8Array(cells).fill(UNBOUND);
    return { pointer, shape, rows, tags, values: new Int32Array(cells), batch: 0 };
  }

  /** The batch whose cells are bound from now on. */
  take(bytes: Uint8Array): void {
    if (bytes.length > this.scratchBytes) {
      if (this.scratch) this.native._free(this.scratch);
      this.scratchBytes = bytes.length * 2;
      this.scratch = this.native._malloc(this.scratchBytes);
    }
    this.native.writeArrayToMemory(bytes, this.scratch);
    this.bytes = bytes;
    this.batch++;
  }

  /** Binds the cells that lie at `places` from `first` on; ids of rows from `firstId` on. */
  run(
    statement: NativeStatement,
    places: Int32Array,
    first: number,
    rowIds: readonly number[],
    firstId: number,
  ): void {
    const { native } = this;
    const { pointer, rows, shape } = statement;
    const width = shape.columns.length;
    if (statement.batch !== this.batch) statement.tags.fill(UNBOUND);
    statement.batch = this.batch;
    for (let row = 0; row < rows; row++) {
      this.bindCells(statement, row * width, width, places, first + row * width, row);
      this.bindInteger(pointer, (row + 1) * (width + 1), rowIds[firstId + row]);
    }
    const code = native._sqlite3_step(pointer);
    native._sqlite3_reset(pointer);
    if (code === SQLITE_DONE) return;
    const { name } = IDB_TABLES[shape.table];
    const ids = rowIds.slice(firstId, firstId + rows).join(', ');
    throw new Error(`IDB: ${shape.op} of row ${ids} in ${name} failed (SQLite code ${code})`);
  }

  close(): void {
    if (this.scratch) this.native._free(this.scratch);
    this.scratch = 0;
  }

  /** `cell` counts without row ids, parameters are counted with one at the end of each row. */
  private bindCells(
    { pointer, tags, values }: NativeStatement,
    firstCell: number,
    count: number,
    places: Int32Array,
    firstPlace: number,
    rowsBefore: number,
  ): void {
    const { bytes, native } = this;
    for (let i = 0; i < count; i++) {
      const cell = firstCell + i;
      const place = places[firstPlace + i];
      const tag = bytes[place];
      let value = place;
      if (tag === CELL.null) value = 0;
      else if (tag === CELL.byte) value = bytes[place + 1];
      else if (tag === CELL.integer) value = readUint32(bytes, place + 1);
      if (tags[cell] === tag && values[cell] === value && tag !== CELL.float) continue;
      tags[cell] = tag;
      values[cell] = value;
      const parameter = cell + rowsBefore + 1;
      if (tag === CELL.null) native._sqlite3_bind_text(pointer, parameter, 0, 0, 0);
      else if (tag <= CELL.integer) native._sqlite3_bind_int(pointer, parameter, value);
      else if (tag === CELL.float) {
        native._sqlite3_bind_double(pointer, parameter, readFloat(bytes, place + 1));
      } else {
        const isLong = tag === CELL.longText;
        const length = isLong ? readUint32(bytes, place + 1) : bytes[place + 1];
        const text = this.scratch + place + (isLong ? 5 : 2);
        native._sqlite3_bind_text(pointer, parameter, text, length, 0);
      }
    }
  }

  private bindInteger(pointer: number, parameter: number, value: number): void {
    if ((value | 0) === value) this.native._sqlite3_bind_int(pointer, parameter, value);
    else this.native._sqlite3_bind_double(pointer, parameter, value);
  }
}

/** The row id is the last parameter of each row. */
function sqlOf({ op, table, columns }: ReadShape, rows: number): string {
  const { name, columns: all } = IDB_TABLES[table];
  const names = columns.map((column) => `"${all[column].name}"`);
  if (op === 'delete') return `DELETE FROM "${name}" WHERE rowid=?`;
  if (op === 'update') {
    return `UPDATE "${name}" SET ${names.map((column) => `${column}=?`).join(',')} WHERE rowid=?`;
  }
  const verb = op === 'insert' ? 'INSERT' : 'INSERT OR REPLACE';
  const marks = `(${[...names, 'rowid'].map(() => '?').join(',')})`;
  const values = new Array<string>(rows).fill(marks).join(',');
  return `${verb} INTO "${name}" (${[...names, 'rowid'].join(',')}) VALUES ${values}`;
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

function readFloat(bytes: Uint8Array, at: number): number {
  floatBytes.set(bytes.subarray(at, at + 8));
  return float[0];
}
