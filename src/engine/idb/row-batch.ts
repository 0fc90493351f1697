import {
  type CellValue,
  formatGmt,
  type NamedValues,
  type RowChange,
  timeCode,
} from './row-changes.ts';
import { type IdbTable, idbTable } from './schema.ts';

/**
 * Row changes on their way from ICON through its queue into IDB, as bytes: made once, copied from
 * then on, and bound into SQLite as they lie. A batch says first what its rows look like (shapes).
 */
export type RowBatch = {
  /** One text a shape: operation, table number, column numbers. */
  readonly shapes: string[];
  /** Place of each shape in `shapes`. */
  readonly places: Map<string, number>;
  /** Where a text lies already: it is not written twice. */
  readonly texts: Map<string, number>;
  /** The same for the date of a UTC second. */
  readonly dates: Map<number, number>;
  bytes: Uint8Array;
  sizeBytes: number;
  rows: number;
};

export type RowOperation = RowChange['op'];

export const OPERATIONS: readonly RowOperation[] = ['insert', 'replace', 'update', 'delete'];
const FIRST_BYTES = 4096;
const MAX_SHAPES = 255;
/** Shape, row, cause and size; and the three cells of a row's stamp. */
const ROW_HEAD_BYTES = 54;
/** Behind the shape stands how long the rest of the row is: it can be passed over. */
export const ROW_SIZE_BYTES = 4;
/** The largest cells that are no text: a moment with its three columns. */
const MOMENT_BYTES = 31;
/** Room for all that may follow a text in a row, of 64 columns at most. */
const REST_BYTES = 64 * MOMENT_BYTES;

/** Tags of cells. `again`: the text of the cell that lies at this place in the batch. */
export const CELL = {
  null: 0,
  byte: 1,
  integer: 2,
  float: 3,
  text: 4,
  longText: 5,
  again: 6,
} as const;

/** By tag: bytes of a cell with its tag, without the characters of a text. */
export const CELL_BYTES: readonly number[] = [1, 2, 5, 9, 2, 5, 5];

/** What a value in seconds is written as: the value itself, a date, or date, seconds and code. */
type TimeForm = 'plain' | 'date' | 'moment';

/** The columns of a change as the caller names them; a moment stands for three columns. */
type Shape = {
  readonly text: string;
  readonly keys: readonly string[];
  readonly times: readonly TimeForm[];
  readonly stamp: StampForm;
};

export function createBatch(): RowBatch {
  return {
    shapes: [],
    places: new Map(),
    texts: new Map(),
    dates: new Map(),
    bytes: new Uint8Array(FIRST_BYTES),
    sizeBytes: 0,
    rows: 0,
  };
}

/** Makes it new again; its memory is kept for the rows to come. */
export function clearBatch(batch: RowBatch): void {
  batch.shapes.length = 0;
  batch.places.clear();
  batch.texts.clear();
  batch.dates.clear();
  batch.sizeBytes = 0;
  batch.rows = 0;
}

/** Columns of the GSYS block that the writer of a row does not name. */
export type RowStamp = {
  /** Content of GSYS_DOMAIN of a new row; 0 leaves it empty. */
  readonly domain?: number;
  /** Content of GSYS_PARTITION. */
  readonly partition: number;
  /** Goes to GSYS_SEQ of a new row, to GSYS_USEQ of a changed one. */
  readonly sequence: number;
};

/** None, without and with GSYS_DOMAIN. */
type StampForm = 'none' | 'plain' | 'domain';

const STAMP_COLUMNS = {
  insert: {
    none: [],
    plain: ['GSYS_PARTITION', 'GSYS_SEQ', 'GSYS_USEQ'],
    domain: ['GSYS_DOMAIN', 'GSYS_PARTITION', 'GSYS_SEQ', 'GSYS_USEQ'],
  },
  update: { none: [], plain: ['GSYS_USEQ'], domain: ['GSYS_USEQ'] },
} as const;

/** Adds a row; a column that has X_TS and X_TCODE beside it takes UTC seconds for all three. */
export function addInsert(
  batch: RowBatch,
  tableName: string,
  row: number,
  named: NamedValues,
  cause: number,
  stamp?: RowStamp,
): void {
  addNamed(batch, 'insert', tableName, row, named, cause, stamp);
}

/** A row that is written anew each time. */
export function addReplace(
  batch: RowBatch,
  tableName: string,
  row: number,
  named: NamedValues,
  cause: number,
): void {
  addNamed(batch, 'replace', tableName, row, named, cause);
}

