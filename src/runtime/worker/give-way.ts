import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Called first by a thread with long work: on a busy machine the lab, the window and what is
 * answered at once go before it. Only Linux gives a thread a priority of its own by a number that
 * can be found out; elsewhere nothing happens.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    const threadId = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(threadId, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Without /proc, or where a sandbox forbids it, all threads are alike.
  }
}
