import { readFile } from '../../kernel/disk.ts';
import { civilDate, twoDigits } from '../../kernel/lab-time.ts';
import { type HostState, openFileOwner } from '../../kernel/world.ts';
import {
  findFile,
  findFolder,
  hasWildcard,
  matchFiles,
  resolvePath,
  shownPath,
  splitPath,
} from './paths.ts';
import {
  hostOf,
  parseOptions,
  say,
  type Tool,
  type ToolCall,
  type ToolEnvironment,
} from './tool.ts';
import { wildcard } from './wildcard.ts';

const decoder = new TextDecoder();
const MAX_LINES = 2000;
const SYNTAX = 'The syntax of the command is incorrect.';
const NO_DRIVE = 'The system cannot find the drive specified.';
const NO_PATH = 'The system cannot find the path specified.';
const NO_FILE = 'The system cannot find the file specified.';

/** `03/02/2026  09:00 AM` in the host's local time. */
function modified({ world, utcOffsetSeconds }: ToolEnvironment, us: number): string {
  const local = Math.floor(world.epochSeconds + us / 1e6 + utcOffsetSeconds);
  const { year, month, day } = civilDate(Math.floor(local / 86_400));
  const hour = Math.floor(local / 3600) % 24;
  const clock = `${twoDigits(hour % 12 || 12)}:${twoDigits(Math.floor(local / 60) % 60)}`;
  const half = hour < 12 ? 'AM' : 'PM';
  return `${twoDigits(month)}/${twoDigits(day)}/${year}  ${clock} ${half}`;
}

const changeFolder: Tool = {
  name: 'cd',
  usage: ['cd [folder]'],
  summary: 'shows or changes the current folder',
  complete: (call) => completePath(call, 'folders'),
  run(call) {
    const [typed] = call.words;
    const { folder } = call.state;
    if (typed === undefined) return say(shownPath(folder));
    const path = resolvePath(folder, typed);
    if (path === undefined) return say(NO_DRIVE);
    const found = findFolder(hostOf(call), path);
    return found === undefined ? say(NO_PATH) : { lines: [], state: { folder: found } };
  },
};

const list: Tool = {
  name: 'dir',
  usage: ['dir [folder or files] [/s] [/b]', '  /s also in the folders below   /b names alone'],
  summary: 'files of a folder',
  complete: (call) => completePath(call, 'all'),
  run(call) {
    const { options, rest, wrong } = parseOptions(call.words, { s: 'flag', b: 'flag' });
    if (wrong) return say(`Invalid switch - "${wrong.slice(1)}".`);
    const path = resolvePath(call.state.folder, rest[0] ?? '');
    if (path === undefined) return say(NO_DRIVE);
    const host = hostOf(call);
    const whole = findFolder(host, path);
    const isFolder = whole !== undefined && !findFile(host, path);
    const { folder, name } = isFolder ? { folder: whole, name: '*' } : splitPath(path);
    const start = findFolder(host, folder);
    if (start === undefined) return say('File Not Found');
    const folders = options.has('s') ? foldersBelow(host, start) : [start];
    const asked = { isBare: options.has('b'), showsPath: options.has('s'), name };
    const found = folders
      .map((one) => listFolder(call.environment, host, one, asked))
      .filter((lines) => lines.length > 0);
    const lines = found.flatMap((one, index) => (index > 0 && !asked.isBare ? ['', ...one] : one));
    return say(...(lines.length > 0 ? lines : ['File Not Found']));
  },
};

type Asked = { readonly isBare: boolean; readonly showsPath: boolean; readonly name: string };

function listFolder(
  environment: ToolEnvironment,
  host: HostState,
  folder: string,
  { isBare, showsPath, name }: Asked,
): string[] {
  const matches = wildcard(name === '*.*' ? '*' : name);
  const files = childrenOf(host, folder).filter((child) => matches(child.name));
  if (files.length === 0 && showsPath) return [];
  const prefix = folder === '' ? '' : `${folder}/`;
  if (isBare) {
    return files.map((file) => (showsPath ? shownPath(prefix + file.name) : file.name));
  }
  if (files.length === 0) return ['File Not Found'];
  const rows = files.map((file) => {
    const size = file.isFolder ? '<DIR>         ' : file.sizeBytes.toLocaleString('en-US');
    return `${modified(environment, file.modifiedUs)}  ${size.padStart(16)} ${file.name}`;
  });
  const plain = files.filter(({ isFolder }) => !isFolder);
  const total = plain.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const count = String(plain.length).padStart(16);
  const sum = `${count} File(s)  ${total.toLocaleString('en-US')} bytes`;
  return [` Directory of ${shownPath(folder)}`, '', ...rows, sum];
}

