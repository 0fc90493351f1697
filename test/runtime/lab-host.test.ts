import { expect, it } from 'vitest';
import type { LabStatus } from '../../src/contract/rpc.ts';
import { LabHost } from '../../src/runtime/lab-host.ts';
import { RunningLab } from '../../src/runtime/running-lab.ts';
import { quietLab50 } from '../support/lab50.ts';

it('a lab that stands still tells its new state when a console changed it', async () => {
  const running = await RunningLab.create(quietLab50());
  running.lab.simulation.runUntil(1_000_000);
  const told: LabStatus[] = [];
  const host = new LabHost(
    { running, folder: undefined, notices: [], past: null, crash: null },
    (status) => told.push(status),
  );
  const state = { host: 'lab', folder: '', program: [] };
  await host.methods['console.execute']({ state, line: 'do hang-process process=ra-rtr' });
  expect(told.at(-1)?.faults).toMatchObject([{ where: 'ra-rtr' }]);
  await host.methods['console.execute']({ state, line: 'do release-process process=ra-rtr' });
  expect(told.at(-1)?.faults).toEqual([]);
  await host.close();
});