export function addUpdate(
  batch: RowBatch,
  tableName: string,
  row: number,
  named: NamedValues,
  cause: number,
  stamp?: RowStamp,
): void {
  addNamed(batch, 'update', tableName, row, named, cause, stamp);
}

export function addDelete(batch: RowBatch, tableName: string, row: number, cause: number): void {
  addNamed(batch, 'delete', tableName, row, NOTHING, cause);
}

const NOTHING: NamedValues = {};

function addNamed(
  batch: RowBatch,
  op: RowOperation,
  tableName: string,
  row: number,
  named: NamedValues,
  cause: number,
  stamp?: RowStamp,
): void {
  const values = Object.values(named);
  const form = stampForm(stamp);
  const shape = shapeOf(op, tableName, Object.keys(named), form);
  let at = begin(batch, shape.text, row, cause, values.length);
  for (let i = 0; i < values.length; i++) {
    const time = shape.times[i];
    if (time === 'plain') at = writeCell(batch, at, values[i]);
    else at = writeTime(batch, at, values[i] as number | null, time);
  }
  if (stamp) {
    if (op === 'insert' && form === 'domain') at = writeCell(batch, at, stamp.domain!);
    if (op === 'insert') at = writeCell(batch, at, stamp.partition);
    at = writeCell(batch, at, stamp.sequence);
    if (op === 'insert') at = writeCell(batch, at, 0);
  }
  end(batch, at);
}

function stampForm(stamp: RowStamp | undefined): StampForm {
  if (!stamp) return 'none';
  return stamp.domain ? 'domain' : 'plain';
}

/** A change that was prepared with its columns numbered. */
export function addChange(batch: RowBatch, change: RowChange): void {
  const { op, table, row, cause } = change;
  const values = op === 'delete' ? [] : change.values;
  let columns: readonly number[] = [];
  if (op === 'update') columns = change.columns;
  else if (op !== 'delete') columns = values.map((_value, index) => index);
  let at = begin(batch, shapeText(op, table, columns), row, cause, values.length);
  for (const value of values) at = writeCell(batch, at, value);
  end(batch, at);
}

/** Answers where the cells of the row go. */
function begin(batch: RowBatch, shape: string, row: number, cause: number, cells: number): number {
  let index = batch.places.get(shape);
  if (index === undefined) {
    if (batch.shapes.length === MAX_SHAPES) throw new Error('too many shapes in one batch');
    index = batch.shapes.push(shape) - 1;
    batch.places.set(shape, index);
  }
  // Longer texts ask again.
  reserve(batch, batch.sizeBytes, ROW_HEAD_BYTES + cells * MOMENT_BYTES);
  batch.rows++;
  const at = batch.sizeBytes;
  batch.bytes[at] = index;
  return writeVarint(batch.bytes, writeVarint(batch.bytes, at + 1 + ROW_SIZE_BYTES, row), cause);
}

function end(batch: RowBatch, at: number): void {
  const rest = batch.sizeBytes + 1 + ROW_SIZE_BYTES;
  writeUint32(batch.bytes, rest - ROW_SIZE_BYTES, at - rest);
  batch.sizeBytes = at;
}

function reserve(batch: RowBatch, at: number, count: number): void {
  if (at + count <= batch.bytes.length) return;
  let size = batch.bytes.length * 2;
  while (size < at + count) size *= 2;
  const grown = new Uint8Array(size);
  grown.set(batch.bytes.subarray(0, at));
  batch.bytes = grown;
}

function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 0x7fff_ffff) {
    bytes[at++] = (rest & 127) | 128;
    rest = Math.floor(rest / 128);
  }
  rest |= 0;
  while (rest >= 128) {
    bytes[at++] = (rest & 127) | 128;
    rest >>= 7;
  }
  bytes[at++] = rest;
  return at;
}

function writeTime(batch: RowBatch, start: number, seconds: number | null, form: TimeForm): number {
  const { bytes } = batch;
  if (seconds === null) {
    const end = start + (form === 'moment' ? 3 : 1);
    bytes.fill(CELL.null, start, end);
    return end;
  }
  const known = batch.dates.get(seconds);
  let at = start;
  if (known !== undefined) at = writeWord(bytes, start, CELL.again, known);
  else {
    batch.dates.set(seconds, start);
    at = writeAscii(bytes, start, formatGmt(seconds));
  }
  if (form === 'date') return at;
  at = writeWord(bytes, at, CELL.integer, seconds);
  return writeWord(bytes, at, CELL.integer, timeCode(seconds));
}

