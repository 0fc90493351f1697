import { expect, it } from 'vitest';
import { IdbImages } from '../../../src/runtime/idb/idb-images.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { takeLab } from '../../../src/runtime/store/take-lab.ts';
import { lab50, SECOND } from '../../support/lab50.ts';

it('waits for a command that is on its way to the disk, and is still of its moment', async () => {
  const running = await RunningLab.create(lab50());
  const { simulation } = running.lab;
  simulation.runUntil(30 * SECOND);
  const atOnce = simulation.checkpoint();
  const images = running.idbs.map(({ idb }) => new IdbImages(idb));
  let isCommandUnderWay = true;
  let isTaken = false;
  const taking = takeLab(running, images, () => isCommandUnderWay).then((taken) => {
    isTaken = true;
    return taken;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isTaken).toBe(false);
  isCommandUnderWay = false;
  const { engine, nowUs } = await taking;
  expect(nowUs).toBe(30 * SECOND);
  expect(Buffer.compare(Buffer.concat(engine), atOnce)).toBe(0);
  running.close();
});
