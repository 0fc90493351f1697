import { describe, expect, it } from 'vitest';
import type { Steps } from '../../src/engine/kernel/steps.ts';
import { LongWork } from '../../src/runtime/long-work.ts';

/** Goes on until it is told to end. */
function* endless(end: { isOver: boolean; steps: number }): Steps<{ steps: number }> {
  while (!end.isOver) {
    end.steps++;
    yield 0.5;
  }
  return { steps: end.steps };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('long work on the thread of the lab', () => {
  it('that is short is done at once, and nobody is told of it', async () => {
    let told = 0;
    const work = new LongWork(() => told++);
    const done = work.run(endless({ isOver: true, steps: 3 }));
    expect(work.fraction).toBeNull();
    expect([await done, told]).toEqual([{ steps: 3 }, 0]);
  });

  it('lets others run between its slices, and says how far it is and when it is done', async () => {
    const told: (number | null)[] = [];
    const work = new LongWork(() => told.push(work.fraction));
    const end = { isOver: false, steps: 0 };
    const done = work.run(endless(end));
    let turns = 0;
    const startMs = performance.now();
    for (; performance.now() - startMs < 500; turns++) await nextTurn();
    expect(turns).toBeGreaterThan(10);
    end.isOver = true;
    expect((await done)?.steps).toBe(end.steps);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual([...told.slice(1).fill(0.5), null]);
  });

  it('is given up for a reader who asks anew, and for no other', async () => {
    const work = new LongWork(() => {});
    const ends = Array.from({ length: 3 }, () => ({ isOver: false, steps: 0 }));
    const [one, other] = [
      work.run(endless(ends[0]), { reader: 'one' }),
      work.run(endless(ends[1]), { reader: 'other' }),
    ];
    const again = work.run(endless(ends[2]), { reader: 'one' });
    expect(await one).toBeNull();
    const { steps } = ends[0];
    await nextTurn();
    expect(ends[0].steps).toBe(steps);
    ends[1].isOver = true;
    expect(await other).not.toBeNull();
    work.cancel();
    expect(await again).toBeNull();
    expect(work.fraction).toBeNull();
  });

  it('rests while something goes before it', async () => {
    const work = new LongWork(() => {});
    const end = { isOver: false, steps: 0 };
    let isBlocked = true;
    const done = work.run(endless(end), { isBlocked: () => isBlocked });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(end.steps).toBe(0);
    isBlocked = false;
    end.isOver = true;
    expect(await done).toEqual({ steps: 0 });
  });

  it('whose steps fail is over, and says why', async () => {
    const work = new LongWork(() => {});
    const failing = (function* (): Steps<object> {
      const endMs = performance.now() + 20;
      while (performance.now() < endMs) yield 0;
      throw new Error('no such column');
    })();
    await expect(work.run(failing)).rejects.toThrow('no such column');
    expect(work.fraction).toBeNull();
  });
});
