import {
  CAMPAIGN_ACTIONS,
  DIAL_MODES,
  labCommandSchema,
  MEDIA_ACTIONS,
  MEDIA_NAMES,
  OUTSIDE_ACTIONS,
  objectTypeName,
  PHONE_ACTIONS,
  PROCEDURE_NAMES,
  RECORD_ACTIONS,
} from '../contract/commands.ts';
import type { Completion } from '../contract/rpc.ts';
import type { CommandResult } from '../engine/lab/commands.ts';
import type { Lab } from '../engine/lab/lab.ts';
import { AVAILABILITY_HELP } from './availability-lines.ts';
import { CALL_HELP } from './calls/call-lines.ts';
import { CONFIGURATION_HELP, CONFIGURATION_WORDS } from './configuration/configuration-lines.ts';
import type { JournalStore } from './journal/journal-store.ts';
import { reportGateways } from './node-report.ts';

/**
 * The lines of the lab manual that are no program of a host: commands of the lab itself, as the
 * transcripts write them and as the console "Lab" takes them.
 */

/** Name of the console that is no host's. */
export const LAB_CONSOLE = 'lab';

/** Everything that `do` may be followed by, a few to a line. */
function verbLines(): string[] {
  const verbs = labCommandSchema.options.map(({ shape }) => shape.verb.value);
  const lines: string[] = [];
  for (let at = 0; at < verbs.length; at += 6) {
    lines.push(`  ${verbs.slice(at, at + 6).join(', ')}`);
  }
  return lines;
}

export const LAB_CONSOLE_HELP = [
  'do VERB name=value ...         any command of the lab, such as: do crash-process process=ra-rtr',
  'cut NETWORK HOST HOST[,HOST]   both directions, such as: cut private cca ccb',
  'repair NETWORK HOST HOST[,HOST]',
  'call DIALED-NUMBER CALLER      such as: call 8001 5550100',
  'phone EXTENSION ACTION [...]   such as: phone 2001 dial 2002, phone 2001 complete transfer',
  'outside NUMBER ACTION          answer, busy, hang up, machine, fax or unknown',
  '                               such as: outside 5550100 hang up, outside 5550100 press 12',
  'submit MEDIA QUEUE [K=V ...]   email, chat or workitem, such as: submit email Mail',
  'media EXTENSION ACTION [...]   login, ready email, accept, done, place in workbin Drafts, ...',
  'campaign NAME ACTION           load, start, stop, unload; mode predictive, progressive, preview',
  'campaigns                      states of the campaigns, and how far their lists are',
  'record EXTENSION ACTION        preview, reschedule MINUTES, cancel, do not call, reject',
  'data EXTENSION KEY=VALUE       data delete KEY, data event KEY=VALUE: what a desktop attaches',
  'states                         synchronizers of every pair, active paths of the gateways',
  'alarms                         events raised and not cleared',
  'procedure NAME [PARAMETER ...]  stored procedures of IDB, such as: procedure gsysIRMerge',
  '                               calls, story, procedure: in idb2 at the end means a second IDB',
  ...CALL_HELP,
  ...AVAILABILITY_HELP,
  ...CONFIGURATION_HELP,
  'help',
  'Verbs of do; Tab tells what each needs:',
  ...verbLines(),
];

/** A command as the contract's schema yields it. */
type Command = (typeof labCommandSchema)['_output'];

export type ParsedLine =
  | { readonly kind: 'commands'; readonly commands: readonly Command[] }
  | { readonly kind: 'states' | 'alarms' | 'campaigns' | 'help' | 'nothing' }
  | { readonly kind: 'availability' | 'gaps' | 'unreliable' | 'choice' }
  | { readonly kind: 'calls' | 'story'; readonly text: string; readonly database?: string }
  | { readonly kind: 'wrong'; readonly message: string };

const wrong = (message: string): ParsedLine => ({ kind: 'wrong', message });

