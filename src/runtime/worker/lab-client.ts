import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LabStatus, RpcReply } from '../../contract/rpc.ts';
import { writeSnapshot } from '../idb/write-snapshot.ts';
import { programRoot } from '../program-root.ts';
import { releaseOwnLock } from '../store/folder-lock.ts';
import type { Progress } from '../store/write-in-chunks.ts';
import type { FromWorker, LabToOpen, ToWorker } from './messages.ts';

/** A thread that ends so often within a minute is not opened again: it would only end again. */
const MAX_REOPENED = 3;
const MINUTE_MS = 60_000;

/**
 * The running lab as the main process, the browser host and the tests see it. Where its thread ends
 * without being asked, a lab that is kept in a folder is opened again at its last durable moment.
 */
export class LabClient {
  private nextId = 1;
  private readonly pending = new Map<number, (reply: RpcReply) => void>();
  private readonly images = new Map<number, (image: Uint8Array | string) => void>();
  private readonly listeners = new Set<(status: LabStatus) => void>();
  private onClosed: ((problem: string | null) => void) | undefined;
  private dead: string | undefined;
  private isClosing = false;
  private closed: Promise<string | null> | undefined;
  /** While the thread is being opened again: requests wait for it. */
  private reopening: Promise<void> | undefined;
  private reopenedMs: number[] = [];
  private isRevived = false;

  private constructor(
    private readonly lab: LabToOpen,
    private worker: Worker,
    readonly notices: readonly string[],
  ) {
    this.listen(worker);
  }

  /** Opens a lab in a thread of its own; rejects with a sentence if that cannot be done. */
  static async open(lab: LabToOpen, progress: Progress = {}): Promise<LabClient> {
    const { notices, worker } = await startWorker(lab, progress);
    return new LabClient(lab, worker, notices);
  }

  /** Ends the thread without a word to it: what is kept in a folder is opened again. */
  async revive(): Promise<void> {
    // It has ended by itself, and is being opened already.
    if (this.reopening) return this.reopening;
    this.isRevived = true;
    await this.worker.terminate();
    await this.reopening;
  }

  private listen(worker: Worker): void {
    let reason = 'the lab thread has ended';
    worker.on('message', (message: FromWorker) => this.onMessage(message));
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', () => this.onExit(worker, reason));
  }

  private onExit(worker: Worker, reason: string): void {
    if (worker !== this.worker || this.dead) return;
    if (this.isClosing || this.lab.folder === null) return this.die(reason);
    this.answerAll(reason);
    const nowMs = performance.now();
    this.reopenedMs = [...this.reopenedMs.filter((at) => nowMs - at < MINUTE_MS), nowMs];
    if (this.reopenedMs.length > MAX_REOPENED) return this.die(reason);
    const why = this.isRevived ? 'did not answer' : `ended unexpectedly (${reason})`;
    this.isRevived = false;
    const notice =
      `The part of the program that runs the lab ${why}. ` +
      'The lab was opened again at its last durable moment and is paused.';
    this.reopening = startWorker({ ...this.lab, fresh: false, notice })
      .then(({ worker: next }) => {
        this.worker = next;
        this.listen(next);
        this.reopening = undefined;
        return this.tellStatus();
      })
      .catch((error: Error) => this.die(error.message));
  }

  /** A lab that has just been opened again says so by its status. */
  private async tellStatus(): Promise<void> {
    const reply = await this.call('lab.status', {});
    if (!reply.ok) return;
    for (const listener of this.listeners) listener(reply.value as LabStatus);
  }

  /** Sends a request as it came; the worker checks it. Never rejects. */
  async call(method: string, parameters: unknown): Promise<RpcReply> {
    const id = this.nextId++;
    await this.reopening;
    if (this.dead) return deadReply(id, this.dead);
    return new Promise((resolve) => {
      this.pending.set(id, resolve);
      this.say({ kind: 'request', request: { id, method, parameters } });
    });
  }

  /** A compact SQLite file of an IDB as it is now; answers its bytes, rejects with a sentence. */
  async saveIdb(database: string, path: string, progress: Progress = {}): Promise<number> {
    await this.reopening;
    if (this.dead) throw new Error(`the lab is not running: ${this.dead}`);
    const id = this.nextId++;
    const image = await new Promise<Uint8Array | string>((resolve) => {
      this.images.set(id, resolve);
      this.say({ kind: 'image', id, database });
    });
    if (typeof image === 'string') throw new Error(image);
    return writeSnapshot(image, path, progress);
  }

  onStatus(listener: (status: LabStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Saves the lab and ends the thread; once, however often it is asked. Answers why something is
   * not saved, or null.
   */
  close(): Promise<string | null> {
    this.closed ??= this.closeOnce();
    return this.closed;
  }

  private async closeOnce(): Promise<string | null> {
    await this.reopening;
    if (this.dead) return this.dead;
    this.isClosing = true;
    const problem = await new Promise<string | null>((resolve) => {
      this.onClosed = resolve;
      this.say({ kind: 'close' });
    });
    await this.worker.terminate();
    return problem;
  }

  private onMessage(message: FromWorker): void {
    if (message.kind === 'reply') {
      this.pending.get(message.reply.id)?.(message.reply);
      this.pending.delete(message.reply.id);
    } else if (message.kind === 'event') {
      for (const listener of this.listeners) listener(message.data);
    } else if (message.kind === 'image') {
      this.images.get(message.id)?.(message.image);
      this.images.delete(message.id);
    } else if (message.kind === 'closed') this.onClosed?.(message.problem);
  }

  /** Nobody waits for a thread that has ended. */
  private answerAll(reason: string): void {
    for (const [id, resolve] of this.pending) resolve(deadReply(id, reason));
    for (const resolve of this.images.values()) resolve(`the lab has ended: ${reason}`);
    this.pending.clear();
    this.images.clear();
  }

  private die(reason: string): void {
    if (this.dead) return;
    this.dead = reason;
    if (this.lab.folder !== null) void releaseOwnLock(this.lab.folder);
    this.answerAll(reason);
    this.onClosed?.(reason);
  }

  private say(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}

/** A thread in which the lab is open; rejects with a sentence if that cannot be done. */
async function startWorker(
  lab: LabToOpen,
  { onProgress, signal }: Progress = {},
): Promise<{ worker: Worker; notices: readonly string[] }> {
  signal?.throwIfAborted();
  const program = join(programRoot(), 'out', 'main', 'lab-worker.js');
  const worker = new Worker(program, { workerData: lab });
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
      worker.on('error', () => {});
      void worker
        .terminate()
        .then(() => (lab.folder === null ? undefined : releaseOwnLock(lab.folder)))
        .finally(() => reject(signal?.reason));
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'opening') return onProgress?.(message.fraction);
      signal?.removeEventListener('abort', giveUp);
      for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
      if (message.kind === 'ready') return resolve({ worker, notices: message.notices });
      void worker.terminate();
      reject(new Error(message.kind === 'failed' ? message.message : 'the lab did not open'));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the lab thread has ended')));
  });
}

function deadReply(id: number, reason: string): RpcReply {
  return {
    id,
    ok: false,
    error: {
      code: 'lab-stopped',
      message: `The lab is not running: ${reason}.`,
      remedy: 'Open the lab again; it goes on at its last durable moment.',
      effect: 'possible',
    },
  };
}
