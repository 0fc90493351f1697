import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the installed program: the nearest one above that holds resources and package.json. */
export function programRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'resources', 'labs'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('the program folder with its resources was not found');
    folder = above;
  }
  return folder;
}

export function programVersion(): string {
  return JSON.parse(readFileSync(join(programRoot(), 'package.json'), 'utf8')).version;
}
