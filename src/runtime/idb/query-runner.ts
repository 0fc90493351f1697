import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { QUERY_LIMITS, type QueryResult } from '../../contract/idb.ts';
import { programRoot } from '../program-root.ts';
import type { QueryToRun } from './query-worker.ts';

/** One query at a time, in a thread of its own that a limit or the user ends. */
export class QueryRunner {
  private end: ((result: QueryResult) => void) | undefined;

  /** Takes the copy of the IDB over. */
  run(copy: Promise<Uint8Array>, sql: string): Promise<QueryResult> {
    this.cancel('Another query was begun.');
    let worker: Worker | undefined;
    let isEnded = false;
    return new Promise((resolve) => {
      const end = (result: QueryResult) => {
        isEnded = true;
        clearTimeout(timer);
        if (this.end === end) this.end = undefined;
        void worker?.terminate();
        resolve(result);
      };
      const { seconds } = QUERY_LIMITS;
      const timer = setTimeout(() => {
        const message = `The query took longer than ${seconds} s and was ended. Ask for less.`;
        end({ ok: false, message });
      }, seconds * 1000);
      this.end = end;
      const fail = ({ message }: Error) => end({ ok: false, message });
      const begin = (image: Uint8Array) => {
        if (isEnded) return;
        worker = startWorker(image, sql);
        worker.once('message', end);
        worker.once('error', fail);
      };
      copy.then(begin).catch(fail);
    });
  }

  cancel(message = 'The query was cancelled.'): void {
    this.end?.({ ok: false, message });
  }
}

function startWorker(image: Uint8Array, sql: string): Worker {
  const workerData: QueryToRun = { image, sql, maxRows: QUERY_LIMITS.rows };
  const transferList = [image.buffer as ArrayBuffer];
  const program = join(programRoot(), 'out', 'main', 'query-worker.js');
  return new Worker(program, { workerData, transferList });
}
