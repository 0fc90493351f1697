import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Parameters } from '../../contract/rpc.ts';
import type { ConfigurationObject } from '../../engine/configuration/object-types.ts';
import { programRoot } from '../program-root.ts';
import { type ImportPlan, planCsvImport, planJsonImport } from './configuration-file.ts';
import type { ImportToPlan } from './import-plan-worker.ts';

/** A smaller file is planned sooner than a thread begins. */
const OWN_THREAD_CHARACTERS = 100_000;

type ConfigurationFile = Parameters<'configuration.import'>;
type Objects = ReadonlyMap<string, ConfigurationObject>;

/** What a file would do to the configuration; one at a time, and a large one can be given up. */
export class ImportPlanner {
  private giveUp: (() => void) | undefined;

  /** Null: it was given up. `hasEdits`: with the edits themselves, which may be many. */
  async plan(
    objects: Objects,
    file: ConfigurationFile,
    hasEdits: boolean,
  ): Promise<ImportPlan | null> {
    this.cancel();
    if (file.text.length < OWN_THREAD_CHARACTERS) return planImportOf(objects, file);
    const workerData: ImportToPlan = { objects, file, hasEdits };
    const program = join(programRoot(), 'out', 'main', 'import-plan-worker.js');
    const worker = new Worker(program, { workerData });
    let giveUp = () => {};
    try {
      return await new Promise<ImportPlan | null>((resolve, reject) => {
        giveUp = () => resolve(null);
        this.giveUp = giveUp;
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('the thread that reads the file has ended')));
      });
    } finally {
      if (this.giveUp === giveUp) this.giveUp = undefined;
      void worker.terminate();
    }
  }

  cancel(): void {
    this.giveUp?.();
  }
}

export function planImportOf(objects: Objects, file: ConfigurationFile): ImportPlan {
  return file.format === 'json'
    ? planJsonImport(objects, file.text)
    : planCsvImport(objects, file.type, file.text);
}
