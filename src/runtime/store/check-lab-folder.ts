import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCheckpointFile } from './checkpoint.ts';
import { readLog } from './command-log.ts';
import { LOG_FILE } from './file-names.ts';
import { checkpointName, checkpointNumbers, ENGINE_VERSION } from './lab-folder.ts';

/** What opening a lab would find damaged, in sentences; nothing is changed. */
export async function checkLabFolder(folder: string): Promise<string[]> {
  const found: string[] = [];
  const bytes = await readFile(join(folder, LOG_FILE)).catch(() => undefined);
  if (!bytes) return ['there is no command log in this folder.'];
  const { badBytes, entries } = readLog(bytes);
  if (badBytes > 0) found.push(`the last ${badBytes} bytes of the command log are damaged.`);
  const [head] = entries;
  if (head?.kind === 'head' && head.engine !== ENGINE_VERSION) {
    found.push('it was begun by another version of the program.');
  }
  for (const number of await checkpointNumbers(folder)) {
    const name = checkpointName(number);
    const checkpoint = await readCheckpointFile(join(folder, name)).catch(() => undefined);
    if (!checkpoint) found.push(`${name} is damaged.`);
  }
  return found;
}