export function parseLabLine(line: string): ParsedLine {
  const [command, ...words] = splitWords(line);
  switch (command) {
    case undefined:
      return { kind: 'nothing' };
    case 'states':
    case 'alarms':
    case 'campaigns':
    case 'availability':
    case 'gaps':
    case 'unreliable':
    case 'choice':
    case 'help':
      if (words.length > 0) return wrong(`Nothing goes behind "${command}".`);
      return { kind: command };
    case 'calls':
    case 'story': {
      const { database, rest } = splitPlace(words);
      if (rest.length > 1) return wrong(`Write it like: ${command}, or ${command} 5550100`);
      return { kind: command, text: rest[0] ?? '', ...(database && { database }) };
    }
    case 'do':
      return parseDo(words);
    case 'call':
      if (words.length !== 2 || !words.every((word) => /^\d{2,16}$/.test(word))) {
        return wrong('Write it like: call 8001 5550100');
      }
      return parseDo(['place-call', `dialedNumber=${words[0]}`, `ani=${words[1]}`]);
    case 'phone':
      return parsePhone(words);
    case 'outside':
      return parseOutside(words);
    case 'procedure': {
      const { database, rest } = splitPlace(words);
      const [name, ...parameters] = rest;
      if (!(PROCEDURE_NAMES as readonly (string | undefined)[]).includes(name)) {
        const names = PROCEDURE_NAMES.join(', ');
        return wrong(`Write it like: procedure gsysIRMerge. There are: ${names}.`);
      }
      const place = database ? { database } : {};
      return parseCommand({ verb: 'run-procedure', name, parameters, ...place });
    }
    case 'submit':
      return parseSubmit(words);
    case 'media':
      return parseMedia(words);
    case 'campaign':
      return parseCampaign(words);
    case 'record':
      return parseRecord(words);
    case 'data':
      return parseData(words);
    case 'cut':
    case 'repair': {
      const [network, one, others, ...more] = words;
      if (!others || more.length > 0) return wrong(`Write it like: ${command} private cca ccb`);
      const commands = others.split(',').flatMap((other): Command[] => [
        { verb: command, network, from: one, to: other },
        { verb: command, network, from: other, to: one },
      ]);
      return { kind: 'commands', commands };
    }
    default:
      return wrong(`"${command}" is not a command of the lab. Type help for the list.`);
  }
}

/** `phone 2001 dial 2002`: the action is one word or two, and what follows belongs to it. */
function parsePhone([extension, ...words]: string[]): ParsedLine {
  const action = [3, 2, 1]
    .map((count) => words.slice(0, count).join(' '))
    .find((one) => (PHONE_ACTIONS as readonly string[]).includes(one));
  if (extension === undefined || action === undefined) {
    return wrong(`Write it like: phone 2001 dial 2002. Actions: ${PHONE_ACTIONS.join(', ')}.`);
  }
  const [first, second] = words.slice(action.split(' ').length);
  const named: Record<string, unknown> = { verb: 'use-phone', extension, action };
  if (first !== undefined) named[PHONE_ARGUMENTS[action] ?? 'number'] = first;
  if (second !== undefined) named[action === 'login' ? 'queue' : 'workMode'] = second;
  if (typeof named['workMode'] === 'string') named['workMode'] = Number(named['workMode']);
  return parseCommand(named);
}

const PHONE_ARGUMENTS: Readonly<Record<string, string>> = {
  login: 'agentId',
  'queue logout': 'queue',
  'not ready': 'reason',
};

/** `outside 5550100 hang up` */
function parseOutside([number, ...words]: string[]): ParsedLine {
  if (words[0] === 'press' && words.length === 2) {
    return parseCommand({ verb: 'act-outside', number, action: 'press', digits: words[1] });
  }
  const action = words.join(' ');
  if (number === undefined || !(OUTSIDE_ACTIONS as readonly string[]).includes(action)) {
    const actions = OUTSIDE_ACTIONS.join(', ');
    return wrong(`Write it like: outside 5550100 hang up. Actions: ${actions}.`);
  }
  return parseCommand({ verb: 'act-outside', number, action });
}

/** `submit email Inbound Subject=Order` */
function parseSubmit([media, queue, ...pairs]: string[]): ParsedLine {
  const bare = pairs.find((pair) => !pair.includes('='));
  if (queue === undefined || bare !== undefined) {
    return wrong('Write it like: submit email Inbound_Email Subject=Order');
  }
  const properties = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  return parseCommand({ verb: 'submit-interaction', media, queue, properties });
}

/** `media 2003 place in workbin Drafts` */
function parseMedia([extension, ...words]: string[]): ParsedLine {
  const action = [3, 2, 1]
    .map((count) => words.slice(0, count).join(' '))
    .find((one) => (MEDIA_ACTIONS as readonly string[]).includes(one));
  if (extension === undefined || action === undefined) {
    return wrong(`Write it like: media 2003 accept. Actions: ${MEDIA_ACTIONS.join(', ')}.`);
  }
  const subject = words.slice(action.split(' ').length).join(' ');
  return parseCommand({ verb: 'use-media', extension, action, ...(subject && { subject }) });
}

