import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 4 * 1024 * 1024;

export type Progress = {
  /** Told how much is written, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
};

/**
 * Writes a large file so that it is on the disk at the end. Each chunk is synced by itself: what
 * else waits for the disk, as a command does, has its turn in between and not after all of them.
 */
export async function writeInChunks(
  file: FileHandle,
  bytes: Uint8Array,
  { onProgress, signal }: Progress = {},
): Promise<void> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    signal?.throwIfAborted();
    await file.writeFile(bytes.subarray(at, at + CHUNK_BYTES));
    await file.datasync();
    onProgress?.(Math.min(1, (at + CHUNK_BYTES) / bytes.length));
  }
  await file.sync();
}
