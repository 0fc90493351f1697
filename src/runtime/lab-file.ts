import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { labFileSchema } from '../contract/lab-file.ts';
import { checkReferences, type ReferenceProblem } from '../contract/lab-file-references.ts';
import { parseDurationUs } from '../contract/units.ts';
import { type OptionType, optionProblem } from '../engine/configuration/option.ts';
import { SERVER_OPTIONS } from '../engine/configuration/server-options.ts';
import { checkScriptSource } from '../engine/icm/router/script.ts';
import { ICM_SETTINGS, type IcmSettingName } from '../engine/icm/settings.ts';
import { ICON_OPTIONS } from '../engine/icon/options.ts';
import { buildObjects } from '../engine/lab/build-objects.ts';
import { buildTopology } from '../engine/lab/build-topology.ts';
import type { LabDefinition } from '../engine/lab/definition.ts';
import { iconPlaces } from '../engine/lab/icons.ts';

export interface LabFileProblem {
  readonly file: string;
  /** 1 for the first line; 0 for the file as a whole. */
  readonly line: number;
  readonly message: string;
}

export type LabFileResult =
  | { readonly ok: true; readonly definition: LabDefinition; readonly text: string }
  | { readonly ok: false; readonly problems: readonly LabFileProblem[] };

const MAX_FILE_BYTES = 8 * 1024 * 1024;

export async function readLabFile(file: string): Promise<LabFileResult> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > MAX_FILE_BYTES) {
      return refuse(file, 'is larger than 8 MiB; a lab file is text of a few kilobytes');
    }
    return parseLabFile(file, bytes.toString('utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return refuse(file, 'does not exist');
    if (code === 'EISDIR') return refuse(file, 'is a folder; name a lab file in it');
    return refuse(file, `cannot be read (${code ?? error})`);
  }
}

/** Checks the text of a lab file whole and names every mistake with its line. */
export function parseLabFile(file: string, text: string): LabFileResult {
  if (text.includes('\0')) return refuse(file, 'is no lab file: it is not text');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => {
      const sentence = message.split(' at line')[0];
      return { file, line: lineAt(pos[0]), message: `is not valid YAML: ${sentence}` };
    });
    return { ok: false, problems };
  }
  const lineOf = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineAt(node.range[0]);
    }
    return 1;
  };
  /** Where a setting that nobody knows is written: a map knows the places of its keys. */
  const lineOfKey = (path: readonly PropertyKey[], key: string) => {
    const map = path.length > 0 ? document.getIn(path, true) : document.contents;
    const pair = isMap(map) ? map.items.find((item) => String(item.key) === key) : undefined;
    return isNode(pair?.key) && pair.key.range ? lineAt(pair.key.range[0]) : lineOf(path);
  };
  const problem = (path: readonly PropertyKey[], message: string): LabFileProblem => {
    const where = path.length > 0 ? `${path.join('.')}: ` : '';
    return { file, line: lineOf(path), message: `${where}${message}` };
  };
  const content = plainContent(document);
  if (content instanceof Error) return refuse(file, `cannot be used: ${content.message}`);
  if (content === null) return refuse(file, 'is empty; docs/lab-file.md describes a lab file');
  if (typeof content !== 'object' || Array.isArray(content)) {
    return refuse(file, 'is no lab file: that has settings by their names; see docs/lab-file.md');
  }
  const parsed = labFileSchema.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const { message, path } = issue;
      if (issue.code === 'unrecognized_keys') {
        return { ...problem(path, message), line: lineOfKey(path, issue.keys[0]) };
      }
      const isMissing = message.endsWith('received undefined') || !document.hasIn(path);
      return problem(path, isMissing && path.length > 0 ? 'is missing' : message);
    });
    return { ok: false, problems };
  }
  const broken = [
    ...checkReferences(parsed.data),
    ...checkSettings(document),
    ...checkOptions(parsed.data),
    ...checkScripts(parsed.data),
  ];
  // Nothing can be built of what refers to nothing.
  if (broken.length === 0) broken.push(...checkProcessNames(parsed.data));
  if (broken.length > 0) {
    return { ok: false, problems: broken.map(({ path, message }) => problem(path, message)) };
  }
  return { ok: true, definition: parsed.data, text };
}

