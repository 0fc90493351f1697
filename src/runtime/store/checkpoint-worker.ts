import { parentPort, workerData } from 'node:worker_threads';
import { tellError } from '../tell-error.ts';
import { giveWay } from '../worker/give-way.ts';
import { type TakenCheckpoint, writeCheckpointFile } from './checkpoint.ts';

/** A thread that writes and reads back one checkpoint: the lab does not wait for it. */
export type CheckpointToWrite = { readonly path: string; readonly taken: TakenCheckpoint };

giveWay();
const { path, taken } = workerData as CheckpointToWrite;
/** Undefined when all is well, else why not. */
let problem: string | undefined;
try {
  await writeCheckpointFile(path, taken);
} catch (error) {
  problem = tellError(error);
}
parentPort?.postMessage(problem);