/** `campaign Renewals_2026 mode progressive` */
function parseCampaign([campaign, action, mode, ...rest]: string[]): ParsedLine {
  if (!(CAMPAIGN_ACTIONS as readonly (string | undefined)[]).includes(action) || rest.length > 0) {
    const actions = CAMPAIGN_ACTIONS.join(', ');
    return wrong(`Write it like: campaign Renewals_2026 start. Actions: ${actions}.`);
  }
  return parseCommand({ verb: 'run-campaign', campaign, action, ...(mode && { mode }) });
}

/** `record 2003 reschedule 30` */
function parseRecord([extension, ...words]: string[]): ParsedLine {
  const last = words.at(-1) ?? '';
  const minutes = /^\d+$/.test(last) ? words.pop() : undefined;
  const action = words.join(' ');
  if (!(RECORD_ACTIONS as readonly string[]).includes(action)) {
    const actions = RECORD_ACTIONS.join(', ');
    return wrong(`Write it like: record 2003 preview. Actions: ${actions}.`);
  }
  if (action === 'reschedule' && minutes === undefined) {
    return wrong('Write it like: record 2003 reschedule 30');
  }
  return parseCommand({ verb: 'handle-record', extension, action, ...(minutes && { minutes }) });
}

/** `data 2001 CUSTOMER_ID=C1`, `data 2001 delete CUSTOMER_ID`, `data 2001 event State.Help=on`. */
function parseData([extension, ...words]: string[]): ParsedLine {
  const how = words[0] === 'delete' || words[0] === 'event' ? words[0] : 'update';
  const pair = how === 'update' ? words[0] : words[1];
  if (extension === undefined || pair === undefined) {
    return wrong('Write it like: data 2001 CUSTOMER_ID=C1');
  }
  const at = pair.indexOf('=');
  const key = at < 0 ? pair : pair.slice(0, at);
  const value = at < 0 ? '' : pair.slice(at + 1);
  return parseCommand({ verb: 'attach-data', extension, how, key, value });
}

function parseCommand(command: object): ParsedLine {
  const parsed = labCommandSchema.safeParse(command);
  if (parsed.success) return { kind: 'commands', commands: [parsed.data] };
  const [issue] = parsed.error.issues;
  return wrong(`${issue.path.join('.')}: ${issue.message}.`);
}

/** `do stop-side side=A` */
/** Where a lab has two IDBs, `in idb2` at the end says which is meant. */
function splitPlace(words: readonly string[]) {
  if (words.at(-2) !== 'in') return { database: undefined, rest: [...words] };
  return { database: words.at(-1), rest: words.slice(0, -2) };
}

function parseDo([verb, ...pairs]: string[]): ParsedLine {
  const bare = pairs.find((pair) => !pair.includes('='));
  if (bare !== undefined) return wrong(`Write name=value, not "${bare}".`);
  const fields = pairs.map((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    return [name, parseValue(name, value)] as const;
  });
  const parsed = labCommandSchema.safeParse({ ...Object.fromEntries(fields), verb });
  if (parsed.success) return { kind: 'commands', commands: [parsed.data] };
  const [issue] = parsed.error.issues;
  if (verb === undefined) return wrong('Write it like: do crash-process process=ra-rtr');
  if (issue.path[0] === 'verb') return wrong(`There is no lab command "${verb}".`);
  const [missing] = issue.path;
  const isMissing = missing !== undefined && !fields.some(([name]) => name === missing);
  if (isMissing) return wrong(`${verb} needs ${String(missing)}=...`);
  const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return wrong(`${verb}: ${where}${issue.message}.`);
}

const TEXT_FIELDS = new Set([
  ...['dialedNumber', 'ani', 'text', 'path', 'variable'],
  ...['extension', 'number', 'agentId', 'queue', 'reason', 'key'],
]);

