import { parentPort, workerData } from 'node:worker_threads';
import { giveWay } from '../worker/give-way.ts';
import { runQuery } from './run-query.ts';

/** A thread for one query: it is ended when it takes too long, since SQLite cannot be asked to. */
export type QueryToRun = {
  readonly image: Uint8Array;
  readonly sql: string;
  readonly maxRows: number;
};

giveWay();
const { image, maxRows, sql } = workerData as QueryToRun;
parentPort?.postMessage(await runQuery(image, sql, maxRows));
