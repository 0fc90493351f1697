import { CELL, CELL_BYTES, OPERATIONS, ROW_SIZE_BYTES, type RowOperation } from './row-batch.ts';
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
  const reader = new BatchReader(texts.map(readShape), bytes, isWanted);
  const changes: RowChange[] = [];
  while (reader.next()) changes.push(reader.readChange());
  return changes;
}

const textDecoder = new TextDecoder();
const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/** Walks through the rows of a batch, all or those of the shapes that are wanted. */
export class BatchReader {
  shape!: ReadShape;
  row = 0;
  cause = 0;
  /** Where the cells of the present row begin, and then the next cell. */
  at = 0;
  private end = 0;
  private readonly wanted: readonly boolean[];

  constructor(
    private readonly shapes: readonly ReadShape[],
    private readonly bytes: Uint8Array,
    isWanted: (shape: ReadShape) => boolean = () => true,
  ) {
    this.wanted = shapes.map(isWanted);
  }

  /** Goes on to the next row; its cells must have been read or skipped. */
  next(): boolean {
    const { bytes } = this;
    while (this.at < bytes.length) {
      const shape = bytes[this.at];
      const rest = this.at + 1 + ROW_SIZE_BYTES;
      this.end = rest + this.readUint32(this.at + 1);
      this.at = this.end;
      if (!this.wanted[shape]) continue;
      this.shape = this.shapes[shape];
      this.at = rest;
      this.row = this.readVarint();
      this.cause = this.readVarint();
      return true;
    }
    return false;
  }

  skipCells(): void {
    this.at = this.end;
  }

  /** One cell of the present row, whose others are skipped; null if it is not among them. */
  readColumn(column: number): CellValue {
    const { columns } = this.shape;
    const index = columns.indexOf(column);
    for (let before = 0; before < index; before++) this.skipCell();
    const value = index < 0 ? null : this.readCell();
    this.skipCells();
    return value;
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

  private skipCell(): void {
    const { bytes, at } = this;
    const tag = bytes[at];
    this.at += CELL_BYTES[tag];
    if (tag === CELL.text) this.at += bytes[at + 1];
    else if (tag === CELL.longText) this.at += this.readUint32(at + 1);
  }

  private readCell(): CellValue {
    const { bytes } = this;
    const tag = bytes[this.at];
    const start = this.at + 1;
    if (tag === CELL.text || tag === CELL.longText) return this.readText();
    this.at += CELL_BYTES[tag];
    if (tag === CELL.again) return this.readTextAt(this.readUint32(start));
    if (tag === CELL.null) return null;
    if (tag === CELL.byte) return bytes[start];
    if (tag === CELL.integer) return this.readUint32(start) | 0;
    floatBytes.set(bytes.subarray(start, start + 8));
    return float[0];
  }

  private readText(): string {
    const { bytes, at } = this;
    const isLong = bytes[at] === CELL.longText;
    const from = at + CELL_BYTES[bytes[at]];
    this.at = from + (isLong ? this.readUint32(at + 1) : bytes[at + 1]);
    return textDecoder.decode(bytes.subarray(from, this.at));
  }

  private readTextAt(place: number): string {
    const { at } = this;
    this.at = place;
    const text = this.readText();
    this.at = at;
    return text;
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
