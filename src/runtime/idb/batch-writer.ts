import type { Database, SqlJsStatic, Statement } from 'sql.js';
import { CELL } from '../../engine/idb/row-batch.ts';
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

/** A shape with the statement that carries it out. */
type Prepared = { readonly shape: ReadShape; readonly statement: number };

export class BatchWriter {
  private readonly native: Binding;
  private readonly prepared = new Map<string, Prepared>();
  private scratch = 0;
  private scratchBytes = 0;

  constructor(
    sqlite: SqlJsStatic,
    private readonly database: Database,
  ) {
    this.native = sqlite as unknown as Binding;
  }

  /** Carries out every change; `onRow` hears of each. */
  write(
    { shapes, bytes }: Pick<IdbTransaction, 'shapes' | 'bytes'>,
    onRow: (shape: ReadShape, row: number) => void,
  ): void {
    const prepared = shapes.map((text) => this.prepare(text));
    const reader = new BatchReader(
      prepared.map(({ shape }) => shape),
      bytes,
    );
    const base = this.copyIn(bytes);
    const byShape = new Map(prepared.map(({ shape, statement }) => [shape, statement]));
    while (reader.next()) {
      const { shape, row } = reader;
      const statement = byShape.get(shape)!;
      onRow(shape, row);
      reader.at = this.bindCells(statement, shape.columns.length, bytes, reader.at, base);
      this.bindInteger(statement, shape.columns.length + 1, row);
      const code = this.native._sqlite3_step(statement);
      this.native._sqlite3_reset(statement);
      if (code === SQLITE_DONE) continue;
      const { name } = IDB_TABLES[shape.table];
      throw new Error(`IDB: ${shape.op} of row ${row} in ${name} failed (SQLite code ${code})`);
    }
  }

  close(): void {
    if (this.scratch) this.native._free(this.scratch);
    this.scratch = 0;
  }

  private bindCells(
    statement: number,
    count: number,
    bytes: Uint8Array,
    start: number,
    base: number,
  ): number {
    const { native } = this;
    let at = start;
    for (let index = 1; index <= count; index++) {
      const tag = bytes[at++];
      // Bindings stay from row to row: what is not bound anew must be made null.
      if (tag === CELL.null) native._sqlite3_bind_text(statement, index, 0, 0, 0);
      else if (tag === CELL.byte) native._sqlite3_bind_int(statement, index, bytes[at++]);
      else if (tag === CELL.integer) {
        native._sqlite3_bind_int(statement, index, readUint32(bytes, at) | 0);
        at += 4;
      } else if (tag === CELL.text) {
        const length = bytes[at++];
        native._sqlite3_bind_text(statement, index, base + at, length, 0);
        at += length;
      } else if (tag === CELL.longText) {
        const length = readUint32(bytes, at);
        at += 4;
        native._sqlite3_bind_text(statement, index, base + at, length, 0);
        at += length;
      } else {
        native._sqlite3_bind_double(statement, index, readFloat(bytes, at));
        at += 8;
      }
    }
    return at;
  }

  private bindInteger(statement: number, index: number, value: number): void {
    if ((value | 0) === value) this.native._sqlite3_bind_int(statement, index, value);
    else this.native._sqlite3_bind_double(statement, index, value);
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
      known = { shape, statement };
      this.prepared.set(text, known);
    }
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
