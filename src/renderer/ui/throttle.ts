/** At most one call in `everyMs`, and always one after the last request: nothing stays stale. */
export function throttle(work: () => void, everyMs: number): () => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    if (timer !== undefined) return;
    const waitMs = Math.max(0, lastMs + everyMs - performance.now());
    timer = setTimeout(() => {
      timer = undefined;
      lastMs = performance.now();
      work();
    }, waitMs);
  };
}