/** An error for a file whose aliases would multiply without end. */
function plainContent(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return error as Error;
  }
}

/** Only the engine knows its settings, and whether one is a time or a count. */
function checkSettings(document: Document): ReferenceProblem[] {
  const written = document.getIn(['centralController', 'settings']);
  const problems: ReferenceProblem[] = [];
  for (const [name, value] of Object.entries(isMap(written) ? written.toJSON() : {})) {
    const say = (message: string) =>
      problems.push({ path: ['centralController', 'settings', name], message });
    if (!Object.hasOwn(ICM_SETTINGS, name)) {
      say(`there is no such setting; there are: ${Object.keys(ICM_SETTINGS).join(', ')}`);
      continue;
    }
    const { unit, min, max } = ICM_SETTINGS[name as IcmSettingName];
    const number = unit === 'us' ? parseDurationUs(String(value)) : value;
    if (unit === 'us' && typeof value !== 'string')
      say('is a time: write it with a unit, such as 2s');
    else if (unit !== 'us' && typeof value !== 'number') say('is a number without a unit');
    else if (number === undefined) say('is not a time; write it like 500ms or 2s');
    else if (Number(number) < min || Number(number) > max) {
      say(unit === 'us' ? 'must be 10ms to 1h' : `must be ${min} to ${max}`);
    }
  }
  return problems;
}

/** Processes have the names of what they are, in small letters: an ICON may not take another's. */
function checkProcessNames(lab: LabDefinition): ReferenceProblem[] {
  const { processes } = buildTopology(lab, buildObjects(lab));
  const problems: ReferenceProblem[] = [];
  for (const [at, { process }] of iconPlaces(lab).entries()) {
    const same = processes.filter(({ name }) => name === process);
    if (same.length < 2) continue;
    const kinds = same.map(({ kind }) => kind).join(' and ');
    const message = `two processes would be named ${process}: ${kinds}`;
    problems.push({ path: ['icon', at === 0 ? 'name' : 'second'], message });
  }
  return problems;
}

/** Options that the emulator does not obey would only seem to do something. */
function checkOptions({ icon, configurationServer }: LabDefinition): ReferenceProblem[] {
  const problems: ReferenceProblem[] = [];
  const check = (path: string[], known: readonly OptionType[], name: string, value: string) => {
    const option = known.find((candidate) => candidate.name === name);
    const names = known.map((candidate) => candidate.name).join(', ');
    const message = option
      ? optionProblem(option, value)
      : `there is no such option here; there are: ${names || 'none'}`;
    if (message) problems.push({ path: [...path, name], message });
  };
  const iconOptions: readonly OptionType[] = Object.values(ICON_OPTIONS).filter(
    // Roles have a place of their own in the file.
    ({ name }) => name !== ICON_OPTIONS.role.name,
  );
  for (const [name, value] of Object.entries(icon.options)) {
    check(['icon', 'options'], iconOptions, name, value);
  }
  const serverOptions: readonly OptionType[] = Object.values(SERVER_OPTIONS);
  for (const [section, values] of Object.entries(configurationServer.options)) {
    const known = serverOptions.filter((option) => option.section === section);
    for (const [name, value] of Object.entries(values)) {
      check(['configurationServer', 'options', section], known, name, value);
    }
  }
  return problems;
}

function checkScripts(lab: LabDefinition): ReferenceProblem[] {
  const groups = new Set(lab.groups.map(({ name }) => name));
  const labels = new Set([
    ...lab.sites.flatMap(({ queues }) => queues.map(({ dn }) => dn)),
    ...lab.agents.map(({ extension }) => extension),
  ]);
  return lab.scripts.flatMap(({ steps }, index) => {
    const path = ['scripts', index, 'steps'];
    if (steps.trim() === '') return [{ path, message: 'a script needs at least one step' }];
    const problems = checkScriptSource(steps, { groups, labels });
    return problems.map((message) => ({ path, message }));
  });
}

export function formatProblem({ file, line, message }: LabFileProblem): string {
  return line === 0 ? `${file} ${message}` : `${file}:${line}: ${message}`;
}

function refuse(file: string, message: string): LabFileResult {
  return { ok: false, problems: [{ file, line: 0, message }] };
}
