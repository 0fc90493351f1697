import { BatchReader, readShape } from '../../engine/idb/row-batch-reader.ts';
import type { IdbTransaction, RowChange } from '../../engine/idb/row-changes.ts';
import { PlainDataWriter } from '../../engine/kernel/plain-data.ts';
import { decodePlainData } from '../../engine/kernel/plain-data-reader.ts';

export interface RowCause {
  readonly op: RowChange['op'];
  /** Sequence number of the journal event that prepared the change. */
  readonly seq: number;
}

const OPS = ['insert', 'update', 'delete', 'replace'] as const;
const NONE = 0xffffffff;
/** Names and lengths around the columns. */
const ROOM_BYTES = 4096;

type Columns = {
  seqs: Float64Array;
  ops: Uint8Array;
  /** Earlier change of the same row, so that a row's history is a chain. */
  earlier: Uint32Array;
  count: number;
  /** By table number: the last change of each row. */
  last: Map<number, Uint32Array>;
};

/** Why each row is as it is: every change of every row with the event that made it. */
export class RowCauses {
  private readonly columns: Columns;

  constructor(data?: Uint8Array) {
    this.columns = data
      ? (decodePlainData(data) as unknown as Columns)
      : {
          seqs: new Float64Array(1024),
          ops: new Uint8Array(1024),
          earlier: new Uint32Array(1024),
          count: 0,
          last: new Map(),
        };
  }

  note({ shapes, bytes }: IdbTransaction): void {
    const reader = new BatchReader(shapes.map(readShape), bytes);
    while (reader.next()) {
      const { shape, row, cause } = reader;
      reader.skipCells();
      this.noteRow(shape.op, shape.table, row, cause);
    }
  }

  noteRow(op: RowChange['op'], table: number, row: number, cause: number): void {
    const { columns } = this;
    if (columns.count === columns.seqs.length) this.grow();
    const last = this.lastOf(table, row);
    const at = columns.count++;
    columns.seqs[at] = cause;
    columns.ops[at] = OPS.indexOf(op);
    columns.earlier[at] = last[row];
    last[row] = at;
  }

  /** The changes of a row, first to last. */
  causesOf(table: number, row: number): RowCause[] {
    const { seqs, ops, earlier, last } = this.columns;
    const causes: RowCause[] = [];
    let at = last.get(table)?.[row] ?? NONE;
    while (at !== NONE) {
      causes.push({ op: OPS[ops[at]], seq: seqs[at] });
      at = earlier[at];
    }
    return causes.reverse();
  }

  toData(): Uint8Array {
    const { count, last } = this.columns;
    const kept = Math.max(1, count);
    const seqs = this.columns.seqs.subarray(0, kept);
    const ops = this.columns.ops.subarray(0, kept);
    const earlier = this.columns.earlier.subarray(0, kept);
    const columns = [seqs, ops, earlier, ...last.values()];
    const sizeBytes = columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const writer = new PlainDataWriter(sizeBytes + ROOM_BYTES);
    writer.write({ seqs, ops, earlier, count, last });
    return writer.peek();
  }

  private lastOf(table: number, row: number): Uint32Array {
    let last = this.columns.last.get(table);
    if (!last || row >= last.length) {
      const grown = new Uint32Array(Math.max(64, row + 1, (last?.length ?? 0) * 2)).fill(NONE);
      if (last) grown.set(last);
      last = grown;
      this.columns.last.set(table, last);
    }
    return last;
  }

  private grow(): void {
    const { columns } = this;
    const size = columns.seqs.length * 2;
    const seqs = new Float64Array(size);
    const ops = new Uint8Array(size);
    const earlier = new Uint32Array(size);
    seqs.set(columns.seqs);
    ops.set(columns.ops);
    earlier.set(columns.earlier);
    Object.assign(columns, { seqs, ops, earlier });
  }
}
