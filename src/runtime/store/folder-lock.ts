import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const LOCK_FILE = 'in-use';

/** One program at a time may write a lab folder; a lock left by a dead program is taken over. */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  const file = join(path, LOCK_FILE);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => unlink(file).catch(() => undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(await readFile(file, 'utf8').catch(() => '0'));
      if (owner !== process.pid && isAlive(owner)) throw inUseError(path, owner);
      await unlink(file).catch(() => undefined);
    }
  }
  throw new Error(`The lab in ${path} could not be locked.`);
}

/** Throws a sentence if another program that is alive has the lab of a folder open. */
export async function refuseIfInUse(path: string): Promise<void> {
  const owner = Number(await readFile(join(path, LOCK_FILE), 'utf8').catch(() => '0'));
  if (owner !== process.pid && isAlive(owner)) throw inUseError(path, owner);
}

function inUseError(path: string, owner: number): Error {
  return new Error(`The lab in ${path} is open in another program (process ${owner}).`);
}

/** Takes away what a thread of this program has left that was ended in the middle. */
export async function releaseOwnLock(path: string): Promise<void> {
  const file = join(path, LOCK_FILE);
  const owner = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (owner === process.pid) await unlink(file).catch(() => undefined);
}

/** Whether a program that is alive, this one included, has the lab of a folder open. */
export async function isInUse(path: string): Promise<boolean> {
  const owner = await readFile(join(path, LOCK_FILE), 'utf8').catch(() => undefined);
  return owner !== undefined && isAlive(Number(owner));
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
