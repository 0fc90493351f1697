import type { FileHandle } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { writeInChunks } from '../../../src/runtime/store/write-in-chunks.ts';

const MEGABYTE = 1024 * 1024;

/** Notes what is asked of it. */
function notingFile() {
  const asked: (string | number)[] = [];
  const written: Uint8Array[] = [];
  const file = {
    writeFile: async (bytes: Uint8Array) => {
      asked.push(bytes.length / MEGABYTE);
      written.push(bytes.slice());
    },
    datasync: async () => void asked.push('datasync'),
    sync: async () => void asked.push('sync'),
  } as unknown as FileHandle;
  return { asked, file, written };
}

it('syncs each chunk by itself: others that wait for the disk come in between', async () => {
  const { asked, file, written } = notingFile();
  const bytes = new Uint8Array(9 * MEGABYTE).map((_, at) => at % 251);
  const told: number[] = [];
  await writeInChunks(file, bytes, { onProgress: (fraction) => told.push(fraction) });
  expect(asked).toEqual([4, 'datasync', 4, 'datasync', 1, 'datasync', 'sync']);
  expect(Buffer.compare(Buffer.concat(written), bytes)).toBe(0);
  expect(told).toEqual([4 / 9, 8 / 9, 1]);
});

it('is given up between two chunks; nothing is still a file on the disk', async () => {
  const cancel = new AbortController();
  const { asked, file } = notingFile();
  const progress = { signal: cancel.signal, onProgress: () => cancel.abort() };
  await expect(writeInChunks(file, new Uint8Array(9 * MEGABYTE), progress)).rejects.toThrow();
  expect(asked).toEqual([4, 'datasync']);
  const empty = notingFile();
  await writeInChunks(empty.file, new Uint8Array(0));
  expect(empty.asked).toEqual(['sync']);
});
