import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { programRoot } from '../program-root.ts';
import type { FromIdbCopy, ToIdbCopy } from './idb-copy-worker.ts';
import type { IdbChange, IdbDatabase } from './idb-database.ts';

/** The thread that was to make a copy has ended. */
export class CopyLost extends Error {}

/** From here on the lab would wait noticeably (some 30 ms) while its IDB is copied. */
const LARGE_BYTES = 8_000_000;
/** A thread that keeps ending is not begun again: each begin costs a copy. */
const MAX_LOSSES = 3;

/**
 * Copies of an IDB, as a file. A small one is copied where it is. Beside a large one a thread holds
 * the same rows, and copies those: the lab does not wait.
 */
export class IdbImages {
  private thread: CopyThread | undefined;
  private losses = 0;

  constructor(
    private readonly idb: IdbDatabase,
    private readonly largeBytes = LARGE_BYTES,
  ) {
    idb.listen((change) => this.thread?.follow(change));
  }

  /** Begins the thread when the IDB has become large. */
  look(): void {
    if (this.thread || this.losses === MAX_LOSSES) return;
    if (this.idb.sizeBytes < this.largeBytes) return;
    const lose = () => {
      this.thread = undefined;
      this.losses++;
    };
    try {
      this.thread = new CopyThread(this.idb.image(), lose);
    } catch {
      // Memory is short: copies are made where the IDB is, as those of a small one.
      lose();
    }
  }

  /** The file as it is now; rejects with CopyLost if the thread ends meanwhile. */
  async now(): Promise<Uint8Array> {
    return this.thread ? this.thread.image() : this.idb.image();
  }

  /** The file as it is now, or if the thread ends meanwhile, as it is then. */
  recent(): Promise<Uint8Array> {
    return this.now().catch(() => this.idb.image());
  }

  get hasThread(): boolean {
    return this.thread !== undefined;
  }

  async close(): Promise<void> {
    await this.thread?.end();
  }
}

type Waiting = { resolve(image: Uint8Array): void; reject(error: Error): void };

class CopyThread {
  private readonly worker: Worker;
  /** Images are answered in the order in which they were asked for. */
  private readonly waiting: Waiting[] = [];

  constructor(
    image: Uint8Array,
    private readonly onLoss: () => void,
  ) {
    const program = join(programRoot(), 'out', 'main', 'idb-copy-worker.js');
    this.worker = new Worker(program);
    // Not as its workerData, which it would hold for good.
    this.say({ kind: 'open', image }, [image.buffer as ArrayBuffer]);
    this.worker.on('message', ({ image: copied }: FromIdbCopy) => {
      this.waiting.shift()?.resolve(copied);
    });
    let isLost = false;
    const lose = (error: Error) => {
      for (const { reject } of this.waiting.splice(0)) reject(error);
      if (!isLost) this.onLoss();
      isLost = true;
    };
    this.worker.on('error', ({ message }) => lose(new CopyLost(message)));
    this.worker.on('exit', () => lose(new CopyLost('the thread that copies the IDB has ended')));
  }

  follow(change: IdbChange): void {
    if (change.kind === 'idb procedure') return this.say({ kind: 'change', change });
    const bytes = change.bytes.slice();
    this.say({ kind: 'change', change: { ...change, bytes } }, [bytes.buffer]);
  }

  image(): Promise<Uint8Array> {
    this.say({ kind: 'image' });
    return new Promise((resolve, reject) => void this.waiting.push({ resolve, reject }));
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private say(message: ToIdbCopy, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
