import { cdlog, dumplog } from './dumplog.ts';
import { FILE_TOOLS } from './files.ts';
import { NETWORK_TOOLS } from './network.ts';
import { opctest, opctestTool } from './opctest.ts';
import { shownPath, writablePath } from './paths.ts';
import { procmon, procmonTool } from './procmon.ts';
import { findCommand, runProgram } from './program.ts';
import { reg } from './reg.ts';
import { rtsetting } from './rtsetting.ts';
import { rttest, rttestTool } from './rttest.ts';
import { SERVICE_TOOLS } from './services.ts';
import {
  type ConsoleState,
  isHelp,
  type Program,
  say,
  type Tool,
  type ToolAnswer,
  type ToolEnvironment,
} from './tool.ts';

/** The console of a host: a command shell, and the programs that it starts. */

export const PROGRAMS: readonly Program[] = [rttest, opctest, procmon];

export const TOOLS: readonly Tool[] = [
  rttestTool,
  opctestTool,
  procmonTool,
  dumplog,
  cdlog,
  rtsetting,
  ...NETWORK_TOOLS,
  ...SERVICE_TOOLS,
  reg,
  ...FILE_TOOLS,
].sort((a, b) => (a.name < b.name ? -1 : 1));

const BUILT_IN = ['cls', 'help', 'hostname'] as const;

export function newConsole(host: string): ConsoleState {
  return { host, folder: '', program: [] };
}

/** What stands before the line that is typed next. */
export function promptOf({ folder, program }: ConsoleState): string {
  return programOf(program)?.prompt ?? `${shownPath(folder)}>`;
}

function programOf([name]: readonly string[]): Program | undefined {
  return PROGRAMS.find((program) => program.name === name);
}

/** One line typed at a console. Never throws, whatever the line. */
export function runLine(
  environment: ToolEnvironment,
  state: ConsoleState,
  line: string,
): ToolAnswer {
  const program = programOf(state.program);
  const { stages, file, wrong } = splitLine(line);
  if (wrong) return say(wrong);
  const [words, ...filters] = stages;
  const answer = program
    ? runProgram(program, { environment, state, words })
    : inShell(environment, state, words);
  const told = filters.reduce<ToolAnswer>(filterLines, answer);
  return file === '' ? told : redirect(environment, state, told, file);
}

function inShell(environment: ToolEnvironment, state: ConsoleState, words: string[]): ToolAnswer {
  const [typed, ...rest] = words;
  if (typed === undefined) return say();
  const name = typed.toLowerCase().replace(/\.exe$/, '');
  const tool = TOOLS.find((one) => one.name === name);
  if (tool) {
    if (rest.some(isHelp)) return say(...tool.usage);
    return tool.run({ environment, state, words: rest });
  }
  if (name === 'help') return help(rest[0]);
  if (name === 'hostname') return say(state.host);
  if (name === 'cls') return { lines: [], clears: true };
  return say(
    `'${typed}' is not recognized as an internal or external command,`,
    'operable program or batch file. Type help for the commands of this console.',
  );
}

