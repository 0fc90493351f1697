import { parentPort } from 'node:worker_threads';
import { giveWay } from '../worker/give-way.ts';
import { type IdbChange, IdbDatabase } from './idb-database.ts';

/** A thread that holds the rows of an IDB once more, and copies them as a file when asked. */
export type ToIdbCopy =
  /** First: what it begins with. */
  | { readonly kind: 'open'; readonly image: Uint8Array }
  | { readonly kind: 'change'; readonly change: IdbChange }
  | { readonly kind: 'image' };
export type FromIdbCopy = { readonly image: Uint8Array };

giveWay();
const port = parentPort;
if (!port) throw new Error('idb-copy-worker runs as a worker thread only');
let idb: IdbDatabase;
// Each waits for the one before: opening takes a while.
let latest: Promise<void> = Promise.resolve();
port.on('message', (message: ToIdbCopy) => {
  latest = latest.then(() => obey(message));
});

async function obey(message: ToIdbCopy): Promise<void> {
  if (message.kind === 'open') idb = await IdbDatabase.open(message.image);
  else if (message.kind === 'image') {
    const image = idb.image();
    port?.postMessage({ image } satisfies FromIdbCopy, [image.buffer as ArrayBuffer]);
  } else if (message.change.kind === 'idb procedure') idb.call(message.change, () => {});
  else idb.apply(message.change);
}
