import type { Steps } from '../engine/kernel/steps.ts';

/** At most so long at a time: requests are answered in between. */
const SLICE_MS = 8;
const LOOK_MS = 1;
const TELL_MS = 200;

type Work = { readonly reader: string | undefined; fraction: number; isGivenUp: boolean };

export type LongWorkOptions = {
  /** Who it is for: what was begun before for the same one is given up. */
  readonly reader?: string | undefined;
  /** Something that goes before it is under way. */
  readonly isBlocked?: () => boolean;
};

/** What may take long on the lab's thread: a slice at a time, to be given up at any moment. */
export class LongWork {
  private readonly underWay = new Set<Work>();

  /** `onProgress`: how far it is has changed; not told of what is short. */
  constructor(private readonly onProgress: () => void) {}

  /** How much of what was begun last is done, from 0 to 1; null without any. */
  get fraction(): number | null {
    return [...this.underWay].at(-1)?.fraction ?? null;
  }

  /** Null: it was given up. What takes less than a slice is done before this returns. */
  async run<T extends object>(steps: Steps<T>, options: LongWorkOptions = {}): Promise<T | null> {
    const { isBlocked = () => false, reader } = options;
    if (reader !== undefined) this.cancel(reader);
    const work: Work = { reader, fraction: 0, isGivenUp: false };
    let done = isBlocked() ? undefined : runSlice(steps, work);
    if (done) return done;
    this.underWay.add(work);
    let toldMs = performance.now();
    let hasTold = false;
    try {
      for (;;) {
        await (isBlocked() ? soon() : nextTurn());
        if (work.isGivenUp) return null;
        if (!isBlocked()) done = runSlice(steps, work);
        if (done) return done;
        if (performance.now() - toldMs < TELL_MS) continue;
        toldMs = performance.now();
        hasTold = true;
        this.onProgress();
      }
    } finally {
      this.underWay.delete(work);
      if (hasTold) this.onProgress();
    }
  }

  /** That of one reader, or all of it. */
  cancel(reader?: string): void {
    for (const work of this.underWay) {
      if (reader === undefined || work.reader === reader) work.isGivenUp = true;
    }
  }
}

/** Undefined: it goes on. */
export function runSlice<T extends object>(
  steps: Steps<T>,
  work: { fraction: number } = { fraction: 0 },
): T | undefined {
  const endMs = performance.now() + SLICE_MS;
  do {
    const next = steps.next();
    if (next.done) return next.value;
    work.fraction = next.value;
  } while (performance.now() < endMs);
  return undefined;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const soon = () => new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
