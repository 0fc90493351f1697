import { parentPort, workerData } from 'node:worker_threads';
import { replaceWhole } from '../store/replace-whole.ts';
import { tellError } from '../tell-error.ts';
import { giveWay } from '../worker/give-way.ts';
import { IdbDatabase } from './idb-database.ts';

/** A thread that makes a compact file of a copy of an IDB: the lab does not wait for it. */
export type SnapshotToWrite = { readonly image: Uint8Array; readonly path: string };
export type SnapshotMessage =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'written'; readonly sizeBytes: number }
  | { readonly kind: 'failed'; readonly message: string };

giveWay();
const port = parentPort;
if (!port) throw new Error('snapshot-worker runs as a worker thread only');
const say = (message: SnapshotMessage) => port.postMessage(message);
const { image, path } = workerData as SnapshotToWrite;
try {
  const idb = await IdbDatabase.open(image);
  const bytes = idb.snapshot();
  idb.close();
  await replaceWhole(path, bytes, {
    onProgress: (fraction) => say({ kind: 'progress', fraction }),
  });
  say({ kind: 'written', sizeBytes: bytes.length });
} catch (error) {
  say({ kind: 'failed', message: tellError(error) });
}
