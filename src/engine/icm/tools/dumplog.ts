import { readFile } from '../../kernel/disk.ts';
import { civilDate, daysOf, timeOfDay } from '../../kernel/lab-time.ts';
import { decodeLogEntries, LOG_FILE_NAME, type LogFileEntry } from '../ems/log-file.ts';
import { completePath } from './files.ts';
import { findFolder, resolvePath, shownPath, splitPath, writablePath } from './paths.ts';
import {
  findNode,
  hostOf,
  isHelp,
  say,
  type Tool,
  type ToolAnswer,
  type ToolCall,
  type ToolEnvironment,
} from './tool.ts';

/** The tool's own usage text, with what is emulated (ICM-TOOL-01, confirmed). */
const USAGE = [
  'dumplog [ProcessName(s)] [/dir Dirs] [/if InputFile] [/o]',
  '        [/of OutputFile]',
  '        [/bd BeginDate(mm/dd/yyyy)] [/bt BeginTime(hh:mm:ss)]',
  '        [/ed EndDate(mm/dd/yyyy)] [/et EndTime(hh:mm:ss)] [/hr HoursBack]',
  '        [/all] [/last] [/prev] [/m MatchString] [/x ExcludeString] [/ms]',
  '        [/ciscoLog]',
  '        [/tzadjustoff]',
  '        [/help] [/?]',
];

const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

type Options = {
  processes: string[];
  folders: string[];
  inputFile: string;
  /** Output file; `*` is `<process>.txt`. */
  outputFile: string;
  /** Local seconds since 1970, as typed; whole days or times of day. */
  beginDay: number | undefined;
  endDay: number | undefined;
  beginSecond: number | undefined;
  endSecond: number | undefined;
  hoursBack: number | undefined;
  files: 'day' | 'all' | 'last' | 'prev';
  match: string;
  exclude: string;
  milliseconds: boolean;
  cisco: boolean;
  utc: boolean;
};

type Entry = LogFileEntry & {
  readonly node: string;
  readonly process: string;
  readonly number: number;
};

const DAY = 86_400;

export const dumplog: Tool = {
  name: 'dumplog',
  usage: USAGE,
  summary: 'the log files of ICM processes as text',
  complete(call) {
    const typed = call.words.at(-1) ?? '';
    const switches = '/dir /if /o /of /bd /bt /ed /et /hr /all /last /prev /m /x /ms /ciscoLog';
    if (typed.startsWith('/')) return switches.split(' ');
    const before = call.words.at(-2)?.toLowerCase() ?? '';
    if (['/if', '/of', '/dir'].includes(before)) return completePath(call, 'all');
    const names = logFiles(call, call.state.folder).map(({ process }) => process);
    return [...new Set(names)];
  },
  run(call) {
    if (call.words.some(isHelp)) return say(...USAGE);
    const options = parse(call);
    if (typeof options === 'string') return say(`dumplog: ${options}`);
    const { processes, inputFile } = options;
    if (processes.length === 0 && inputFile === '') return say(...USAGE);
    return dump(call, options);
  },
};

/** `cdlog lab50 ra`: goes to the folder of a node's logs (ICM-TOOL-02, confirmed). */
export const cdlog: Tool = {
  name: 'cdlog',
  usage: ['cdlog <customer> <node>', '  such as: cdlog lab50 ra'],
  summary: "goes to the folder of a node's log files",
  run(call) {
    const [customer, name] = call.words;
    if (!customer || !name || isHelp(customer)) return say(...cdlog.usage);
    const node = findNode(call.environment.world, name)?.node ?? name.toLowerCase();
    const path = `icm/${customer.toLowerCase()}/${node}/logfiles`;
    const folder = findFolder(hostOf(call), path);
    if (folder === undefined) return say('The system cannot find the path specified.');
    return { lines: [], state: { folder } };
  },
};

/** The options, or what is wrong with them. */
function parse(call: ToolCall): Options | string {
  const { words, state } = call;
  const host = hostOf(call);
  const options: Options = {
    processes: [],
    folders: [],
    inputFile: '',
    outputFile: '',
    beginDay: undefined,
    endDay: undefined,
    beginSecond: undefined,
    endSecond: undefined,
    hoursBack: undefined,
    files: 'day',
    match: '',
    exclude: '',
    milliseconds: false,
    cisco: false,
    utc: false,
  };
  let folder = state.folder;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word.startsWith('/')) {
      options.processes.push(word.toLowerCase());
      options.folders.push(folder);
      continue;
    }
    const name = word.toLowerCase();
    if (setFlag(options, name)) continue;
    if (!VALUED.has(name)) return `Unknown option ${word}. Type dumplog /? for the options.`;
    const value = words[++at];
    if (value === undefined) return `${word} needs a value.`;
    if (name === '/dir') {
      const path = resolvePath(state.folder, value);
      const found = path === undefined ? undefined : findFolder(host, path);
      if (found === undefined) return `There is no folder ${value}.`;
      // It counts for what is named after it; at the end of the line, for all that was named.
      if (words.slice(at + 1).every((rest) => rest.startsWith('/'))) options.folders.fill(found);
      folder = found;
    } else if (!setValue(options, name, value)) {
      return `${value} is no value for ${word}: write ${FORMS[name]}.`;
    }
  }
  return options;
}

