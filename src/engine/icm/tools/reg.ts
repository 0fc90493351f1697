import { readFile } from '../../kernel/disk.ts';
import type { RegistryValue } from '../../kernel/process.ts';
import { findRegistryPath } from '../../kernel/registry.ts';
import type { RegistryChange } from '../../lab/commands.ts';
import { type RegistryEntry, refuseRegistryValue } from '../registry/catalogue.ts';
import { formatRegFile, parseRegFile, splitRegistryPath } from '../registry/reg-file.ts';
import { completePath } from './files.ts';
import { findFile, resolvePath, shownPath, writablePath } from './paths.ts';
import { hostOf, parseOptions, say, type Tool, type ToolAnswer, type ToolCall } from './tool.ts';

const DONE = 'The operation completed successfully.';
const NOT_FOUND = 'ERROR: The system was unable to find the specified registry key or value.';
const SYNTAX = 'ERROR: Invalid syntax.\nType "REG /?" for usage.';
const HELP = [
  'reg query <key> [/v name] [/s] [/f text]   values of a key; /s also below; /f that contain text',
  'reg add <key> /v name /t type /d data      REG_DWORD or REG_SZ; without /v the key alone',
  'reg delete <key> [/v name] [/va] /f        a value, all values, or the key with all below it',
  'reg export <key> <file>                    as a .reg file on this disk',
  'reg import <file>',
  'HKLM stands for HKEY_LOCAL_MACHINE.',
];

const ACTIONS: Readonly<Record<string, (call: ToolCall) => ToolAnswer>> = {
  query,
  add,
  delete: remove,
  export: exportKey,
  import: importFile,
};

export const reg: Tool = {
  name: 'reg',
  usage: HELP,
  summary: 'reads and changes the registry of this host',
  complete(call) {
    const [verb] = call.words;
    if (call.words.length === 1) return Object.keys(ACTIONS);
    if (verb === 'import' || (verb === 'export' && call.words.length === 3)) {
      return completePath(call, 'all');
    }
    if (call.words.length !== 2) return [];
    const { key: parent } = splitRegistryPath(longKey(call.words[1]));
    const prefix = parent === '' ? '' : `${parent}\\`;
    return childKeys(hostOf(call).registry, prefix);
  },
  run(call) {
    const [verb, ...words] = call.words;
    const name = verb?.toLowerCase() ?? '';
    if (!Object.hasOwn(ACTIONS, name)) return say(...SYNTAX.split('\n'));
    return ACTIONS[name]({ ...call, words });
  },
};

/** Keys directly below, each once, spelled as the registry has them first. */
function childKeys(registry: ReadonlyMap<string, RegistryValue>, prefix: string): string[] {
  const wanted = prefix.toLowerCase();
  const found = new Map<string, string>();
  for (const path of registry.keys()) {
    const end = path.indexOf('\\', prefix.length);
    if (end < 0 || !path.toLowerCase().startsWith(wanted)) continue;
    const child = path.slice(0, end);
    if (!found.has(child.toLowerCase())) found.set(child.toLowerCase(), child);
  }
  return [...found.values()];
}

function longKey(key: string): string {
  const whole = key.replace(/^HKLM(?=\\|$)/i, 'HKEY_LOCAL_MACHINE');
  return whole.replace(/\\+$/, '');
}

const show = (name: string, value: RegistryValue) => {
  const isNumber = typeof value === 'number';
  const text = isNumber ? `0x${value.toString(16)}` : value;
  return `    ${name || '(Default)'}    ${isNumber ? 'REG_DWORD' : 'REG_SZ'}    ${text}`;
};

function query(call: ToolCall): ToolAnswer {
  const known = { v: 'value', s: 'flag', f: 'value' } as const;
  const { options, rest, wrong } = parseOptions(call.words, known);
  if (wrong || rest.length !== 1) return say(...SYNTAX.split('\n'));
  const key = longKey(rest[0]).toLowerCase();
  const wantedName = options.get('v')?.toLowerCase();
  const text = options.get('f')?.toLowerCase() ?? '';
  const lines: string[] = [];
  let last = '';
  const { registry } = hostOf(call);
  for (const [path, value] of [...registry].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { key: found, name } = splitRegistryPath(path);
    const isHere = found.toLowerCase() === key;
    const isBelow = found.toLowerCase().startsWith(`${key}\\`);
    if (!isHere && !(isBelow && options.has('s'))) continue;
    if (wantedName !== undefined && name.toLowerCase() !== wantedName) continue;
    if (!path.toLowerCase().includes(text) && !String(value).toLowerCase().includes(text)) continue;
    if (found.toLowerCase() !== last) lines.push('', found);
    last = found.toLowerCase();
    lines.push(show(name, value));
  }
  const isPlain = wantedName === undefined && text === '' && !options.has('s');
  const below = isPlain ? childKeys(registry, `${longKey(rest[0])}\\`).sort() : [];
  if (below.length > 0) lines.push('', ...below);
  return lines.length > 0 ? { lines } : say(NOT_FOUND);
}

/** When a changed value acts, as a sentence; empty for values that mean nothing here. */
export function effectSentence(entry: RegistryEntry | undefined): string {
  if (!entry) return 'Nothing in the emulator reads this value.';
  if (entry.effect === 'at once') return `Acts at once (${entry.process}).`;
  if (entry.effect === 'next state transfer') return 'Acts with the next state transfer.';
  if (entry.effect === 'never') return 'Has no effect in the emulator.';
  return `Acts after ${entry.process} has been restarted.`;
}

