import { BatchReader, readShape } from '../../engine/idb/row-batch-reader.ts';
import type { IdbTransaction, RowChange } from '../../engine/idb/row-changes.ts';
import { PlainDataWriter } from '../../engine/kernel/plain-data.ts';
import { decodePlainData } from '../../engine/kernel/plain-data-reader.ts';
import { PagedColumn, type Pages } from '../paged-column.ts';

export interface RowCause {
  readonly op: RowChange['op'];
  /** Sequence number of the journal event that prepared the change. */
  readonly seq: number;
}

const OPS = ['insert', 'update', 'delete', 'replace'] as const;
/** Names and lengths around the pages, and the heads of some hundred of them. */
const ROOM_BYTES = 16_384;
/** All of it, its columns, and the tables of the last one. */
const LEVELS = 3;

/** As it lies in a checkpoint. */
type Saved = {
  readonly count: number;
  readonly seqs: Pages;
  readonly ops: Pages;
  readonly earlier: Pages;
  readonly last: ReadonlyMap<number, Pages>;
};

/** The bytes of a moment, made step by step. */
export type RowCausesTaking = {
  readonly isWhole: boolean;
  step(): void;
  bytes(): Uint8Array;
};

/**
 * Why each row is as it is: every change of every row with the event that made it. Changes are
 * numbered from 1 on, so that 0 is none.
 */
export class RowCauses {
  private count: number;
  private readonly seqs: PagedColumn;
  private readonly ops: PagedColumn;
  /** Earlier change of the same row, so that a row's history is a chain. */
  private readonly earlier: PagedColumn;
  /** By table number: the last change of each row. */
  private readonly last: Map<number, PagedColumn>;
  /** What is being taken has to be whole before anything changes. */
  private taking: RowCausesTaking | undefined;

  constructor(data?: Uint8Array) {
    const saved = data && (decodePlainData(data) as unknown as Saved);
    this.count = saved?.count ?? 0;
    this.seqs = new PagedColumn(Float64Array, saved?.seqs);
    this.ops = new PagedColumn(Uint8Array, saved?.ops);
    this.earlier = new PagedColumn(Uint32Array, saved?.earlier);
    const last = [...(saved?.last ?? [])];
    this.last = new Map(last.map(([at, pages]) => [at, new PagedColumn(Uint32Array, pages)]));
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
    if (this.taking) finish(this.taking);
    this.taking = undefined;
    let last = this.last.get(table);
    if (!last) {
      last = new PagedColumn(Uint32Array);
      this.last.set(table, last);
    }
    const change = ++this.count;
    this.seqs.set(change, cause);
    this.ops.set(change, OPS.indexOf(op));
    this.earlier.set(change, last.get(row));
    last.set(row, change);
  }

  /** The changes of a row, first to last. */
  causesOf(table: number, row: number): RowCause[] {
    const causes: RowCause[] = [];
    let change = this.last.get(table)?.get(row) ?? 0;
    while (change > 0) {
      causes.push({ op: OPS[this.ops.get(change)], seq: this.seqs.get(change) });
      change = this.earlier.get(change);
    }
    return causes.reverse();
  }

  toData(): Uint8Array {
    const taking = this.beginTaking();
    finish(taking);
    return taking.bytes();
  }

  /** As it is at this moment, in steps of some hundred kilobytes. */
  beginTaking(): RowCausesTaking {
    const last = new Map([...this.last].map(([at, { pages }]) => [at, pages]));
    const { count, seqs, ops, earlier } = this;
    const columns = [seqs.pages, ops.pages, earlier.pages, ...last.values()];
    const sizes = columns.flat().map((page) => page?.byteLength ?? 0);
    const sizeBytes = sizes.reduce((sum, size) => sum + size, ROOM_BYTES);
    const writer = new PlainDataWriter(sizeBytes);
    const saved: Saved = {
      count,
      seqs: seqs.pages,
      ops: ops.pages,
      earlier: earlier.pages,
      last,
    };
    const steps = writer.writeInSteps(saved, LEVELS);
    let isWhole = false;
    this.taking = {
      get isWhole() {
        return isWhole;
      },
      step: () => {
        isWhole = steps.next().done === true;
      },
      bytes: () => writer.peek(),
    };
    return this.taking;
  }
}

function finish(taking: RowCausesTaking): void {
  while (!taking.isWhole) taking.step();
}