const VALUED = new Set(['/dir', '/if', '/of', '/bd', '/bt', '/ed', '/et', '/hr', '/m', '/x']);

/** How the values are written that may be wrong. */
const FORMS: Readonly<Record<string, string>> = {
  '/bd': 'mm/dd/yyyy',
  '/ed': 'mm/dd/yyyy',
  '/bt': 'hh:mm or hh:mm:ss',
  '/et': 'hh:mm or hh:mm:ss',
  '/hr': 'hours, such as 2',
};

function setFlag(options: Options, name: string): boolean {
  if (name === '/all' || name === '/last' || name === '/prev') {
    options.files = name.slice(1) as 'all' | 'last' | 'prev';
  } else if (name === '/ms') options.milliseconds = true;
  else if (name === '/o') options.outputFile = '*';
  else if (name === '/ciscolog') options.cisco = true;
  else if (name === '/tzadjustoff') options.utc = true;
  else return false;
  return true;
}

function setValue(options: Options, name: string, value: string): boolean {
  if (name === '/if') options.inputFile = value;
  else if (name === '/of') options.outputFile = value;
  else if (name === '/m') options.match = value.toLowerCase();
  else if (name === '/x') options.exclude = value.toLowerCase();
  else if (name === '/hr') {
    options.hoursBack = Number(value);
    return options.hoursBack > 0 && options.hoursBack < 10_000;
  } else if (name === '/bd' || name === '/ed') {
    const day = parseDay(value);
    if (name === '/bd') options.beginDay = day;
    else options.endDay = day;
    return day !== undefined;
  } else {
    const second = parseTime(value);
    if (name === '/bt') options.beginSecond = second;
    else options.endSecond = second;
    return second !== undefined;
  }
  return true;
}

/** Days since 1970 of `mm/dd/yyyy`. */
function parseDay(text: string): number | undefined {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (!match) return undefined;
  const [month, day, year] = match.slice(1).map(Number);
  return daysOf(year, month, day);
}

function parseTime(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!match) return undefined;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return hours * 3600 + minutes * 60 + seconds;
}

type LogFile = { readonly path: string; readonly process: string };