type Child = {
  readonly name: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
  readonly modifiedUs: number;
};

/** Files and folders directly in a folder, by name. */
function childrenOf({ disk }: HostState, folder: string): Child[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const found = new Map<string, Child>();
  for (const [path, { sizeBytes, modifiedUs }] of disk.files) {
    if (!path.startsWith(prefix)) continue;
    const [name, ...below] = path.slice(prefix.length).split('/');
    const isFolder = below.length > 0;
    const before = found.get(name);
    const latest = Math.max(modifiedUs, before?.modifiedUs ?? 0);
    found.set(name, { name, isFolder, sizeBytes: isFolder ? 0 : sizeBytes, modifiedUs: latest });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function foldersBelow(host: HostState, folder: string): string[] {
  const inner = childrenOf(host, folder).filter(({ isFolder }) => isFolder);
  const prefix = folder === '' ? '' : `${folder}/`;
  return [folder, ...inner.flatMap(({ name }) => foldersBelow(host, prefix + name))];
}

const show: Tool = {
  name: 'type',
  usage: ['type <file>'],
  summary: 'a text file',
  complete: (call) => completePath(call, 'all'),
  run(call) {
    const [typed] = call.words;
    if (!typed) return say(SYNTAX);
    const host = hostOf(call);
    const path = resolvePath(call.state.folder, typed);
    const file = path === undefined ? undefined : findFile(host, path);
    if (file === undefined) return say(NO_FILE);
    const text = decoder.decode(readFile(host.disk, file)!);
    if (file.toLowerCase().endsWith('.ems')) {
      return say(`${splitPath(file).name} is a binary log file: use dumplog.`);
    }
    if (text.includes('\0') || text.includes('\uFFFD')) return say(`${typed} is not a text file.`);
    const lines = text.trimEnd().split(/\r?\n/);
    const rest = lines.length - MAX_LINES;
    if (rest <= 0) return { lines };
    return { lines: [...lines.slice(0, MAX_LINES), `... and ${rest} lines more`] };
  },
};

const remove: Tool = {
  name: 'del',
  usage: ['del <file or files>', '  such as: del rtr_*.ems'],
  summary: 'deletes files',
  complete: (call) => completePath(call, 'all'),
  run(call) {
    const { state, environment } = call;
    const { rest, wrong } = parseOptions(call.words, { q: 'flag', f: 'flag' });
    if (wrong) return say(`Invalid switch - "${wrong.slice(1)}".`);
    if (rest.length === 0) return say(SYNTAX);
    const host = hostOf(call);
    const lines: string[] = [];
    const paths: string[] = [];
    for (const typed of rest) {
      const path = resolvePath(state.folder, typed);
      const files = path === undefined ? [] : matchFiles(host, path);
      if (files.length === 0) lines.push(`Could Not Find ${shownPath(path ?? typed)}`);
      for (const file of files) {
        const owner = openFileOwner(environment.world, state.host, file);
        if (owner) lines.push(shownPath(file), ACCESS);
        else paths.push(file);
      }
    }
    const commands = paths.map((path) => {
      return { verb: 'delete-file', host: state.host, path } as const;
    });
    return { lines, commands };
  },
};

const ACCESS = 'The process cannot access the file because it is being used by another process.';

/** Names that the word under the cursor may become. */
export function completePath(call: ToolCall, what: 'all' | 'folders'): string[] {
  const typed = call.words.at(-1) ?? '';
  if (hasWildcard(typed)) return [];
  const cut = Math.max(typed.lastIndexOf('\\'), typed.lastIndexOf('/')) + 1;
  const before = typed.slice(0, cut);
  const host = hostOf(call);
  const path = resolvePath(call.state.folder, before);
  const folder = path === undefined ? undefined : findFolder(host, path);
  if (folder === undefined) return [];
  return childrenOf(host, folder)
    .filter(({ isFolder }) => isFolder || what === 'all')
    .map(({ name, isFolder }) => `${before}${name}${isFolder ? '\\' : ''}`);
}

export const FILE_TOOLS: readonly Tool[] = [changeFolder, list, show, remove];
