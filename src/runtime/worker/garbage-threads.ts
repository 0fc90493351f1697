import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** For the lab's thread and for what shows it. */
const KEPT_PROCESSORS = 2;

/** The threads of V8 that may look for garbage beside the lab, of so many processors. */
export function garbageThreads(processors: number): number {
  return Math.max(1, processors - KEPT_PROCESSORS);
}

/**
 * Node.js begins four such threads however few processors there are: on two of them the lab and
 * its window got a third of the time while garbage of some hundred megabytes was looked for.
 * Called before a lab is opened. Electron begins as many as there are processors for.
 */
export function limitGarbageThreads(): void {
  const threads = garbageThreads(availableParallelism());
  setFlagsFromString(`--concurrent-marking-max-worker-num=${threads}`);
}
