import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labCommandSchema } from '../../../../src/contract/commands.ts';
import {
  completeLine,
  newConsole,
  promptOf,
  runLine,
  TOOLS,
} from '../../../../src/engine/icm/tools/shell.ts';
import { executeLine, toolEnvironment } from '../../../../src/runtime/console.ts';
import { RunningLab } from '../../../../src/runtime/running-lab.ts';
import { lab50 } from '../../../support/lab50.ts';
import { CommandLines } from './command-lines.ts';

/** `.ci/run` asks for 100,000 lines at every tool; a plain test run takes fewer. */
const LINES = Number(process.env['DUPLEXLAB_FUZZ_LINES'] ?? 1000);
const SEED = Number(process.env['DUPLEXLAB_FUZZ_SEED'] ?? 1);

describe('random command lines', () => {
  let running: RunningLab;
  beforeAll(async () => {
    running = await RunningLab.create(lab50());
    running.lab.simulation.runUntil(200_000_000);
  });
  afterAll(() => running.close());

  it.each(TOOLS.map(({ name }) => name))(
    `%s answers ${LINES} of them`,
    (name) => {
      const environment = toolEnvironment(running.lab);
      const lines = new CommandLines(SEED, running, name);
      const states = lines.states();
      const before = running.lab.simulation.stateHash();
      for (let number = 0; number < LINES; number++) {
        const state = states[number % states.length];
        const line = lines.next(state);
        const answer = runLine(environment, state, line);
        if (!answer.lines.every((text) => typeof text === 'string')) throw new Error(line);
        promptOf({ ...state, ...answer.state });
        for (const command of answer.commands ?? []) labCommandSchema.safeParse(command);
        if (number % 10 === 0) completeLine(environment, state, line);
      }
      // Tools look; what they do goes by the commands that they answer with.
      expect(running.lab.simulation.stateHash()).toBe(before);
    },
    1_800_000,
  );

  it('what they ask for can be done, and the lab goes on', async () => {
    const own = await RunningLab.create(lab50());
    own.lab.simulation.runUntil(200_000_000);
    for (const { name } of TOOLS) {
      const lines = new CommandLines(SEED + 1, own, name);
      let state = newConsole('cca');
      for (let number = 0; number < LINES / 10; number++) {
        if (number % 7 === 0) state = lines.states()[number % lines.states().length];
        const line = lines.next(state);
        const execute = own.lab.execute.bind(own.lab);
        state = (await executeLine(own, { state, line }, execute)).state;
      }
      own.lab.simulation.runUntil(own.lab.simulation.nowUs + 5_000_000);
    }
    expect(own.lab.simulation.nowUs).toBe(200_000_000 + TOOLS.length * 5_000_000);
    own.close();
  }, 1_800_000);
});
