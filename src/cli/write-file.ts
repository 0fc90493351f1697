import { open, rename, rm } from 'node:fs/promises';

/** Whole or not at all under its name: a temporary file beside it, synced, then renamed. */
export async function replaceWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    await file.writeFile(bytes).finally(() => file.sync().finally(() => file.close()));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new Error(`the file ${path} could not be written (${(error as Error).message})`);
  }
}
