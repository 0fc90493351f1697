import { describe, expect, it } from 'vitest';
import { hashBytes, hashHex } from '../../../src/engine/kernel/hash.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

const END_US = 6 * MINUTE;

/** The same commands at the same moments in every run. */
function drive(running: RunningLab, fromUs: number, toUs: number): void {
  const plan = [
    { atUs: 3 * MINUTE, command: { verb: 'stop-side', side: 'A' } },
    { atUs: 4 * MINUTE, command: { verb: 'start-side', side: 'A' } },
  ] as const;
  for (const { atUs, command } of plan) {
    if (atUs <= fromUs || atUs > toUs) continue;
    running.lab.simulation.runUntil(atUs);
    running.lab.execute(command);
  }
  running.lab.simulation.runUntil(toUs);
}

function fingerprint(running: RunningLab) {
  const { simulation } = running.lab;
  return {
    journal: hashHex(simulation.world.journalHash),
    state: simulation.stateHash(),
    idb: hashBytes(running.idb.snapshot()),
  };
}

async function straight(seed = 50) {
  const running = await RunningLab.create(lab50({ seed }));
  drive(running, 0, END_US);
  return fingerprint(running);
}

describe('a whole lab is deterministic', () => {
  it('same seed and commands: same journal, same state, same IDB bytes', async () => {
    const [one, two, other] = [await straight(), await straight(), await straight(51)];
    expect(two).toEqual(one);
    expect(other.journal).not.toBe(one.journal);
    expect(other.idb).not.toBe(one.idb);
  });

  it('saved and restored at any moment, it goes on as if nothing had happened', async () => {
    const expected = await straight();
    // In the boot, during side B's transfer, while side A is down, and after it is back.
    for (const momentUs of [10_000_000, 120_330_000, 3.5 * MINUTE, 4 * MINUTE + 100_000]) {
      const first = await RunningLab.create(lab50());
      drive(first, 0, momentUs);
      const second = await RunningLab.restore(lab50(), first.save());
      expect(second.lab.simulation.stateHash()).toBe(first.lab.simulation.stateHash());
      drive(second, momentUs, END_US);
      expect(fingerprint(second)).toEqual(expected);
    }
  });
});
