import { describe, expect, it } from 'vitest';
import { STATE_SIZE_THRESHOLD, stateTransferKey } from '../../../src/engine/icm/registry/keys.ts';
import type { LabCommand } from '../../../src/engine/lab/commands.ts';
import { Lab } from '../../../src/engine/lab/lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

const SILENT = { onEvent() {}, onLogLine() {}, onOutput() {} };
const { customer } = lab50().centralController;
const THRESHOLD = `${stateTransferKey(customer, 'A')}\\${STATE_SIZE_THRESHOLD}`;
const LINK = { network: 'private', from: 'cca', to: 'ccb' } as const;

/** What changes a lab from outside of its events, each in a way of its own. */
const COMMANDS: readonly LabCommand[] = [
  { verb: 'stop-node', node: 'ra' },
  { verb: 'stop-side', side: 'B' },
  { verb: 'crash-process', process: 'idb' },
  { verb: 'hang-process', process: 'ra-rtr' },
  { verb: 'crash-host', host: 'icon' },
  { verb: 'corrupt-file', host: 'icon', path: 'icon_103.pq' },
  { verb: 'delete-file', host: 'icon', path: 'icon_103.pq' },
  { verb: 'write-file', host: 'icon', path: 'icon_103.pq', text: 'other' },
  { verb: 'corrupt-state', side: 'A' },
  { verb: 'set-trace', process: 'ra-rtr', mask: 0xff },
  { verb: 'set-registry', host: 'cca', path: THRESHOLD, value: 7 },
  { verb: 'cut', ...LINK },
  { verb: 'set-link', ...LINK, delayUs: 77_000 },
  { verb: 'place-call', dialedNumber: '8001', ani: '5551234' },
];

function runningLab(): Lab {
  const lab = Lab.create(lab50(), SILENT);
  lab.simulation.runUntil(3 * MINUTE);
  // Its files may be changed while it is down.
  lab.execute({ verb: 'stop-process', process: 'icon1' });
  return lab;
}

describe('a checkpoint that is being taken', () => {
  for (const command of COMMANDS) {
    it(`has nothing of a later ${command.verb}`, () => {
      const { simulation } = runningLab();
      const lab = runningLab();
      const expected = Buffer.from(simulation.checkpoint());
      const taking = lab.simulation.beginCheckpoint();
      taking.step();
      expect(lab.execute(command)).toMatchObject({ ok: true });
      expect(Buffer.from(lab.simulation.checkpoint()).equals(expected)).toBe(false);
      while (!taking.isWhole) taking.step();
      expect(Buffer.concat(taking.parts()).equals(expected)).toBe(true);
    });
  }
});
