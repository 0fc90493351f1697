import type { ConsoleState } from '../../../../src/contract/rpc.ts';
import { newConsole } from '../../../../src/engine/icm/tools/shell.ts';
import type { LabDefinition } from '../../../../src/engine/lab/definition.ts';
import { completeConsoleLine, executeLine } from '../../../../src/runtime/console.ts';
import { RunningLab } from '../../../../src/runtime/running-lab.ts';
import { quietLab50 } from '../../../support/lab50.ts';

const SECOND_US = 1_000_000;

/** Somebody at the consoles of a lab. */
export class Sitting {
  private readonly states = new Map<string, ConsoleState>();

  private constructor(readonly running: RunningLab) {}

  /** Both sides are up after 180 s. */
  static async begin(seconds = 180, definition: LabDefinition = quietLab50()): Promise<Sitting> {
    const sitting = new Sitting(await RunningLab.create(definition));
    sitting.run(seconds);
    return sitting;
  }

  run(seconds: number): void {
    const { simulation } = this.running.lab;
    simulation.runUntil(simulation.nowUs + seconds * SECOND_US);
  }

  async type(host: string, ...lines: string[]): Promise<string[]> {
    let said: readonly string[] = [];
    for (const line of lines) {
      const state = this.states.get(host) ?? newConsole(host);
      const { lab } = this.running;
      const execute = lab.execute.bind(lab);
      const answer = await executeLine(this.running, { state, line }, execute);
      this.states.set(host, answer.state);
      said = answer.lines;
    }
    return [...said];
  }

  complete(host: string, line: string): readonly string[] {
    const state = this.states.get(host) ?? newConsole(host);
    return completeConsoleLine(this.running, { state, line }).choices;
  }

  close(): void {
    this.running.close();
  }
}
