import { expect, it } from 'vitest';
import { areFull, IDB_LIMIT_BYTES } from '../../../src/runtime/idb/idb-limit.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

it('IDBs are full together, and not by what was purged', async () => {
  const running = await RunningLab.create(lab50());
  running.lab.simulation.runUntil(8 * MINUTE);
  const { idb } = running;
  const full = idb.usedBytes;
  expect(full).toBe(idb.sizeBytes);
  expect([areFull(running.idbs, full), areFull(running.idbs, full + 1)]).toEqual([true, false]);
  const half = { idb: { usedBytes: IDB_LIMIT_BYTES / 2 } };
  expect([areFull([half]), areFull([half, half])]).toEqual([false, true]);
  running.lab.execute({ verb: 'run-procedure', name: 'gsysPurgeUDH', parameters: ['0'] });
  running.lab.simulation.runUntil(9 * MINUTE);
  expect(idb.usedBytes).toBeLessThan(idb.sizeBytes);
});
