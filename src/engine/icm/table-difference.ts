import type { FieldLayout, TableLayout, TableState } from './record-table.ts';

/** Where two states of one table differ: the two sides, or before and after. */

export type FieldDifference = {
  readonly handle: number;
  /** Field, with its place for a field of several words; `record` when one side has no record. */
  readonly field: string;
  readonly one: string;
  readonly other: string;
};

export type TableDifference = {
  /** Records that only the other has, that only the one has, and that differ. */
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Words that differ where no record is in use: the state check hashes them too. */
  readonly unusedWords: number;
};

const IN_USE_WORD = 0;
const decoder = new TextDecoder();

type Words = Pick<TableState, 'words' | 'used'>;

function isUsed({ recordWords }: TableLayout, { words, used }: Words, index: number): boolean {
  return index < used && words[index * recordWords + IN_USE_WORD] === 1;
}

function sameRecord({ recordWords }: TableLayout, one: Words, other: Words, index: number) {
  const start = index * recordWords;
  for (let at = start; at < start + recordWords; at++) {
    if ((one.words[at] ?? 0) !== (other.words[at] ?? 0)) return false;
  }
  return true;
}

/** Counts of records that differ. */
export function countDifferences(layout: TableLayout, one: Words, other: Words): TableDifference {
  const { recordWords } = layout;
  const counts = { added: 0, removed: 0, changed: 0, unusedWords: 0 };
  const records = Math.max(one.words.length, other.words.length) / recordWords;
  for (let index = 0; index < records; index++) {
    const was = isUsed(layout, one, index);
    const is = isUsed(layout, other, index);
    if (was && !is) counts.removed++;
    else if (!was && is) counts.added++;
    else if (sameRecord(layout, one, other, index)) continue;
    else if (was) counts.changed++;
    else counts.unusedWords += differingWords(layout, one, other, index);
  }
  return counts;
}

function differingWords({ recordWords }: TableLayout, one: Words, other: Words, index: number) {
  let count = 0;
  for (let at = index * recordWords; at < (index + 1) * recordWords; at++) {
    if ((one.words[at] ?? 0) !== (other.words[at] ?? 0)) count++;
  }
  return count;
}

/** Every field that differs, at most so many. */
export function listDifferences(
  layout: TableLayout,
  one: Words,
  other: Words,
  limit: number,
): FieldDifference[] {
  const found: FieldDifference[] = [];
  for (let index = 0; index < Math.max(one.used, other.used); index++) {
    const was = isUsed(layout, one, index);
    const is = isUsed(layout, other, index);
    const handle = index + 1;
    if (was !== is) {
      const word = (there: boolean) => (there ? 'is there' : 'is not there');
      found.push({ handle, field: 'record', one: word(was), other: word(is) });
    } else if (was && !sameRecord(layout, one, other, index)) {
      found.push(...fieldDifferences(layout, one, other, handle));
    }
    if (found.length >= limit) return found.slice(0, limit);
  }
  return found;
}

function fieldDifferences(
  layout: TableLayout,
  one: Words,
  other: Words,
  handle: number,
): FieldDifference[] {
  const found: FieldDifference[] = [];
  for (const [name, field] of Object.entries(layout.fields)) {
    const before = readField(layout, one, handle, field);
    const after = readField(layout, other, handle, field);
    before.forEach((value, place) => {
      if (value === after[place]) return;
      const named = before.length > 1 ? `${name}[${place}]` : name;
      found.push({ handle, field: named, one: value, other: after[place] });
    });
  }
  return found;
}

/** The values of a field as text, one for each word of it. */
function readField(
  { recordWords }: TableLayout,
  { words }: Words,
  handle: number,
  field: FieldLayout,
): string[] {
  const at = (handle - 1) * recordWords + field.at;
  if (field.kind === 'word') return [String(words[at])];
  if (field.kind === 'words') return [...words.subarray(at, at + field.count)].map(String);
  const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, field.sizeBytes);
  const end = bytes.indexOf(0);
  return [decoder.decode(end < 0 ? bytes : bytes.subarray(0, end))];
}
