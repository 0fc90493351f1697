import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Parameters } from '../../contract/rpc.ts';
import type { ConfigurationObject } from '../../engine/configuration/object-types.ts';
import type { Edit } from '../../engine/configuration/transaction.ts';
import { programRoot } from '../program-root.ts';
import { type ImportPlan, planCsvImport, planJsonImport } from './configuration-file.ts';

/** A smaller file is planned sooner than a thread begins. */
const OWN_THREAD_CHARACTERS = 30_000;
/** What goes from thread to thread in one message is read in one go. */
const OBJECTS_AT_ONCE = 300;

type ConfigurationFile = Parameters<'configuration.import'>;
type Objects = ReadonlyMap<string, ConfigurationObject>;

export type ToPlanner =
  | { readonly kind: 'objects'; readonly objects: readonly ConfigurationObject[] }
  | { readonly kind: 'file'; readonly file: ConfigurationFile }
  | { readonly kind: 'more edits' };

export type FromPlanner =
  /** Its edits are asked for, one part after the other. */
  | { readonly kind: 'plan'; readonly plan: ImportPlan }
  | { readonly kind: 'edits'; readonly edits: readonly Edit[]; readonly isLast: boolean };

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
    const planner = new PlannerThread();
    let giveUp = () => {};
    const givenUp = new Promise<null>((resolve) => {
      giveUp = () => resolve(null);
    });
    this.giveUp = giveUp;
    try {
      return await Promise.race([planner.plan([...objects.values()], file, hasEdits), givenUp]);
    } finally {
      if (this.giveUp === giveUp) this.giveUp = undefined;
      planner.end();
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

class PlannerThread {
  private readonly worker = new Worker(join(programRoot(), 'out', 'main', 'import-plan-worker.js'));
  private isOver = false;
  private failure: Error | undefined;
  private resolve: (message: FromPlanner) => void = () => {};
  private reject: (error: Error) => void = () => {};

  constructor() {
    this.worker.on('message', (message: FromPlanner) => this.resolve(message));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the thread that reads the file has ended')));
  }

  async plan(
    objects: readonly ConfigurationObject[],
    file: ConfigurationFile,
    hasEdits: boolean,
  ): Promise<ImportPlan | null> {
    for (let at = 0; at < objects.length && !this.isOver; at += OBJECTS_AT_ONCE) {
      this.say({ kind: 'objects', objects: objects.slice(at, at + OBJECTS_AT_ONCE) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.isOver) return null;
    const answer = await this.ask({ kind: 'file', file });
    if (answer.kind !== 'plan') throw new Error('the plan of the file did not come');
    if (!hasEdits || answer.plan.problems.length > 0) return answer.plan;
    const edits: Edit[] = [];
    for (;;) {
      const part = await this.ask({ kind: 'more edits' });
      if (part.kind !== 'edits') throw new Error('the edits of the file did not come');
      for (const edit of part.edits) edits.push(edit);
      if (part.isLast) return { ...answer.plan, edits };
    }
  }

  end(): void {
    this.isOver = true;
    void this.worker.terminate();
  }

  private ask(message: ToPlanner): Promise<FromPlanner> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.resolve = resolve;
      this.reject = reject;
      this.say(message);
    });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.reject(error);
  }

  private say(message: ToPlanner): void {
    this.worker.postMessage(message);
  }
}
