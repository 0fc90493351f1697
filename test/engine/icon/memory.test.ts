import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { eventsOfCalls, feed } from '../../../bench/icon-lab.ts';
import { changesOf } from '../../../src/engine/idb/row-batch-reader.ts';

/** What is in use once everything that can be collected is. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('the memory of ICON', () => {
  it('stays as it is over a million rows', () => {
    const heaps: number[] = [];
    let rows = 0;
    const work = feed(
      eventsOfCalls(32_000),
      (transaction) => {
        rows += changesOf(transaction).length;
        if (rows > (heaps.length + 1) * 200_000) heaps.push(heapBytes());
      },
      // 133 calls a second: those of the last half minute are still remembered.
      { perMillisecond: 2 },
    );
    work();
    expect(rows).toBeGreaterThan(1_000_000);
    const [early, late] = [heaps[1], heaps[4]];
    expect(late / early).toBeLessThan(1.1);
  }, 120_000);
});
