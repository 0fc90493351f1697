import type { RegistryValueInfo } from '../../../contract/rpc.ts';

/** The registry as a tree of keys; pure, so that it can be tested without a window. */

export type RegistryKey = {
  /** Whole path, spelled as it was found first. */
  readonly path: string;
  readonly name: string;
  readonly keys: RegistryKey[];
  readonly values: RegistryValueInfo[];
};

export type VisibleKey = {
  readonly key: RegistryKey;
  readonly level: number;
  readonly isOpen: boolean;
};

/** Keys differ from each other by more than upper and lower case. */
export function buildTree(values: readonly RegistryValueInfo[]): RegistryKey[] {
  const roots: RegistryKey[] = [];
  const byPath = new Map<string, RegistryKey>();
  const keyAt = (path: string): RegistryKey => {
    const known = byPath.get(path.toLowerCase());
    if (known) return known;
    const at = path.lastIndexOf('\\');
    const key: RegistryKey = { path, name: path.slice(at + 1), keys: [], values: [] };
    byPath.set(path.toLowerCase(), key);
    const siblings = at < 0 ? roots : keyAt(path.slice(0, at)).keys;
    siblings.push(key);
    return key;
  };
  for (const value of values) {
    const at = value.path.lastIndexOf('\\');
    keyAt(value.path.slice(0, Math.max(0, at))).values.push(value);
  }
  for (const { keys } of byPath.values()) keys.sort(byName);
  return roots.sort(byName);
}

const byName = (a: RegistryKey, b: RegistryKey) =>
  a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1;

/** The keys that are seen, from top to bottom. */
export function visibleKeys(
  keys: readonly RegistryKey[],
  open: ReadonlySet<string>,
  level = 1,
): VisibleKey[] {
  return keys.flatMap((key) => {
    const isOpen = open.has(key.path.toLowerCase());
    const below = isOpen ? visibleKeys(key.keys, open, level + 1) : [];
    return [{ key, level, isOpen }, ...below];
  });
}

export function findKey(keys: readonly RegistryKey[], path: string): RegistryKey | undefined {
  const wanted = path.toLowerCase();
  for (const key of keys) {
    const own = key.path.toLowerCase();
    if (own === wanted) return key;
    if (wanted.startsWith(`${own}\\`)) return findKey(key.keys, path);
  }
  return undefined;
}

/** A key and every key above it. */
export function withParents(path: string): string[] {
  const parts = path.split('\\');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('\\'));
}

export const valueName = ({ path }: RegistryValueInfo): string =>
  path.slice(path.lastIndexOf('\\') + 1) || '(Default)';

export const valueType = ({ value }: RegistryValueInfo): string =>
  typeof value === 'number' ? 'REG_DWORD' : 'REG_SZ';

/** As regedit shows data: hexadecimal, and the same in decimal. */
export function shownData({ value }: RegistryValueInfo): string {
  if (typeof value === 'string') return value;
  return `0x${value.toString(16).padStart(8, '0')} (${value})`;
}

/** What was typed for a number: decimal or 0x; undefined when it is neither. */
export function parseDword(text: string): number | undefined {
  const typed = text.trim();
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(typed)) return undefined;
  const value = Number(typed);
  return value <= 0xff_ff_ff_ff ? value : undefined;
}

/** A .reg file's text: regedit writes UTF-16, others UTF-8. */
export function decodeRegFile(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

export function encodeRegFile(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, true);
  for (let at = 0; at < text.length; at++) view.setUint16(2 + at * 2, text.charCodeAt(at), true);
  return bytes;
}
