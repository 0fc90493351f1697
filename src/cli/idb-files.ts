import type { LabClient } from '../runtime/worker/lab-client.ts';
import { call } from './call.ts';
import { writableTargets } from './write-file.ts';

/** `:snapshot` of the shell: the IDBs of a lab as they are now, one file each. */
export async function takeSnapshots(
  client: LabClient,
  files: readonly string[],
): Promise<string[]> {
  const { icons } = await call(client, 'lab.describe', {});
  if (files.length === 0 || files.length > icons.length) {
    const example = icons.length > 1 ? ':snapshot one.db two.db' : ':snapshot one.db';
    return [`Write it like: ${example} (this lab has ${icons.length} of ICON and IDB)`];
  }
  try {
    const targets = await writableTargets(':snapshot', files);
    const told: string[] = [];
    for (const [at, target] of targets.entries()) {
      const { database, name } = icons[at];
      await client.saveIdb(database, target);
      told.push(`IDB snapshot of ${name}: ${target}`);
    }
    return told;
  } catch (error) {
    return [(error as Error).message];
  }
}