function logFiles(call: ToolCall, folder: string): LogFile[] {
  const found = findFolder(hostOf(call), folder);
  if (found === undefined) return [];
  return [...hostOf(call).disk.files.keys()]
    .filter((path) => splitPath(path).folder === found)
    .map((path) => ({ path, match: LOG_FILE_NAME.exec(path) }))
    .filter(({ match }) => match !== null)
    .map(({ path, match }) => ({ path, process: match![1].toLowerCase() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function dump(call: ToolCall, options: Options): ToolAnswer {
  const files: LogFile[] = [];
  const missing: string[] = [];
  if (options.inputFile !== '') {
    const path = resolvePath(call.state.folder, options.inputFile) ?? '';
    const { folder, name } = splitPath(path);
    const file = logFiles(call, folder).find(
      (one) => splitPath(one.path).name.toLowerCase() === name.toLowerCase(),
    );
    if (file) files.push(file);
    else missing.push(`dumplog: cannot open the log file ${shownPath(path)}.`);
  }
  options.processes.forEach((process, index) => {
    const own = logFiles(call, options.folders[index]).filter((file) => file.process === process);
    const chosen = choose(own, options.files);
    if (chosen.length > 0) files.push(...chosen);
    else {
      const where = shownPath(options.folders[index]);
      missing.push(`dumplog: no log file of ${process} in ${where}.`);
    }
  });
  if (files.length === 0) return { lines: missing };
  const { entries, damaged } = readEntries(call, files);
  const window = windowOf(call.environment, options);
  const offset = options.utc ? 0 : call.environment.utcOffsetSeconds;
  const chosen = entries.filter((entry) => isWanted(entry, window, options, offset));
  const lines = options.cisco
    ? chosen.map((entry) => ciscoLine(call, entry))
    : standardLines(chosen, options, offset);
  const empty = chosen.length === 0 ? ['dumplog: nothing was logged in that time; try /all.'] : [];
  return deliver(call, options, [...missing, ...lines, ...empty, ...damaged]);
}

function choose(files: readonly LogFile[], which: Options['files']): readonly LogFile[] {
  if (which === 'last') return files.slice(-1);
  if (which === 'prev') return files.slice(-2, -1);
  return files;
}

function readEntries(call: ToolCall, files: readonly LogFile[]) {
  const entries: Entry[] = [];
  const damaged: string[] = [];
  for (const { path, process } of files) {
    const node = nodeOf(path);
    const decoded = decodeLogEntries(readFile(hostOf(call).disk, path)!);
    decoded.entries.forEach(
      (entry, number) => void entries.push({ ...entry, node, process, number }),
    );
    if (decoded.damagedAt >= 0) {
      damaged.push(
        `dumplog: ${splitPath(path).name} is damaged from byte ${decoded.damagedAt} on.`,
      );
    }
  }
  return { entries: entries.sort((a, b) => a.utcMs - b.utcMs), damaged };
}

/** Local milliseconds from and to; without any option the current day (ICM-TOOL-03). */
function windowOf(
  { world, utcOffsetSeconds }: ToolEnvironment,
  { beginDay, endDay, beginSecond, endSecond, hoursBack, files, inputFile }: Options,
): { from: number; to: number } {
  const now = world.epochSeconds + world.nowUs / 1e6 + utcOffsetSeconds;
  const today = Math.floor(now / DAY);
  if (hoursBack !== undefined) return { from: (now - hoursBack * 3600) * 1000, to: now * 1000 };
  const isDay = beginDay !== undefined || endDay !== undefined;
  const isTime = beginSecond !== undefined || endSecond !== undefined;
  if (!isDay && !isTime && (files !== 'day' || inputFile !== '')) {
    return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  }
  const first = beginDay ?? (endDay === undefined ? today : Math.min(endDay, today));
  const last = endDay ?? today;
  const from = first * DAY + (beginSecond ?? 0);
  const to = endSecond === undefined ? (last + 1) * DAY : last * DAY + endSecond + 1;
  return { from: from * 1000, to: to * 1000 };
}

function isWanted(
  entry: Entry,
  { from, to }: { from: number; to: number },
  { match, exclude, utc }: Options,
  offset: number,
): boolean {
  const local = entry.utcMs + (utc ? 0 : offset * 1000);
  if (local < from || local >= to) return false;
  const words = lineText(entry).toLowerCase();
  return words.includes(match) && (exclude === '' || !words.includes(exclude));
}

/** Trace lines carry the word before their text (ICM-TOOL-06, recalled). */
const lineText = ({ severity, text }: LogFileEntry) =>
  severity === 'trace' ? `Trace: ${text}` : text;

/** The node of a log folder: `icm/lab50/ra/logfiles`. */
function nodeOf(path: string): string {
  return path.split('/').at(-3) ?? '';
}

/** `hh:mm:ss ra-rtr text`, the date on a line of its own (ICM-LOG-01, confirmed). */
function standardLines(
  entries: readonly Entry[],
  { milliseconds }: Options,
  offset: number,
): string[] {
  const lines: string[] = [];
  let lastDay = Number.NaN;
  for (const entry of entries) {
    const { utcMs, node, process } = entry;
    const local = Math.floor(utcMs / 1000) + offset;
    const day = Math.floor(local / DAY);
    if (day !== lastDay) {
      const date = civilDate(day);
      lines.push(`Events from ${MONTHS[date.month - 1]} ${date.day}, ${date.year}`);
    }
    lastDay = day;
    const ms = milliseconds ? `:${String(Math.floor(utcMs) % 1000).padStart(3, '0')}` : '';
    lines.push(`${timeOfDay(local)}${ms} ${node}-${process} ${lineText(entry)}`);
  }
  return lines;
}

/** What a process does, for the Cisco form; only the router's is confirmed. */
const APPLICATIONS: Readonly<Record<string, string>> = {
  rtr: 'ProcessSynchronization',
  mds: 'MessageDelivery',
  ccag: 'DeviceManagement',
  dba: 'DatabaseAgent',
  nm: 'NodeManager',
  nmm: 'NodeManagerManager',
};

/** One line, times in UTC (ICM-LOG-02, confirmed; the application names: emulator choice). */
function ciscoLine(call: ToolCall, entry: Entry): string {
  const { environment, state } = call;
  const seconds = Math.floor(entry.utcMs / 1000);
  const { year, month, day } = civilDate(Math.floor(seconds / DAY));
  const ms = String(Math.floor(entry.utcMs) % 1000).padStart(3, '0');
  const date = `${MONTHS[month - 1].slice(0, 3)} ${day} ${year} ${timeOfDay(seconds)}.${ms} +0000`;
  const component = findNode(environment.world, entry.node)?.component ?? '';
  const kind = component.replace(/[AB]$/, '');
  const side = component.slice(-1);
  const what = APPLICATIONS[entry.process] ?? 'Process';
  const severity = entry.severity === 'warn' ? 'warning' : entry.severity;
  const tags =
    `[comp=${kind}-${side}][pname=${entry.process}][iid=${environment.customer}]` +
    `[sev=${severity}]`;
  const host = state.host.toUpperCase();
  return `${entry.number}: ${host}: ${date}: %ICM_${kind}_${what}: ${tags}: ${lineText(entry)}`;
}

function deliver(call: ToolCall, options: Options, lines: readonly string[]): ToolAnswer {
  if (options.outputFile === '') return { lines };
  const name =
    options.outputFile === '*' ? `${options.processes[0] ?? 'dumplog'}.txt` : options.outputFile;
  const path = writablePath(hostOf(call), call.state.folder, name);
  if (!path) return say(`dumplog: cannot write ${name}.`);
  const { host } = call.state;
  const text = `${lines.join('\r\n')}\r\n`;
  return {
    lines: [`${lines.length} lines written to ${shownPath(path)}.`],
    commands: [{ verb: 'write-file', host, path, text }],
  };
}
