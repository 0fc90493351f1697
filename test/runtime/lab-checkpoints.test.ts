import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CopyLost, IdbImages } from '../../src/runtime/idb/idb-images.ts';
import { LabCheckpoints } from '../../src/runtime/lab-checkpoints.ts';
import { LabDriver } from '../../src/runtime/lab-driver.ts';
import { LabFolder, type OpenedLab } from '../../src/runtime/store/lab-folder.ts';
import { LAB50_TEXT, lab50, MINUTE } from '../support/lab50.ts';

let path: string;
let opened: OpenedLab;
let driver: LabDriver;
const failures: string[] = [];

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  failures.length = 0;
  opened = await LabFolder.create(path, LAB50_TEXT, lab50());
  driver = new LabDriver(opened.running.lab.simulation, () => {});
  opened.running.lab.simulation.runUntil(MINUTE);
});
afterEach(async () => {
  driver.pause();
  await opened.folder.close();
  opened.running.close();
  rmSync(path, { recursive: true });
});

function checkpointsWith(images: readonly IdbImages[], isOn = true): LabCheckpoints {
  const fail = ({ message }: Error) => void failures.push(message);
  const saving = { isOn: () => isOn, fail };
  return new LabCheckpoints(opened.running, opened.folder, driver, images, saving);
}
const kept = () => readdirSync(path).filter((name) => name.endsWith('.dlc'));
const imagesOf = () => opened.running.idbs.map(({ idb }) => new IdbImages(idb));

/** The lab goes on by itself. */
async function goesOn(): Promise<void> {
  const { simulation } = opened.running.lab;
  const before = simulation.nowUs;
  await driver.advance(MINUTE);
  expect(simulation.nowUs).toBe(before + MINUTE);
  expect(driver.hasCrashed).toBe(false);
}

describe('checkpoints of a running lab', () => {
  it('are of the moment at which they were begun; the lab is held, and goes on', async () => {
    const { lab } = opened.running;
    const { simulation } = lab;
    const moments: number[] = [];
    const whileHeld = driver.whileHeld.bind(driver);
    driver.whileHeld = (work) =>
      whileHeld(async () => {
        moments.push(simulation.nowUs);
        // It is carried out meanwhile, and is not in the checkpoint.
        queueMicrotask(() => lab.execute({ verb: 'crash-host', host: 'cca' }));
        const done = await work();
        moments.push(simulation.nowUs);
        return done;
      });
    driver.run(0);
    await checkpointsWith(imagesOf()).close();
    const [heldUs, releasedUs] = moments;
    expect(releasedUs).toBe(heldUs);
    expect(simulation.process('ra-rtr').running).toBe(false);
    expect(failures).toEqual([]);
    await goesOn();
    await opened.folder.close();
    opened = await LabFolder.open(path);
    const again = opened.running.lab.simulation;
    expect(opened.notices).toEqual([]);
    expect(again.nowUs).toBe(heldUs);
    expect(again.process('ra-rtr').running).toBe(true);
  });

  it('are taken again at the end when the thread that copies IDB is lost', async () => {
    const [image, ...more] = imagesOf();
    let losses = 0;
    const now = image.now.bind(image);
    image.now = () => (losses++ === 0 ? Promise.reject(new CopyLost('lost')) : now());
    await checkpointsWith([image, ...more]).close();
    expect([kept(), failures]).toEqual([['checkpoint-000001.dlc'], []]);
    expect(losses).toBe(2);
  });

  it('that cannot be taken say so, and the lab goes on', async () => {
    (opened.running.lab.simulation.process('ra-rtr').state as { odd?: unknown }).odd = () => {};
    await checkpointsWith(imagesOf()).close();
    expect(failures).toEqual(['not plain data: function']);
    expect(kept()).toEqual([]);
    await goesOn();
  });

  it('are not taken of a lab that is no longer saved', async () => {
    await checkpointsWith(imagesOf(), false).close();
    expect([kept(), failures]).toEqual([[], []]);
  });
});