function entryOf({ environment, state }: ToolCall, path: string): RegistryEntry | undefined {
  return environment.registryEntries(state.host).get(path.toLowerCase());
}

function add(call: ToolCall): ToolAnswer {
  const known = { v: 'value', t: 'value', d: 'value', f: 'flag' } as const;
  const { options, rest, wrong } = parseOptions(call.words, known);
  if (wrong || rest.length !== 1) return say(...SYNTAX.split('\n'));
  const key = longKey(rest[0]);
  if (!/^HKEY_[A-Z_]+(\\|$)/i.test(key)) return say('ERROR: Invalid key name.');
  const name = options.get('v');
  if (name === undefined) return write(call, `${key}\\`, '');
  if (name.includes('\\')) return say('ERROR: Invalid value name.');
  const type = (options.get('t') ?? 'REG_SZ').toUpperCase();
  const data = options.get('d') ?? '';
  if (type === 'REG_SZ') return write(call, `${key}\\${name}`, data);
  if (type !== 'REG_DWORD') return say(`ERROR: The type "${type}" is not kept here.`);
  const number = /^(0x[0-9a-f]+|\d+)$/i.test(data) ? Number(data) : Number.NaN;
  if (!(number <= 0xff_ff_ff_ff)) return say('ERROR: Invalid data for the type REG_DWORD.');
  return write(call, `${key}\\${name}`, number);
}

function write(call: ToolCall, typed: string, value: RegistryValue): ToolAnswer {
  const path = findRegistryPath(hostOf(call).registry, typed) ?? typed;
  const entry = entryOf(call, path);
  const refused = refuseRegistryValue(entry, value);
  if (refused) return say(`ERROR: ${refused}.`);
  const { host } = call.state;
  const told = path.endsWith('\\') ? [DONE] : [DONE, effectSentence(entry)];
  return { lines: told, commands: [{ verb: 'set-registry', host, path, value }] };
}

function remove(call: ToolCall): ToolAnswer {
  const known = { v: 'value', va: 'flag', f: 'flag' } as const;
  const { options, rest, wrong } = parseOptions(call.words, known);
  if (wrong || rest.length !== 1) return say(...SYNTAX.split('\n'));
  const key = longKey(rest[0]);
  const { registry } = hostOf(call);
  const name = options.get('v');
  const isHere = (path: string) => splitRegistryPath(path).key.toLowerCase() === key.toLowerCase();
  const inKey = [...registry.keys()].filter(isHere);
  const isKey = name === undefined && !options.has('va');
  const below = [...registry.keys()].some((path) =>
    path.toLowerCase().startsWith(`${key.toLowerCase()}\\`),
  );
  const one = name === undefined ? undefined : findRegistryPath(registry, `${key}\\${name}`);
  if (isKey ? !below : name === undefined ? inKey.length === 0 : !one) return say(NOT_FOUND);
  if (!options.has('f')) return askFirst(call, name ?? rest[0]);
  if (isKey && key.split('\\').length < 3) return say('ERROR: Access is denied.');
  const paths = one ? [one] : inKey;
  const changes: RegistryChange[] = isKey
    ? [{ path: key, value: null, isKey }]
    : paths.map((path) => ({ path, value: null }));
  const { host } = call.state;
  return { lines: [DONE], commands: [{ verb: 'import-registry', host, changes }] };
}

/** Windows asks here; this console reads one line at a time, so the answer is a switch. */
function askFirst({ words }: ToolCall, what: string): ToolAnswer {
  return say(
    `Permanently delete the registry ${words.includes('/v') ? 'value' : 'key'} ${what} (Yes/No)?`,
    'Nothing is deleted yet: type the line again with /f to answer yes.',
  );
}

function exportKey(call: ToolCall): ToolAnswer {
  const [typedKey, typedFile] = call.words;
  if (!typedKey || !typedFile) return say(...SYNTAX.split('\n'));
  const key = longKey(typedKey);
  const { registry } = hostOf(call);
  const text = formatRegFile(registry, key);
  if (!text.includes('[')) return say(NOT_FOUND);
  const path = writablePath(hostOf(call), call.state.folder, typedFile);
  if (!path) return say('ERROR: Invalid file name.');
  const { host } = call.state;
  const lines = [DONE, `Written to ${shownPath(path)}.`];
  return { lines, commands: [{ verb: 'write-file', host, path, text }] };
}

function importFile(call: ToolCall): ToolAnswer {
  const [typed] = call.words;
  if (!typed) return say(...SYNTAX.split('\n'));
  const host = hostOf(call);
  const path = resolvePath(call.state.folder, typed);
  const file = path === undefined ? undefined : findFile(host, path);
  if (!file) return say('ERROR: The system was unable to find the specified file.');
  const text = new TextDecoder().decode(readFile(host.disk, file)!);
  const { changes, problems } = parseRegFile(text);
  const refused = refuseChanges(changes, call.environment.registryEntries(host.name));
  const wrong = [...problems.map(({ line, message }) => `Line ${line}: ${message}`), ...refused];
  if (wrong.length > 0) return say('ERROR: Nothing was imported.', ...wrong.slice(0, 20));
  return {
    lines: [DONE],
    commands: [{ verb: 'import-registry', host: host.name, changes }],
  };
}

/** A sentence for each change whose value does not fit what is known of it. */
export function refuseChanges(
  changes: readonly RegistryChange[],
  entries: ReadonlyMap<string, RegistryEntry>,
): string[] {
  return changes.flatMap(({ path, value }) => {
    if (value === null) return [];
    const refused = refuseRegistryValue(entries.get(path.toLowerCase()), value);
    return refused ? [`${path}: ${refused}.`] : [];
  });
}
