import { open, realpath, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { tellError } from '../tell-error.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;

export type Progress = {
  /** Told how much is written, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
};

/** Whole or not at all under its name: a temporary file beside it, synced, then renamed. */
export async function replaceWhole(
  path: string,
  bytes: Uint8Array,
  { onProgress, signal }: Progress = {},
): Promise<void> {
  // What a link leads to is meant, and not the link.
  const place = await realpath(path).catch(() => path);
  const temporary = temporaryOf(place);
  try {
    const file = await open(temporary, 'w');
    try {
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
        signal?.throwIfAborted();
        await file.writeFile(bytes.subarray(at, at + CHUNK_BYTES));
        onProgress?.(Math.min(1, (at + CHUNK_BYTES) / bytes.length));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    if (signal?.aborted) throw error;
    throw new Error(`${basename(path)} could not be written (${tellError(error)})`);
  }
}

/** What stands beside a file while it is being written. */
export function temporaryOf(place: string): string {
  return `${place}.${process.pid}.tmp`;
}
