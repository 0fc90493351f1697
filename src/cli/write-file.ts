import { constants, open, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isThere } from '../runtime/store/is-there.ts';
import { UsageError } from './usage.ts';

const SQLITE_MAGIC = 'SQLite format 3\0';

/** Checks before the work that a file can be written, and replaces nothing but a database. */
export async function writableTarget(option: string, path: string): Promise<string> {
  if (path === '') throw new UsageError(`${option} needs a file name, such as lab50.sqlite.`);
  const folder = dirname(resolve(path));
  const writable = await isThere(folder, constants.W_OK);
  if (!writable) throw new UsageError(`${option}: the folder ${folder} is missing or read-only.`);
  const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UsageError(`${option}: ${path} cannot be replaced (${error.code}).`);
  });
  if (!file) return path;
  try {
    const isRegular = (await file.stat()).isFile();
    if (!isRegular) throw new UsageError(`${option}: ${path} is no ordinary file; name another.`);
    const head = Buffer.alloc(SQLITE_MAGIC.length);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead === 0 || head.toString('latin1') === SQLITE_MAGIC) return path;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option}: ${path} is a folder; name a file in it.`);
  } finally {
    await file.close();
  }
  throw new UsageError(`${option}: ${path} exists and is no SQLite file; it is not overwritten.`);
}

/** The same of several, each of which has to be a file of its own. */
export async function writableTargets(option: string, paths: readonly string[]): Promise<string[]> {
  const targets: string[] = [];
  for (const path of paths) targets.push(await writableTarget(option, path));
  const places = await Promise.all(targets.map(placeOf));
  if (new Set(places).size === places.length) return targets;
  throw new UsageError(`Each ${option} needs a file of its own.`);
}

/** The file that a path leads to, whatever way it is written; files that are not there too. */
export async function placeOf(path: string): Promise<string> {
  return await realpath(path).catch(() => resolve(path));
}
