import type { LabCommand } from '../../src/engine/lab/commands.ts';
import { parseLabLine } from '../../src/runtime/lab-console.ts';
import type { RunningLab } from '../../src/runtime/running-lab.ts';
import { SECOND } from './lab50.ts';

/** Lines of the lab's console, and lab time between them. */
export function sayTo({ lab }: RunningLab) {
  return {
    say(line: string): void {
      const parsed = parseLabLine(line);
      if (parsed.kind !== 'commands') throw new Error(line);
      for (const command of parsed.commands) lab.execute(command as LabCommand);
    },
    run(seconds: number): void {
      lab.simulation.runUntil(lab.simulation.nowUs + seconds * SECOND);
    },
  };
}
