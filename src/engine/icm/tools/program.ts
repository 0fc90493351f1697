import {
  isHelp,
  leave,
  type Program,
  type ProgramCommand,
  say,
  type ToolAnswer,
  type ToolCall,
} from './tool.ts';

/** Reads one line at the prompt of a program: command, its help, or the program's own complaint. */
export function runProgram(program: Program, call: ToolCall): ToolAnswer {
  const [typed, ...words] = call.words;
  if (typed === undefined) return say();
  const command = findCommand(program, typed);
  if (!command) return say(...program.unknown(typed));
  if (words.some(isHelp)) return say(usageOf(command), `  ${command.summary}`);
  const [surplus] = words;
  if (!command.usage && surplus !== undefined) {
    return say(`${command.name}: Error for ${surplus}: Unknown argument.`);
  }
  return command.run({ ...call, words });
}

export function findCommand(program: Program, typed: string): ProgramCommand | undefined {
  const wanted = typed.toLowerCase();
  return program.commands.find(
    ({ name, aliases = [] }) => name === wanted || aliases.includes(wanted),
  );
}

function usageOf({ name, usage }: ProgramCommand): string {
  return `Usage: ${name}${usage ? ` ${usage}` : ''} [/help] [/?]`;
}

/** The list that `help` shows; what is an emulator choice says so. */
function helpLines(program: Program): string[] {
  const rows = program.commands.map(({ name, aliases = [], usage, summary, source }) => {
    const names = [name, ...aliases].join(', ');
    const left = `  ${names}${usage ? ` ${usage}` : ''}`;
    return { left, right: `${summary}${source === 'emulator choice' ? ' *' : ''}` };
  });
  const width = Math.min(34, Math.max(...rows.map(({ left }) => left.length)) + 2);
  const lines = rows.map(({ left, right }) => `${left.padEnd(width)} ${right}`);
  const isMarked = program.commands.some(({ source }) => source === 'emulator choice');
  return isMarked ? [...lines, '  * emulator choice: name, form or contents'] : lines;
}

/** `help` and `quit`, which every such program has. */
export function commonCommands(
  programOf: () => Program,
  names: { readonly help: string; readonly quit: string },
): ProgramCommand[] {
  return [
    {
      name: 'help',
      aliases: ['?'],
      summary: 'this list; <command> /? shows its usage',
      source: names.help,
      run: () => ({ lines: helpLines(programOf()) }),
    },
    {
      name: 'quit',
      aliases: ['q'],
      summary: 'leaves the program',
      source: names.quit,
      run: () => leave(),
    },
  ];
}
