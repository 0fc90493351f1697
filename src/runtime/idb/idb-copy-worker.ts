import { parentPort, workerData } from 'node:worker_threads';
import { type IdbChange, IdbDatabase } from './idb-database.ts';

/** A thread that holds the rows of an IDB once more, and copies them as a file when asked. */
export type ToIdbCopy =
  | { readonly kind: 'change'; readonly change: IdbChange }
  | { readonly kind: 'image' };
export type FromIdbCopy = { readonly image: Uint8Array };

const port = parentPort;
if (!port) throw new Error('idb-copy-worker runs as a worker thread only');
const idb = await IdbDatabase.open(workerData as Uint8Array);
port.on('message', (message: ToIdbCopy) => {
  if (message.kind === 'image') {
    const image = idb.image();
    port.postMessage({ image } satisfies FromIdbCopy, [image.buffer as ArrayBuffer]);
  } else if (message.change.kind === 'idb procedure') idb.call(message.change, () => {});
  else idb.apply(message.change);
});
