import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LabStatus, RpcReply } from '../../contract/rpc.ts';
import { programRoot } from '../program-root.ts';
import type { FromWorker, LabToOpen, ToWorker } from './messages.ts';

/** The running lab as the main process, the browser host and the tests see it. */
export class LabClient {
  private nextId = 1;
  private readonly pending = new Map<number, (reply: RpcReply) => void>();
  private readonly listeners = new Set<(status: LabStatus) => void>();
  private onClosed: (() => void) | undefined;
  private dead: string | undefined;

  private constructor(
    private readonly worker: Worker,
    readonly notices: readonly string[],
  ) {}

  /** Opens a lab in a thread of its own; rejects with a sentence if that cannot be done. */
  static open(lab: LabToOpen): Promise<LabClient> {
    const program = join(programRoot(), 'out', 'main', 'lab-worker.js');
    const worker = new Worker(program, { workerData: lab });
    return new Promise((resolve, reject) => {
      let client: LabClient | undefined;
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') {
          client = new LabClient(worker, message.notices);
          resolve(client);
        } else if (message.kind === 'failed') {
          void worker.terminate();
          reject(new Error(message.message));
        } else client?.onMessage(message);
      });
      worker.on('error', (error) => {
        client?.die(error.message);
        reject(error);
      });
      worker.on('exit', () => client?.die('the lab thread has ended'));
    });
  }

  /** Sends a request as it came; the worker checks it. Never rejects. */
  call(method: string, parameters: unknown): Promise<RpcReply> {
    const id = this.nextId++;
    if (this.dead) return Promise.resolve(deadReply(id, this.dead));
    return new Promise((resolve) => {
      this.pending.set(id, resolve);
      this.say({ kind: 'request', request: { id, method, parameters } });
    });
  }

  onStatus(listener: (status: LabStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Saves the lab and ends the thread. */
  async close(): Promise<void> {
    if (this.dead) return;
    await new Promise<void>((resolve) => {
      this.onClosed = resolve;
      this.say({ kind: 'close' });
    });
    await this.worker.terminate();
  }

  private onMessage(message: FromWorker): void {
    if (message.kind === 'reply') {
      this.pending.get(message.reply.id)?.(message.reply);
      this.pending.delete(message.reply.id);
    } else if (message.kind === 'event') {
      for (const listener of this.listeners) listener(message.data);
    } else if (message.kind === 'closed') this.onClosed?.();
  }

  private die(reason: string): void {
    if (this.dead) return;
    this.dead = reason;
    for (const [id, resolve] of this.pending) resolve(deadReply(id, reason));
    this.pending.clear();
    this.onClosed?.();
  }

  private say(message: ToWorker): void {
    this.worker.postMessage(message);
  }
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
