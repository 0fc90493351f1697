import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { IdbDatabase } from '../../../src/runtime/idb/idb-database.ts';
import { IdbImages } from '../../../src/runtime/idb/idb-images.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { takeLab } from '../../../src/runtime/store/take-lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

const opened: IdbImages[] = [];
afterEach(async () => {
  for (const images of opened.splice(0)) await images.close();
});

async function start(largeBytes: number) {
  const running = await RunningLab.create(lab50());
  const { simulation } = running.lab;
  simulation.runUntil(4 * MINUTE);
  const images = new IdbImages(running.idb, largeBytes);
  opened.push(images);
  images.look();
  const forMinutes = (minutes: number) => simulation.runUntil(simulation.nowUs + minutes * MINUTE);
  return { running, images, forMinutes };
}

/** Bytes that depend on the rows only. */
async function rowsIn(image: Uint8Array): Promise<Uint8Array> {
  const idb = await IdbDatabase.open(image);
  const bytes = idb.snapshot();
  idb.close();
  return bytes;
}

/** Comparing megabytes item by item would take long. */
const same = (one: Uint8Array, other: Uint8Array) => Buffer.from(one).equals(other);

const workerOf = (images: IdbImages) =>
  (images as unknown as { thread: { worker: Worker } }).thread.worker;

describe('images of an IDB', () => {
  it('are made where it is while it is small', async () => {
    const { running, images } = await start(100_000_000);
    expect(running.idb.sizeBytes).toBeGreaterThan(100_000);
    expect(images.hasThread).toBe(false);
    expect(same(await images.now(), running.idb.image())).toBe(true);
  });

  it('are made by a thread when it is large, each of the moment it was asked for', async () => {
    const { running, images, forMinutes } = await start(100_000);
    expect(images.hasThread).toBe(true);
    const moments: { expected: Uint8Array; found: Promise<Uint8Array> }[] = [];
    for (let count = 0; count < 3; count++) {
      forMinutes(1);
      // A stored procedure changes rows too.
      const ran = running.lab.execute({ verb: 'run-procedure', name: 'gsysIRMerge' });
      expect(ran.ok).toBe(true);
      moments.push({ expected: running.idb.snapshot(), found: images.now() });
    }
    for (const { expected, found } of moments) {
      expect(same(await rowsIn(await found), expected)).toBe(true);
    }
    expect(same(moments[0].expected, moments[2].expected)).toBe(false);
  });

  it('survive the loss of the thread; one that keeps ending is not begun again', async () => {
    const { running, images } = await start(100_000);
    for (let loss = 1; loss <= 3; loss++) {
      expect(images.hasThread).toBe(true);
      const [exact, recent] = [images.now(), images.recent()];
      await Promise.all([
        expect(exact).rejects.toThrow('has ended'),
        workerOf(images).terminate(),
        recent.then((image) => expect(same(image, running.idb.image())).toBe(true)),
      ]);
      expect(images.hasThread).toBe(false);
      expect(same(await images.now(), running.idb.image())).toBe(true);
      images.look();
    }
    expect(images.hasThread).toBe(false);
  });
});

describe('a lab that is taken while it goes on', () => {
  it('is the lab of the moment at which that was begun', async () => {
    const { running, images, forMinutes } = await start(100_000);
    const expected = running.save();
    const taking = takeLab(running, [images]);
    forMinutes(0.5);
    running.lab.execute({ verb: 'crash-process', process: 'ra-rtr' });
    forMinutes(0.5);
    const taken = await taking;
    expect(taken.eventCount).toBeLessThan(running.eventCount);
    expect(same(Buffer.concat(taken.engine), expected.engine)).toBe(true);
    const [idb] = taken.idbs;
    expect(same(idb.rowCauses, expected.idbs[0].rowCauses)).toBe(true);
    expect(same(await rowsIn(idb.image), await rowsIn(expected.idbs[0].image))).toBe(true);
  });
});
