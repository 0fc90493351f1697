import type { RegistryValue } from '../../kernel/process.ts';

/**
 * Registry files as regedit writes them: "Windows Registry Editor Version 5.00", a key in brackets,
 * its values below. Strings and numbers (dword) are all that the emulator's registry holds.
 */

const REG_FILE_HEAD = 'Windows Registry Editor Version 5.00';

export type RegFileChange = {
  readonly path: string;
  readonly value: RegistryValue | null;
  /** What is deleted is a key. */
  readonly isKey?: true;
};

export type RegFileProblem = { readonly line: number; readonly message: string };

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** The values under a key (all for an empty one), keys in order, as the text of a .reg file. */
export function formatRegFile(registry: ReadonlyMap<string, RegistryValue>, under: string): string {
  const keys = new Map<string, [string, RegistryValue][]>();
  // Keys that differ in case only are one key.
  const spelling = new Map<string, string>();
  const prefix = under === '' ? '' : `${under.replace(/\\$/, '').toLowerCase()}\\`;
  for (const [path, value] of registry) {
    if (!path.toLowerCase().startsWith(prefix)) continue;
    const { key: spelled, name } = splitRegistryPath(path);
    const key = spelling.get(spelled.toLowerCase()) ?? spelled;
    spelling.set(key.toLowerCase(), key);
    keys.set(key, [...(keys.get(key) ?? []), [name, value]]);
  }
  const lines = [REG_FILE_HEAD, ''];
  for (const [key, values] of [...keys].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`[${key}]`);
    for (const [name, value] of values) {
      const left = name === '' ? '@' : quoted(name);
      const right =
        typeof value === 'number' ? `dword:${value.toString(16).padStart(8, '0')}` : quoted(value);
      lines.push(`${left}=${right}`);
    }
    lines.push('');
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** Key and value name; the name of a key's default value is empty. */
export function splitRegistryPath(path: string): { key: string; name: string } {
  const at = path.lastIndexOf('\\');
  return { key: path.slice(0, Math.max(0, at)), name: path.slice(at + 1) };
}

/** Every line is read; what is wrong is named with its line, and then nothing is to be changed. */
export function parseRegFile(text: string): {
  readonly changes: RegFileChange[];
  readonly problems: RegFileProblem[];
} {
  const changes: RegFileChange[] = [];
  const problems: RegFileProblem[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  let key = '';
  let isDeleted = false;
  if (lines[0]?.trim() !== REG_FILE_HEAD) {
    problems.push({ line: 1, message: `The first line must be "${REG_FILE_HEAD}".` });
    return { changes, problems };
  }
  for (let at = 1; at < lines.length; at++) {
    const line = lines[at].trim();
    const wrong = (message: string) => void problems.push({ line: at + 1, message });
    if (line === '' || line.startsWith(';')) continue;
    const section = /^\[(-?)(.+)\]$/.exec(line);
    if (section) {
      [, , key] = section;
      key = key.replace(/\\+$/, '');
      isDeleted = section[1] === '-';
      if (isDeleted) changes.push({ path: key, value: null, isKey: true });
      else changes.push({ path: `${key}\\`, value: '' });
      continue;
    }
    const parsed = parseValueLine(line);
    if (typeof parsed === 'string') wrong(parsed);
    else if (key === '') wrong('A value stands before the first key in brackets.');
    else if (isDeleted) wrong('A deleted key has no values.');
    else changes.push({ path: `${key}\\${parsed.name}`, value: parsed.value });
  }
  return { changes: withoutEmptyKeys(changes), problems };
}

/** A key is only written for itself where it has no values here. */
function withoutEmptyKeys(changes: readonly RegFileChange[]): RegFileChange[] {
  return changes.filter(({ path, value }, index) => {
    if (!path.endsWith('\\') || value !== '') return true;
    const next = changes[index + 1];
    return !next?.path.startsWith(path);
  });
}

function parseValueLine(line: string): { name: string; value: RegistryValue | null } | string {
  const match = /^(?:@|"((?:[^"\\]|\\.)*)")\s*=\s*(.*)$/.exec(line);
  if (!match) return 'This is no value: write "name"="text" or "name"=dword:0000001e.';
  const name = (match[1] ?? '').replace(/\\(.)/g, '$1');
  const data = match[2];
  if (name.includes('\\')) return 'The name of a value has no backslash.';
  if (data === '-') return { name, value: null };
  const text = /^"((?:[^"\\]|\\.)*)"$/.exec(data);
  if (text) return { name, value: text[1].replace(/\\(.)/g, '$1') };
  const number = /^dword:([0-9a-f]{1,8})$/i.exec(data);
  if (number) return { name, value: Number.parseInt(number[1], 16) };
  const kind = /^[a-z()0-9]+:/i.exec(data)?.[0];
  return kind
    ? `Values of the type "${kind}" are not kept: use a string or dword.`
    : 'The data must be "text" or dword: with up to eight hexadecimal digits.';
}
