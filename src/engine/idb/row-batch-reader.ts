import { CELL, OPERATIONS, type RowOperation } from './row-batch.ts';
import type { CellValue, IdbTransaction, RowChange } from './row-changes.ts';
import { IDB_TABLES } from './schema.ts';

/** Row batches read back: by whoever stores them, and as objects by whoever looks at them. */

/** What a shape's text says. */
export type ReadShape = {
  readonly op: RowOperation;
  readonly table: number;
  readonly columns: readonly number[];
};

const readShapes = new Map<string, ReadShape>();

export function readShape(text: string): ReadShape {
  let shape = readShapes.get(text);
  if (!shape) {
    const [op, table, columns = ''] = text.split(' ');
    const numbers = columns === '' ? [] : columns.split(',').map(Number);
    shape = { op: OPERATIONS[Number(op)], table: Number(table), columns: numbers };
    readShapes.set(text, shape);
  }
  return shape;
}

/** The changes of a transaction as objects, for whoever wants to look at them. */
export function changesOf(
  { shapes: texts, bytes }: Pick<IdbTransaction, 'shapes' | 'bytes'>,
  isWanted: (shape: ReadShape) => boolean = () => true,
): RowChange[] {
  const reader = new BatchReader(texts.map(readShape), bytes);
  const changes: RowChange[] = [];
  while (reader.next()) {
    if (isWanted(reader.shape)) changes.push(reader.readChange());
    else reader.skipCells();
  }
  return changes;
}

const textDecoder = new TextDecoder();
const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/** Walks through the rows of a batch. */
export class BatchReader {
  shape!: ReadShape;
  row = 0;
  cause = 0;
  /** Where the cells of the present row begin, and then the next cell. */
  at = 0;

  constructor(
    private readonly shapes: readonly ReadShape[],
    private readonly bytes: Uint8Array,
  ) {}

  /** Goes on to the next row; its cells must have been read or skipped. */
  next(): boolean {
    if (this.at >= this.bytes.length) return false;
    this.shape = this.shapes[this.bytes[this.at++]];
    this.row = this.readVarint();
    this.cause = this.readVarint();
    return true;
  }

  skipCells(): void {
    for (let count = this.shape.columns.length; count > 0; count--) {
      const tag = this.bytes[this.at];
      if (tag === CELL.text) this.at += 2 + this.bytes[this.at + 1];
      else if (tag === CELL.longText) this.at += 5 + this.readUint32(this.at + 1);
      else this.at += CELL_BYTES[tag];
    }
  }

  readChange(): RowChange {
    const { row, cause } = this;
    const { op, table, columns } = this.shape;
    const cells = columns.map(() => this.readCell());
    if (op === 'delete') return { op, table, row, cause };
    if (op === 'update') return { op, table, row, cause, columns, values: cells };
    const { columns: all, rowIdColumn } = IDB_TABLES[table];
    const values: CellValue[] = new Array(all.length).fill(null);
    if (rowIdColumn >= 0) values[rowIdColumn] = row;
    for (let i = 0; i < columns.length; i++) values[columns[i]] = cells[i];
    return { op, table, row, cause, values };
  }

  private readCell(): CellValue {
    const { bytes } = this;
    const tag = bytes[this.at];
    const start = this.at + 1;
    if (tag === CELL.text || tag === CELL.longText) {
      const isLong = tag === CELL.longText;
      const from = start + (isLong ? 4 : 1);
      this.at = from + (isLong ? this.readUint32(start) : bytes[start]);
      return textDecoder.decode(bytes.subarray(from, this.at));
    }
    this.at += CELL_BYTES[tag];
    if (tag === CELL.null) return null;
    if (tag === CELL.byte) return bytes[start];
    if (tag === CELL.integer) return this.readUint32(start) | 0;
    floatBytes.set(bytes.subarray(start, start + 8));
    return float[0];
  }

  private readVarint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }

  private readUint32(at: number): number {
    const { bytes } = this;
    return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
  }
}

/** Bytes of a cell, tag included, for those of fixed size. */
const CELL_BYTES: readonly number[] = [1, 2, 5, 9];
