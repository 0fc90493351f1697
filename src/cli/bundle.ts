import { constants } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeBundle } from '../runtime/desk/debug-bundle.ts';
import { homeFolder } from '../runtime/home.ts';
import { LOG_FILE } from '../runtime/store/file-names.ts';
import { isThere } from '../runtime/store/is-there.ts';
import { parseCommandLine, UsageError } from './usage.ts';

/** `duplexlab bundle`: what somebody needs to find a fault of the program, as one zip file. */
export async function bundleCommand(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine({
    args: [...args],
    options: { into: { type: 'string' }, folder: { type: 'string' } },
  });
  const { folder, into } = values;
  if (!into) throw new UsageError('--into needs a file name, such as bundle.zip.');
  if (folder !== undefined && !(await isLab(folder))) {
    throw new UsageError(`--folder: there is no lab in ${folder || 'a folder without a name'}.`);
  }
  const target = resolve(into);
  if (await isThere(target)) throw new UsageError(`--into: ${target} exists; name another file.`);
  if (!(await isThere(dirname(target), constants.W_OK))) {
    throw new UsageError(`--into: the folder ${dirname(target)} is missing or read-only.`);
  }
  const sources = { home: homeFolder(), folder: folder ? resolve(folder) : null, status: null };
  const sizeBytes = await writeBundle(target, sources);
  process.stdout.write(`${target}: ${sizeBytes.toLocaleString('en-US')} bytes\n`);
  return 0;
}

function isLab(folder: string): Promise<boolean> {
  return folder === '' ? Promise.resolve(false) : isThere(join(folder, LOG_FILE));
}