/** Numbers stay text where the command wants text: dialed numbers and callers. */
function parseValue(field: string, text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return !TEXT_FIELDS.has(field) && /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Blanks part words, but not within double quotes. */
export function splitWords(line: string): string[] {
  return (line.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

/** Verbs, and names of what they are about; values are for the one who types. */
export function completeLabLine(lab: Lab, line: string): Completion {
  const from = line.search(/\S*$/);
  const words = line.slice(0, from).trim().split(/\s+/).filter(Boolean);
  const typed = line.slice(from).toLowerCase();
  const choices = labCandidates(lab, words).filter((one) => one.toLowerCase().startsWith(typed));
  return { from, choices };
}

const LAB_COMMANDS = [
  ...['do', 'cut', 'repair', 'call', 'phone', 'outside', 'data', 'procedure', 'calls', 'story'],
  ...['submit', 'media', 'campaign', 'campaigns', 'record', 'states', 'alarms', 'help'],
  ...['availability', 'gaps', 'unreliable', 'choice'],
  ...CONFIGURATION_WORDS,
];

function labCandidates(
  { definition, simulation }: Lab,
  words: readonly string[],
): readonly string[] {
  const [command, verb] = words;
  const { world } = simulation;
  if (command === undefined) return LAB_COMMANDS;
  if (command === 'cut' || command === 'repair') {
    return words.length === 1 ? ['private', 'public'] : [...world.hosts.keys()];
  }
  if (command === 'call') {
    return definition.sites.flatMap(({ routingPoints }) => routingPoints.map(({ dn }) => dn));
  }
  if (command === 'phone' || command === 'data') {
    if (words.length === 1) return definition.agents.map(({ extension }) => extension);
    return command === 'phone' && words.length === 2 ? PHONE_ACTIONS : [];
  }
  if (command === 'procedure') return words.length === 1 ? PROCEDURE_NAMES : [];
  if (command === 'campaign') {
    const names = definition.outbound?.campaigns.map((one) => one.name) ?? [];
    return [names, CAMPAIGN_ACTIONS, verb === undefined ? [] : DIAL_MODES][words.length - 1] ?? [];
  }
  if (command === 'record') return words.length === 2 ? RECORD_ACTIONS : [];
  if (command === 'media') return words.length === 2 ? MEDIA_ACTIONS : [];
  if (command === 'submit') {
    const queues = definition.multimedia?.queues.map(({ name }) => name) ?? [];
    return [MEDIA_NAMES, queues][words.length - 1] ?? [];
  }
  if (command === 'outside') return words.length === 2 ? OUTSIDE_ACTIONS : [];
  if (command !== 'do') return configurationCandidates(command, words.length);
  if (verb === undefined) return labCommandSchema.options.map(({ shape }) => shape.verb.value);
  const option = labCommandSchema.options.find(({ shape }) => shape.verb.value === verb);
  const fields = Object.keys(option?.shape ?? {}).filter((field) => field !== 'verb');
  const named: Readonly<Record<string, Iterable<string>>> = {
    process: world.processes.keys(),
    host: world.hosts.keys(),
    side: ['A', 'B'],
  };
  return fields.flatMap((field) =>
    Object.hasOwn(named, field)
      ? [...named[field]].map((name) => `${field}=${name}`)
      : [`${field}=`],
  );
}

/** The type that an edit is about; names are for the one who types. */
function configurationCandidates(command: string, count: number): readonly string[] {
  const takesType = ['create', 'edit', 'enable', 'disable', 'delete', 'access', 'annex', 'show'];
  return takesType.includes(command) && count === 1 ? objectTypeName.options : [];
}

export function tellResult(result: CommandResult): string {
  return result.ok ? 'ok' : `${result.error.message} ${result.error.remedy}`;
}

/** Synchronizers of every pair, and the side that each gateway's active path leads to. */
export function reportStates(lab: Lab): string[] {
  const router = (side: string) => lab.stateOf<{ state: string }>(`r${side}-mds`)?.state ?? 'down';
  const row = (title: string, a: string, b: string, path: string) =>
    `${title.padEnd(19)} A ${a.padEnd(17)}  B ${b.padEnd(17)}  ${path}`.trimEnd();
  return [
    row('Central Controller', router('a'), router('b'), ''),
    ...reportGateways(lab).map(({ name, sides, activePath }) =>
      row(name, sides.A, sides.B, `active path: ${activePath || 'none'}`),
    ),
  ];
}

export function reportAlarms(journal: JournalStore, clock: (us: number) => string): string[] {
  const lines = journal.alarms.list().map(({ id, severity, process, text, sinceUs, single }) => {
    const line = `${clock(sinceUs)} ${id} ${severity} ${process}: ${text}`;
    return single ? `${line} (nothing clears it)` : line;
  });
  return lines.length > 0 ? lines : ['none'];
}
