import Papa from 'papaparse';
import type { FieldType } from '../../engine/configuration/fields.ts';
import { OBJECT_TYPES, type ObjectTypeName } from '../../engine/configuration/object-types.ts';
import type { NamedObject, NamedRow, NamedValue } from './named-objects.ts';

/**
 * One type as a table: a column for the state and for each field. A list stands in one cell, its
 * parts with semicolons between; the fields of a record have equals signs between. A backslash
 * before one of these takes it for itself.
 */

const STATE = 'state';

export function writeCsv(type: ObjectTypeName, objects: readonly NamedObject[]): string {
  const { fields } = OBJECT_TYPES[type];
  const columns = [STATE, ...fields.map(({ name }) => name)];
  const rows = objects.map((object) => [
    object.state ?? 'enabled',
    ...fields.map((field) => toCell(field, object.fields[field.name] ?? null)),
  ]);
  return `${Papa.unparse({ fields: columns, data: rows }, { newline: '\r\n' })}\r\n`;
}

type CsvObjects = {
  readonly rows: readonly { readonly place: string; readonly object: NamedObject }[];
  readonly problems: readonly { readonly place: string; readonly message: string }[];
};

export function parseCsv(type: ObjectTypeName, text: string): CsvObjects {
  const { fields } = OBJECT_TYPES[type];
  // A table from a spreadsheet begins with a byte order mark.
  const parsed = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const problems: { place: string; message: string }[] = parsed.errors
    // One column is a table too.
    .filter(({ code }) => code !== 'UndetectableDelimiter')
    .map(({ row, message }) => ({ place: `line ${(row ?? 0) + 1}`, message }));
  const [header = [], ...lines] = parsed.data;
  const columns = header.map((name) => name.trim());
  const known = new Map(fields.map((field) => [field.name, field]));
  for (const name of columns) {
    if (name === STATE || known.has(name)) continue;
    const names = [STATE, ...known.keys()].join(', ');
    problems.push({
      place: 'line 1',
      message: `there is no column "${name}"; there are: ${names}`,
    });
  }
  const rows = lines.map((cells, at) => {
    const place = `line ${at + 2}`;
    if (cells.length > columns.length) {
      problems.push({ place, message: `has ${cells.length} cells; there are ${columns.length}` });
    }
    const object = readLine(type, columns, cells, known, (message) => {
      problems.push({ place, message });
    });
    return { place, object };
  });
  return { rows, problems };
}

function readLine(
  type: ObjectTypeName,
  columns: readonly string[],
  cells: readonly string[],
  known: ReadonlyMap<string, FieldType>,
  say: (message: string) => void,
): NamedObject {
  const fields: Record<string, NamedValue> = {};
  let state: NamedObject['state'];
  for (const [at, name] of columns.entries()) {
    const cell = (cells[at] ?? '').trim();
    const field = known.get(name);
    if (name === STATE && (cell === 'enabled' || cell === 'disabled')) state = cell;
    else if (name === STATE && cell !== '') say(`state must be enabled or disabled, not "${cell}"`);
    else if (field) fields[name] = fromCell(field, cell, say);
  }
  return { type, ...(state && { state }), fields };
}

/** Fields from `name=value` words, each value as it stands in a cell of a table. */
export function fieldsFromCells(
  type: ObjectTypeName,
  pairs: readonly string[],
  say: (message: string) => void,
): Record<string, NamedValue> {
  const known = new Map(OBJECT_TYPES[type].fields.map((field) => [field.name, field]));
  const fields: Record<string, NamedValue> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const field = known.get(pair.slice(0, Math.max(0, at)));
    if (field) fields[field.name] = fromCell(field, pair.slice(at + 1), say);
    else if (at < 0) say(`Write field=value, not "${pair}"`);
    else {
      const names = [...known.keys()].join(', ');
      say(`${OBJECT_TYPES[type].label} has no field "${pair.slice(0, at)}"; fields: ${names}`);
    }
  }
  return fields;
}

function toCell(field: FieldType, value: NamedValue): string {
  if (value === null) return '';
  if (!Array.isArray(value)) return String(value);
  return value.map((one) => partOf(field, one)).join(';');
}

function partOf({ fields = [] }: FieldType, value: NamedValue): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return escaped(String(value));
  }
  const cells = fields.map(({ name }) => escaped(String(value[name] ?? '')));
  while (cells.at(-1) === '') cells.pop();
  return cells.join('=');
}

function fromCell(field: FieldType, cell: string, say: (message: string) => void): NamedValue {
  switch (field.kind) {
    case 'references':
      return split(cell, ';').map((part) => unescaped(part.trim()));
    case 'rows':
      return split(cell, ';').map((part) => readRecord(field, part, say));
    default:
      return cell === '' ? null : readScalar(field, cell, say);
  }
}

function readRecord(field: FieldType, part: string, say: (message: string) => void): NamedRow {
  const row: NamedRow = {};
  const cells = split(part, '=').map((cell) => unescaped(cell.trim()));
  for (const [at, inner] of (field.fields ?? []).entries()) {
    const cell = cells[at] ?? '';
    if (cell !== '') row[inner.name] = readScalar(inner, cell, say);
  }
  if (cells.length > (field.fields?.length ?? 0))
    say(`${field.label}: "${part}" has too many parts`);
  return row;
}

function readScalar(
  { kind, label }: FieldType,
  cell: string,
  say: (message: string) => void,
): NamedValue {
  if (kind === 'integer') {
    if (/^-?\d+$/.test(cell)) return Number(cell);
    say(`${label} must be a whole number, not "${cell}"`);
    return null;
  }
  if (kind !== 'boolean') return cell;
  if (/^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  say(`${label} must be true or false, not "${cell}"`);
  return null;
}

function escaped(text: string): string {
  return text.replace(/[\\;=]/g, '\\$&');
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** Parts between separators that no backslash takes; an empty text has none. */
function split(text: string, separator: string): string[] {
  if (text.trim() === '') return [];
  const parts: string[] = [''];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && at + 1 < text.length)
      parts[parts.length - 1] += character + text[++at];
    else if (character === separator) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
