import {
  completeLine,
  newConsole,
  PROGRAMS,
  TOOLS,
} from '../../../../src/engine/icm/tools/shell.ts';
import type { ConsoleState } from '../../../../src/engine/icm/tools/tool.ts';
import {
  createRandomState,
  nextBelow,
  nextUniform,
  type RandomState,
} from '../../../../src/engine/kernel/random.ts';
import { toolEnvironment } from '../../../../src/runtime/console.ts';
import type { RunningLab } from '../../../../src/runtime/running-lab.ts';

/** Random command lines for one tool: half sensible, half what a cat would type. */
export class CommandLines {
  private readonly random: RandomState;

  constructor(
    seed: number,
    private readonly running: RunningLab,
    private readonly name: string,
  ) {
    this.random = createRandomState(seed, name);
  }

  /** Consoles in which the tool reads lines: at its own prompt, or named in the shell. */
  states(): ConsoleState[] {
    const program = PROGRAMS.some(({ name }) => name === this.name);
    const folders = ['', 'icm/lab50/ra/logfiles', 'icm/lab50'];
    const shells = folders.map((folder) => ({ ...newConsole('cca'), folder }));
    if (!program) return [...shells, newConsole('pg1a')];
    const target =
      this.name === 'opctest' ? ['pg1a'] : this.name === 'procmon' ? ['ra', 'mds'] : ['ra'];
    return [...shells, { ...newConsole('cca'), program: [this.name, ...target] }];
  }

  next(state: ConsoleState): string {
    const isAtPrompt = state.program.length > 0;
    let line = isAtPrompt ? '' : `${this.name} `;
    const words = this.below(6);
    for (let word = 0; word <= words; word++) line += `${this.word(state, line)}${this.blank()}`;
    return line.slice(0, 400);
  }

  private word(state: ConsoleState, line: string): string {
    const roll = nextUniform(this.random);
    if (roll < 0.45) {
      const { choices } = completeLine(toolEnvironment(this.running.lab), state, line);
      if (choices.length > 0) return choices[this.below(choices.length)];
    }
    if (roll < 0.75) return WORDS[this.below(WORDS.length)];
    if (roll < 0.8) return TOOLS[this.below(TOOLS.length)].name;
    return this.noise();
  }

  private noise(): string {
    let text = '';
    for (let at = this.below(12); at >= 0; at--) {
      const code = nextUniform(this.random) < 0.9 ? 33 + this.below(94) : this.below(0xffff);
      text += String.fromCharCode(code);
    }
    return text;
  }

  private blank(): string {
    const roll = nextUniform(this.random);
    return roll < 0.85 ? ' ' : roll < 0.9 ? '' : roll < 0.95 ? '\t' : ' | findstr ';
  }

  private below(bound: number): number {
    return nextBelow(this.random, bound);
  }
}

/** Words that lead deep into the tools. */
const WORDS = [
  ...['/cust', 'lab50', '/node', 'ra', 'rb', 'pg1a', 'routera', '/system', 'ccb', 'rtr', 'mds'],
  ...['/bd', '03/02/2026', '02/30/2026', '/bt', '09:00', '25:00:00', '/ed', '/et', '/hr', '1'],
  ...['/of', 'out.txt', '/o', '/last', '/prev', '/all', '/ms', '/ciscoLog', '/m', '/x', '/dir'],
  ...['HKLM\\SOFTWARE', 'HKLM', '/v', '/t', 'REG_DWORD', 'REG_SZ', '/d', '0x1f', '-1', '/s', '/f'],
  ...['query', 'add', 'delete', 'export', 'import', 'x.reg', 'start', 'stop', '..', '\\', '*.*'],
  ...['C:\\icm', 'D:\\', '*', '?', '/?', '/help', 'status', 'watch', 'trace', '/on', '/off'],
  ...['Router.CallsInQueue', 'la', '101', 'debug', '/agent', '-n', '-ano', '127.0.0.1', 'cca'],
  ...['99999999999999999999', '', '"', '""', '%s%n', '../../../etc/passwd', '-1e400', 'NaN'],
];
