import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { programRoot } from '../program-root.ts';
import { temporaryOf } from '../store/replace-whole.ts';
import type { Progress } from '../store/write-in-chunks.ts';
import type { SnapshotMessage, SnapshotToWrite } from './snapshot-worker.ts';

/**
 * Writes a copy of an IDB as a compact SQLite file, in a thread of its own; answers its bytes.
 * Given up, it leaves nothing behind; rejects with a sentence. The copy is handed over and is gone
 * for the caller.
 */
export async function writeSnapshot(
  image: Uint8Array,
  path: string,
  { onProgress, signal }: Progress = {},
): Promise<number> {
  signal?.throwIfAborted();
  const place = await realpath(path).catch(() => path);
  const program = join(programRoot(), 'out', 'main', 'snapshot-worker.js');
  const workerData: SnapshotToWrite = { image, path };
  const worker = new Worker(program, { workerData, transferList: [image.buffer as ArrayBuffer] });
  try {
    return await new Promise<number>((resolve, reject) => {
      const giveUp = () => reject(signal?.reason);
      signal?.addEventListener('abort', giveUp, { once: true });
      worker.on('message', (message: SnapshotMessage) => {
        if (message.kind === 'progress') onProgress?.(message.fraction);
        else if (message.kind === 'written') resolve(message.sizeBytes);
        else reject(new Error(message.message));
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('the thread that wrote the file has ended')));
    });
  } finally {
    await worker.terminate();
    // Ended in the middle, its own cleaning up has not happened; the name is this process's.
    await rm(temporaryOf(place), { force: true });
  }
}
