import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { programRoot } from '../program-root.ts';
import type { TakenCheckpoint } from './checkpoint.ts';
import type { CheckpointToWrite } from './checkpoint-worker.ts';

/**
 * Writes a checkpoint in a thread of its own: with a large IDB, hashing and reading back take long.
 * What was taken is handed over and cannot be used any more.
 */
export async function writeInThread(path: string, taken: TakenCheckpoint): Promise<void> {
  const program = join(programRoot(), 'out', 'main', 'checkpoint-worker.js');
  const { engine, idbs } = taken;
  const parts = [...engine, ...idbs.flatMap(({ image, rowCauses }) => [image, rowCauses])];
  const buffers = new Set(parts.map(({ buffer }) => buffer as ArrayBuffer));
  const workerData: CheckpointToWrite = { path, taken };
  const worker = new Worker(program, { workerData, transferList: [...buffers] });
  try {
    const problem = await new Promise<string | undefined>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread that wrote it has ended')));
    });
    if (problem !== undefined) throw new Error(problem);
  } finally {
    await worker.terminate();
  }
}
