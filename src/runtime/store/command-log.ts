import { type FileHandle, open } from 'node:fs/promises';
import { decodeRecords, encodeRecord } from '../../engine/kernel/record-log.ts';
import type { LabCommand } from '../../engine/lab/commands.ts';

/** Where in the run an entry stands; replay goes exactly there before it does anything. */
export type LogPosition = {
  readonly eventCount: number;
  readonly nowUs: number;
};

export type LogEntry =
  | { readonly kind: 'head'; readonly format: 1; readonly engine: string }
  | ({ readonly kind: 'clock'; readonly journalHash: string } & LogPosition)
  | ({ readonly kind: 'command'; readonly command: LabCommand } & LogPosition);

export interface ReadLog {
  readonly entries: readonly LogEntry[];
  readonly goodBytes: number;
  readonly badBytes: number;
}

export function readLog(bytes: Uint8Array): ReadLog {
  const { records, goodBytes } = decodeRecords(bytes);
  const entries = records as unknown as LogEntry[];
  return { entries, goodBytes, badBytes: bytes.length - goodBytes };
}

/** What a log file needs of the disk; tests put a failing one in its place. */
export interface LogFile {
  /** When it was opened. */
  readonly sizeBytes: number;
  append(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

export async function openLogFile(path: string): Promise<LogFile> {
  const handle: FileHandle = await open(path, 'a');
  const { size } = await handle.stat();
  return {
    sizeBytes: size,
    append: (bytes) => handle.appendFile(bytes),
    sync: () => handle.datasync(),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    close: () => handle.close(),
  };
}

/**
 * The truth about a lab: every command and clock step, checksummed. Whatever is written while a
 * sync is under way shares the next one. After a failed write nothing is acknowledged, and all is
 * kept, until it can be written again from the last good byte on.
 */
export class CommandLog {
  private waiting: { bytes: Uint8Array; done: () => void; failed: (error: Error) => void }[] = [];
  private writing: Promise<void> | undefined;
  private broken: Error | undefined;
  /** Everything since the write that failed. */
  private readonly unsaved: Uint8Array[] = [];
  private goodBytes: number;

  constructor(private readonly file: LogFile) {
    this.goodBytes = file.sizeBytes;
  }

  /** The error that ended acknowledgement, if there was one. */
  get failure(): Error | undefined {
    return this.broken;
  }

  /** Resolves when the entry is durable. `command`: that of the entry, its large parts encoded. */
  append(entry: LogEntry, command?: object): Promise<void> {
    const bytes = encodeRecord(command ? { ...entry, command } : entry);
    if (this.broken) {
      this.unsaved.push(bytes);
      return Promise.reject(this.broken);
    }
    return new Promise((done, failed) => {
      this.waiting.push({ bytes, done, failed });
      this.writing ??= this.writeWaiting();
    });
  }

  /**
   * Writes what has failed once more; true when all of it is durable. The system may have dropped
   * pages whose sync failed, so that a second sync alone would prove nothing.
   */
  async retry(): Promise<boolean> {
    await this.writing;
    while (this.broken) {
      const batch = [...this.unsaved];
      const bytes = Buffer.concat(batch);
      try {
        await this.file.truncate(this.goodBytes);
        await this.file.append(bytes);
        await this.file.sync();
      } catch (error) {
        this.broken = error as Error;
        return false;
      }
      this.goodBytes += bytes.length;
      this.unsaved.splice(0, batch.length);
      if (this.unsaved.length === 0) this.broken = undefined;
    }
    return true;
  }

  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }

  private async writeWaiting(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        const bytes = Buffer.concat(batch.map((each) => each.bytes));
        await this.file.append(bytes);
        await this.file.sync();
        this.goodBytes += bytes.length;
        for (const { done } of batch) done();
      } catch (error) {
        this.broken = error as Error;
        const lost = [...batch, ...this.waiting];
        this.waiting = [];
        this.unsaved.push(...lost.map(({ bytes }) => bytes));
        for (const { failed } of lost) failed(this.broken);
      }
    }
    this.writing = undefined;
  }
}
