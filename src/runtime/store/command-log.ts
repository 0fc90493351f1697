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
  append(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export async function openLogFile(path: string): Promise<LogFile> {
  const handle: FileHandle = await open(path, 'a');
  return {
    append: (bytes) => handle.appendFile(bytes),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/**
 * The truth about a lab: every command and clock step, checksummed. Whatever is written while a
 * sync is under way shares the next one. After a failed write nothing is acknowledged any more.
 */
export class CommandLog {
  private waiting: { bytes: Uint8Array; done: () => void; failed: (error: Error) => void }[] = [];
  private writing: Promise<void> | undefined;
  private broken: Error | undefined;

  constructor(private readonly file: LogFile) {}

  /** The error that ended acknowledgement, if there was one. */
  get failure(): Error | undefined {
    return this.broken;
  }

  /** Resolves when the entry is durable. */
  append(entry: LogEntry): Promise<void> {
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((done, failed) => {
      this.waiting.push({ bytes: encodeRecord(entry), done, failed });
      this.writing ??= this.writeWaiting();
    });
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
        await this.file.append(Buffer.concat(batch.map(({ bytes }) => bytes)));
        await this.file.sync();
        for (const { done } of batch) done();
      } catch (error) {
        // After a failed sync the system may have dropped the pages: it is never tried again.
        this.broken = error as Error;
        for (const { failed } of [...batch, ...this.waiting]) failed(this.broken);
        this.waiting = [];
      }
    }
    this.writing = undefined;
  }
}
