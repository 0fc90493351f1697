import { open, realpath, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { tellError } from '../tell-error.ts';
import { type Progress, writeInChunks } from './write-in-chunks.ts';

/** Whole or not at all under its name: a temporary file beside it, synced, then renamed. */
export async function replaceWhole(
  path: string,
  bytes: Uint8Array,
  progress: Progress = {},
): Promise<void> {
  // What a link leads to is meant, and not the link.
  const place = await realpath(path).catch(() => path);
  const temporary = temporaryOf(place);
  try {
    const file = await open(temporary, 'w');
    try {
      await writeInChunks(file, bytes, progress);
    } finally {
      await file.close();
    }
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    if (progress.signal?.aborted) throw error;
    throw new Error(`${basename(path)} could not be written (${tellError(error)})`);
  }
}

/** What stands beside a file while it is being written. */
export function temporaryOf(place: string): string {
  return `${place}.${process.pid}.tmp`;
}
