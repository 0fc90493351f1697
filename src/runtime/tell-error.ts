import { basename } from 'node:path';

/** What a system says of a file, in words for whoever uses the program. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'may not be used by you',
  EBUSY: 'is in use by another program',
  EDQUOT: 'finds no more space: your share of the disk is full',
  EEXIST: 'is there already',
  EIO: 'cannot be read or written: the disk reports an error',
  EISDIR: 'is a folder',
  EMFILE: 'cannot be opened: too many files are open',
  ENOENT: 'is not there',
  ENOSPC: 'finds no more space: the disk is full',
  ENOTDIR: 'stands in what is no folder',
  EPERM: 'may not be used by you',
  EROFS: 'cannot be written: the disk is read-only',
};
const ABSOLUTE = /'((?:\/|[A-Za-z]:\\)[^']*)'/g;

/**
 * An error in a few words: of a file its name and what is wrong with it, not where on this machine
 * it stands, nor how the system calls that.
 */
export function tellError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : WORDS[code];
  if (words) return `${path === undefined ? 'a file' : nameOf(path)} ${words}`;
  return error.message.replace(ABSOLUTE, (_whole, place: string) => `'${nameOf(place)}'`);
}

/** The last part, of paths of either kind. */
function nameOf(path: string): string {
  return basename(path.replaceAll('\\', '/'));
}
