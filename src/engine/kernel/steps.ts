/**
 * Long work in steps: whoever runs it may do something else in between, or give it up. Each step
 * says how much is done, from 0 to 1.
 */
export type Steps<T> = Generator<number, T, void>;

/** All of it at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** As a part of something larger, from one share of it to another. */
export function* stepsWithin<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    yield from + next.value * (to - from);
  }
}

/** Some small thing with each item. */
export function* forEachInSteps<T>(
  items: { readonly length: number } & Iterable<T>,
  act: (item: T, at: number) => void,
): Steps<void> {
  let at = 0;
  for (const item of items) {
    act(item, at++);
    if (at % ITEMS_A_STEP === 0) yield at / items.length;
  }
}

const ITEMS_A_STEP = 32;
