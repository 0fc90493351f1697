import type { HostState } from '../../kernel/world.ts';
import { wildcard } from './wildcard.ts';

/** Paths as a Windows shell takes and shows them; the disk keeps them with slashes, no drive. */

/** `C:\icm\lab50` of `icm/lab50`. */
export const shownPath = (path: string): string => `C:\\${path.replaceAll('/', '\\')}`;

/** The disk's form of a path that someone typed; undefined for a drive that is not there. */
export function resolvePath(folder: string, typed: string): string | undefined {
  const text = typed.replaceAll('\\', '/');
  const drive = /^([a-z]):/i.exec(text);
  if (drive && drive[1].toLowerCase() !== 'c') return undefined;
  const rest = drive ? text.slice(2) : text;
  const start = rest.startsWith('/') || drive ? [] : folder.split('/').filter(Boolean);
  for (const part of rest.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') start.pop();
    else start.push(part);
  }
  return start.join('/');
}

/** The file as the disk spells it. */
export function findFile({ disk }: HostState, path: string): string | undefined {
  if (disk.files.has(path)) return path;
  const wanted = path.toLowerCase();
  return [...disk.files.keys()].find((known) => known.toLowerCase() === wanted);
}

/** The folder as the disk spells it; undefined when no file is in it or below. */
export function findFolder({ disk }: HostState, path: string): string | undefined {
  if (path === '') return '';
  const wanted = `${path.toLowerCase()}/`;
  const inside = [...disk.files.keys()].find((known) => known.toLowerCase().startsWith(wanted));
  return inside?.slice(0, path.length);
}

export const hasWildcard = (path: string): boolean => /[*?]/.test(path);

/** What Windows allows in no name, and what would make a path that nobody can type. */
const WRONG_NAME = /[<>:"|?*\\\p{Cc}]/u;

/** Where a program may write: spelled as what is there already; undefined for a wrong name. */
export function writablePath(host: HostState, folder: string, typed: string): string | undefined {
  const path = resolvePath(folder, typed);
  if (!path || WRONG_NAME.test(path)) return undefined;
  const file = findFile(host, path);
  if (file) return file;
  const { folder: parent, name } = splitPath(path);
  const known = findFolder(host, parent) ?? parent;
  return known === '' ? name : `${known}/${name}`;
}

/** A path of the disk as the tools write them; a reason for one that is not. */
export function refusePath(path: string): string | undefined {
  const parts = path.split('/');
  const isWhole = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (isWhole && !WRONG_NAME.test(path)) return undefined;
  return `"${path}" is no path of this disk, such as icm/lab50/ra/logfiles/out.txt`;
}

/** Folder and last name of a path. */
export function splitPath(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(0, at)), name: path.slice(at + 1) };
}

/** Files that a typed path means: one, those of a wildcard, or all of a folder. */
export function matchFiles(host: HostState, path: string): string[] {
  const { folder, name } = splitPath(path);
  if (!hasWildcard(name)) {
    const file = findFile(host, path);
    if (file) return [file];
  }
  const isFolder = !hasWildcard(name) && findFolder(host, path) !== undefined;
  const [where, pattern] = isFolder ? [path, '*'] : [folder, name];
  const matches = wildcard(pattern === '*.*' ? '*' : pattern);
  const parent = where.toLowerCase();
  return [...host.disk.files.keys()].filter((known) => {
    const split = splitPath(known);
    return split.folder.toLowerCase() === parent && matches(split.name);
  });
}
