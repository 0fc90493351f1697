import { expect, it } from 'vitest';
import { LabDriver } from '../../src/runtime/lab-driver.ts';
import { RunningLab } from '../../src/runtime/running-lab.ts';
import { behaviour, twoHosts } from '../engine/kernel/two-hosts.ts';
import { lab50, MINUTE, SECOND } from '../support/lab50.ts';

async function driven() {
  const { lab } = await RunningLab.create(lab50());
  const seen: boolean[] = [];
  const driver = new LabDriver(lab.simulation, () => seen.push(driver.isRunning));
  return { driver, seen, simulation: lab.simulation };
}

it('a lab that is run until something runs, and rests afterwards', async () => {
  const { driver, seen, simulation } = await driven();
  const end = driver.until(() => simulation.nowUs >= 3 * MINUTE, 5 * MINUTE);
  expect(driver.state().running).toBe(true);
  expect(await end).toBe('found');
  expect(simulation.nowUs).toBeLessThan(4 * MINUTE);
  expect(driver.state()).toMatchObject({ running: false, reachedSpeed: 0 });
  expect(seen.at(-1)).toBe(false);
  expect(await driver.until(() => false, SECOND)).toBe('limit');
  const given = driver.until(() => false, 5 * MINUTE);
  driver.pause();
  expect(await given).toBe('ended');
});

it('a second wait ends the first, which ends nothing', async () => {
  const { driver, simulation } = await driven();
  const first = driver.until(() => false, 60 * MINUTE);
  const second = driver.advance(MINUTE);
  expect(await first).toBe('ended');
  expect(driver.isRunning).toBe(true);
  await second;
  expect([driver.isRunning, simulation.nowUs]).toEqual([false, MINUTE]);
});

it('is held: nothing moves until all is done that it is held for, or has failed', async () => {
  const { driver, simulation } = await driven();
  const ends: ((error?: Error) => void)[] = [];
  const waits = [1, 2].map(() =>
    driver.whileHeld(
      () => new Promise<void>((done, fail) => ends.push((error) => (error ? fail(error) : done()))),
    ),
  );
  const advance = driver.advance(SECOND);
  for (const [at, error] of [undefined, new Error('no space')].entries()) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([simulation.nowUs, driver.isRunning]).toEqual([0, true]);
    ends[at](error);
  }
  await waits[0];
  await expect(waits[1]).rejects.toThrow('no space');
  await advance;
  expect(simulation.nowUs).toBe(SECOND);
});

it('moves no lab that is closed', async () => {
  const { driver, simulation } = await driven();
  driver.close();
  driver.run(0);
  driver.step('event');
  await driver.advance(MINUTE);
  expect(await driver.until(() => true, MINUTE)).toBe('ended');
  expect([simulation.nowUs, driver.isRunning, simulation.world.eventCount]).toEqual([0, false, 0]);
});

/** Half of the times in which a request had to wait were shorter. */
async function usualWait(count: number): Promise<number> {
  const waits: number[] = [];
  while (waits.length < count) {
    const startMs = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    waits.push(performance.now() - startMs);
  }
  return waits.toSorted((a, b) => a - b)[count >> 1];
}

it('lets requests be answered every few milliseconds, however much it has to do', async () => {
  const { driver, simulation } = await driven();
  driver.run(0);
  // One is longer where an event is, or the machine does something else.
  expect(await usualWait(40)).toBeLessThan(25);
  driver.pause();
  expect(simulation.nowUs).toBeGreaterThan(0);
  expect(driver.isRunning).toBe(false);
});

it('lets them be answered as often where each event takes milliseconds', async () => {
  const heavy = behaviour('left', {
    onStart: (context) => context.setTimer('again', 1),
    onTimer(context) {
      const endMs = performance.now() + 3;
      while (performance.now() < endMs);
      context.setTimer('again', 1);
    },
  });
  const { simulation } = twoHosts(heavy, behaviour('right', {}));
  const driver = new LabDriver(simulation, () => {});
  driver.run(0);
  expect(await usualWait(20)).toBeLessThan(25);
  driver.close();
});