function writeCell(batch: RowBatch, at: number, value: CellValue): number {
  if (value === null) {
    batch.bytes[at] = CELL.null;
    return at + 1;
  }
  if (typeof value === 'string') return writeText(batch, at, value);
  if (value >= 0 && value < 256 && (value | 0) === value) {
    batch.bytes[at] = CELL.byte;
    batch.bytes[at + 1] = value;
    return at + 2;
  }
  if ((value | 0) === value) return writeWord(batch.bytes, at, CELL.integer, value);
  return writeFloat(batch.bytes, at, value);
}

function writeWord(bytes: Uint8Array, at: number, tag: number, value: number): number {
  bytes[at] = tag;
  writeUint32(bytes, at + 1, value);
  return at + 5;
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 255;
  bytes[at + 1] = (value >> 8) & 255;
  bytes[at + 2] = (value >> 16) & 255;
  bytes[at + 3] = (value >> 24) & 255;
}

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

function writeFloat(bytes: Uint8Array, at: number, value: number): number {
  float[0] = value;
  bytes[at] = CELL.float;
  bytes.set(floatBytes, at + 1);
  return at + 9;
}

const SHORT_TEXT = 255;
/** Texts up to this length are no longer than what would stand for them. */
const ONE_WORD_TEXT = 4;
const textEncoder = new TextEncoder();

function writeText(batch: RowBatch, at: number, value: string): number {
  const { length } = value;
  if (length > ONE_WORD_TEXT) {
    const known = batch.texts.get(value);
    if (known !== undefined) return writeWord(batch.bytes, at, CELL.again, known);
    batch.texts.set(value, at);
  }
  if (length <= SHORT_TEXT) {
    reserve(batch, at, length + REST_BYTES);
    const end = writeAscii(batch.bytes, at, value);
    if (end > 0) return end;
  }
  const text = textEncoder.encode(value);
  reserve(batch, at, text.length + REST_BYTES);
  batch.bytes[at] = CELL.longText;
  writeUint32(batch.bytes, at + 1, text.length);
  batch.bytes.set(text, at + 5);
  return at + 5 + text.length;
}

/** 0 if the text is not plain ASCII. */
function writeAscii(bytes: Uint8Array, at: number, value: string): number {
  const { length } = value;
  bytes[at] = CELL.text;
  bytes[at + 1] = length;
  const start = at + 2;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code > 127) return 0;
    bytes[start + i] = code;
  }
  return start + length;
}

/** By table and operation: the shapes that have been used; there are few of each. */
const shapes = new Map<string, Record<RowOperation, Shape[]>>();

function shapeOf(
  op: RowOperation,
  tableName: string,
  keys: readonly string[],
  stamp: StampForm,
): Shape {
  let ofTable = shapes.get(tableName);
  if (!ofTable) {
    ofTable = { insert: [], replace: [], update: [], delete: [] };
    shapes.set(tableName, ofTable);
  }
  const known = ofTable[op];
  for (const shape of known) {
    if (shape.stamp === stamp && isSame(shape.keys, keys)) return shape;
  }
  const shape = makeShape(op, idbTable(tableName), keys, stamp);
  known.push(shape);
  return shape;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

function makeShape(
  op: RowOperation,
  table: IdbTable,
  keys: readonly string[],
  stamp: StampForm,
): Shape {
  const times: TimeForm[] = [];
  const columns: number[] = [];
  const add = (name: string) => {
    const number = table.columnNumbers.get(name);
    if (number === undefined) throw new Error(`${table.name} has no column ${name}`);
    columns.push(number);
  };
  for (const key of keys) {
    const parts = [key, `${key}_TS`, `${key}_TCODE`];
    const isMoment = parts.every((part) => table.columnNumbers.has(part));
    const isDate = table.columns[table.columnNumbers.get(key) ?? -1]?.type === 'datetime';
    times.push(isMoment ? 'moment' : isDate ? 'date' : 'plain');
    for (const name of isMoment ? parts : [key]) add(name);
  }
  if (op === 'insert' || op === 'update') {
    for (const name of STAMP_COLUMNS[op][stamp]) add(name);
  }
  return { text: shapeText(op, table.number, columns), keys, times, stamp };
}

/** How a batch names a shape of rows. */
export function shapeText(op: RowOperation, table: number, columns: readonly number[]): string {
  return `${OPERATIONS.indexOf(op)} ${table} ${columns.join(',')}`;
}
