import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { recreateTables } from '../src/engine/icm/router/table-transfer.ts';
import { beginSectionHash } from '../src/engine/icm/state-section.ts';
import type { Hash } from '../src/engine/kernel/hash.ts';
import { CHUNK_BYTES, HASH_BYTES, type ShipmentHead, SIZE_BYTES } from './loopback.ts';

/** The other side of the transfer, in a thread of its own as it is a process of its own. */
class Receiver {
  private readonly size = new Uint8Array(SIZE_BYTES);
  private memory: Uint8Array = new Uint8Array(0);
  private target: Uint8Array = this.size;
  private filled = 0;
  private headBytes: Uint8Array = new Uint8Array(0);
  private head: ShipmentHead = { sections: [], verify: false, newMemory: false };
  private body: Uint8Array = new Uint8Array(0);
  private end: Uint8Array = new Uint8Array(0);
  private hashes: Hash[] = [];
  /** Section whose bytes arrive, and how many of them are missing. */
  private section = 0;
  private left = 0;

  next(): Uint8Array {
    return this.target.subarray(this.filled, this.filled + CHUNK_BYTES);
  }

  take(length: number): boolean {
    const { target, filled } = this;
    this.filled += length;
    if (target === this.body && this.head.verify) this.hash(target.subarray(filled, this.filled));
    if (this.filled === target.length) this.follow();
    return true;
  }

  private follow(): void {
    const { target } = this;
    this.filled = 0;
    if (target === this.size) {
      this.headBytes = new Uint8Array(new Uint32Array(target.slice().buffer)[0]);
      this.target = this.headBytes;
    } else if (target === this.headBytes) this.beginBody();
    else if (target === this.body) this.target = this.end;
    else {
      this.target = this.size;
      if (this.head.verify) this.recreate();
      parentPort!.postMessage('done');
    }
  }

  private beginBody(): void {
    this.head = JSON.parse(new TextDecoder().decode(this.headBytes));
    const { sections, newMemory } = this.head;
    const bodyBytes = sections.reduce((all, { sizeBytes }) => all + sizeBytes, 0);
    this.body = this.room(bodyBytes, newMemory);
    this.end = new Uint8Array(sections.length * HASH_BYTES);
    this.hashes = sections.map(beginSectionHash);
    this.section = -1;
    this.left = 0;
    this.target = this.body;
  }

  private hash(run: Uint8Array): void {
    for (let at = 0; at < run.length; ) {
      while (this.left === 0) this.left = this.head.sections[++this.section].sizeBytes;
      const part = run.subarray(at, at + this.left);
      this.hashes[this.section].bytes(part);
      at += part.length;
      this.left -= part.length;
    }
  }

  /** Compares every section's hash before it takes the tables over. */
  private recreate(): void {
    const announced = new TextDecoder().decode(this.end);
    const found = this.hashes.map((hash) => hash.hex()).join('');
    if (found !== announced) throw new Error('the states differ');
    let at = 0;
    const sections = this.head.sections.map(({ name, numbers, sizeBytes }) => {
      const bytes = this.body.subarray(at, at + sizeBytes);
      at += sizeBytes;
      return { name, numbers, bytes };
    });
    recreateTables(sections);
  }

  /** A process that has held such a state has the memory for it already. */
  private room(bytes: number, newMemory: boolean): Uint8Array {
    if (newMemory) return new Uint8Array(bytes);
    if (this.memory.length < bytes) this.memory = new Uint8Array(bytes);
    return this.memory.subarray(0, bytes);
  }
}

const receiver = new Receiver();
connect({
  port: workerData.port,
  host: '127.0.0.1',
  onread: { buffer: () => receiver.next(), callback: (length) => receiver.take(length) },
});