function help(about: string | undefined): ToolAnswer {
  if (about !== undefined) {
    if (about.toLowerCase() === 'findstr') return say('findstr [/i] [/v] text | /c:"text"');
    const tool = TOOLS.find(({ name }) => name === about.toLowerCase());
    return tool ? say(...tool.usage) : say(`There is no help for ${about}.`);
  }
  const rows = [
    ...TOOLS.map(({ name, summary }) => [name, summary]),
    ['cls', 'clears the screen'],
    ['hostname', 'name of this host'],
    ['help', 'this list; help <command> and <command> /? show the usage'],
    [
      '| findstr',
      'behind a command: lines that contain one of the words; /i any case, /v the others',
    ],
    ['> file', 'behind a command: its lines go to a file of this host'],
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  return { lines: rows.map(([name, summary]) => `${name.padEnd(10)} ${summary}`) };
}

/** `netstat | findstr "41020 40000"`: lines with one of the words; `/c:"two words"` with both. */
function filterLines(answer: ToolAnswer, words: readonly string[]): ToolAnswer {
  const [name, ...rest] = words;
  if (name?.toLowerCase() !== 'findstr') {
    return say(`'${name ?? ''}' cannot take lines: only findstr can.`);
  }
  const flags = rest.filter((word) => /^\/[a-z]$/i.test(word)).map((word) => word.toLowerCase());
  const literal = rest.find((word) => /^\/c:/i.test(word))?.slice(3);
  const plain = rest.filter((word) => !word.startsWith('/'));
  const isWrong = flags.some((flag) => flag !== '/i' && flag !== '/v') || plain.length > 1;
  const wanted = literal !== undefined ? [literal] : (plain[0]?.split(/\s+/) ?? []);
  if (isWrong || wanted.filter(Boolean).length === 0) {
    return say('FINDSTR: Bad command line: use findstr [/i] [/v] text, or /c:"text with blanks".');
  }
  const fold = (one: string) => (flags.includes('/i') ? one.toLowerCase() : one);
  const lines = answer.lines.filter((line) => {
    const isFound = wanted.some((text) => text !== '' && fold(line).includes(fold(text)));
    return isFound !== flags.includes('/v');
  });
  return { ...answer, lines };
}

/** `dir > list.txt`: the lines go to a file of the simulated disk. */
function redirect(
  environment: ToolEnvironment,
  state: ConsoleState,
  answer: ToolAnswer,
  typed: string,
): ToolAnswer {
  const host = environment.world.hosts.get(state.host)!;
  const path = writablePath(host, state.folder, typed);
  if (!path) return say('The filename, directory name, or volume label syntax is incorrect.');
  const text = answer.lines.map((line) => `${line}\r\n`).join('');
  const write = { verb: 'write-file', host: state.host, path, text } as const;
  return { ...answer, lines: [], commands: [...(answer.commands ?? []), write] };
}

export type CommandLine = {
  readonly stages: string[][];
  /** File that the lines go to; empty for the console. */
  readonly file: string;
  /** What is wrong with the line; empty when nothing is. */
  readonly wrong: string;
};

/** Words between blanks, quotes taken off; `|` parts the stages, `>` names a file. */
function splitLine(line: string): CommandLine {
  const stages: string[][] = [[]];
  const files: string[] = [];
  let words = stages[0];
  let word = '';
  let isWord = false;
  let open = false;
  const end = () => {
    if (isWord) words.push(word);
    word = '';
    isWord = false;
  };
  for (const character of line) {
    if (character === '"') {
      open = !open;
      isWord = true;
    } else if (open) word += character;
    else if (character === '|') {
      end();
      words = [];
      stages.push(words);
    } else if (character === '>') {
      end();
      words = files;
    } else if (/\s/.test(character)) end();
    else {
      word += character;
      isWord = true;
    }
  }
  end();
  const hasFile = words === files;
  const isWrongFile = hasFile ? files.length !== 1 : files.length > 0;
  const quote = open ? 'The line has a quotation mark that is not closed.' : '';
  const wrong = quote || (isWrongFile ? 'The syntax of the command is incorrect.' : '');
  return { stages, file: files[0] ?? '', wrong };
}

export type Completion = {
  /** Where the word that is completed begins. */
  readonly from: number;
  /** What may stand in its place, with quotes where it needs them. */
  readonly choices: readonly string[];
};

/** What the word before the cursor may become. */
export function completeLine(
  environment: ToolEnvironment,
  state: ConsoleState,
  line: string,
): Completion {
  const from = wordStart(line);
  const stages = splitLine(line).stages;
  const words = [...(stages.at(-1) ?? [])];
  if (/\s$/.test(line) && from === line.length) words.push('');
  if (words.length === 0) words.push('');
  const typed = (words.at(-1) ?? '').toLowerCase();
  const all = stages.length > 1 ? ['findstr'] : candidates(environment, state, words);
  const choices = [...new Set(all)]
    .filter((choice) => choice.replaceAll('"', '').toLowerCase().startsWith(typed))
    .map((choice) => (/\s/.test(choice) && !choice.startsWith('"') ? `"${choice}"` : choice));
  return { from, choices: choices.slice(0, 200) };
}

function candidates(
  environment: ToolEnvironment,
  state: ConsoleState,
  words: readonly string[],
): readonly string[] {
  const program = programOf(state.program);
  const [name, ...rest] = words;
  if (words.length === 1) {
    if (program) return program.commands.map((command) => command.name);
    return [...TOOLS.map((tool) => tool.name), ...BUILT_IN];
  }
  const call = { environment, state, words: rest };
  if (program) return findCommand(program, name)?.complete?.(call) ?? [];
  return TOOLS.find((tool) => tool.name === name.toLowerCase())?.complete?.(call) ?? [];
}

/** Start of the last word, its opening quote included. */
function wordStart(line: string): number {
  let open = false;
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '"') open = !open;
    else if (!open && (/\s/.test(line[at]) || line[at] === '|')) start = at + 1;
  }
  return start;
}
