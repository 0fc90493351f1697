import { objectTypeName } from '../../contract/commands.ts';
import {
  type ConfigurationObject,
  OBJECT_TYPES,
  type ObjectTypeName,
  objectKey,
  RIGHTS,
  type Rights,
  type Sections,
} from '../../engine/configuration/object-types.ts';
import { optionProblem } from '../../engine/configuration/option.ts';
import { formatGmt } from '../../engine/idb/row-changes.ts';
import type { LabCommand } from '../../engine/lab/commands.ts';
import { type IconPlace, iconPlaces } from '../../engine/lab/icons.ts';
import type { Lab } from '../../engine/lab/lab.ts';
import { fieldsFromCells } from './configuration-csv.ts';
import { reportHistory, reportIcon, reportOptions, serverOf } from './configuration-report.ts';
import { NameIndex, objectFromNamed, toNamed } from './named-objects.ts';

/** Lines of the console of the lab that are about the configuration. */

export const CONFIGURATION_HELP = [
  'create TYPE field=value ...    such as: create skill name=Greek tenant=Halden',
  'edit TYPE NAME field=value ... such as: edit person E1001 lastName=Newman "skills=Sales=7;B=3"',
  'enable TYPE NAME, disable TYPE NAME, delete TYPE NAME',
  'access TYPE NAME ACCOUNT RIGHT SYSTEM, everyone, person:E1001; none, read, change, full, unset',
  'annex TYPE NAME SECTION OPTION VALUE       without VALUE it goes; so with option',
  'option APPLICATION SECTION OPTION VALUE    such as: option ICON1 callconcentrator cfg-annex 1',
  'undo, redo                     the newest edit; as PERSON before an edit makes it in their name',
  'show TYPE NAME                 all that is set in an object',
  'history, icon                  the history log; what ICON has of the configuration',
];

/** First words of these lines, for completion. */
export const CONFIGURATION_WORDS = [
  'create',
  'edit',
  'enable',
  'disable',
  'delete',
  'access',
  'annex',
  'option',
  'undo',
  'redo',
  'as',
  'show',
  'history',
  'icon',
] as const;

export type ConfigurationLine =
  | { readonly kind: 'command'; readonly command: LabCommand; readonly warning?: string }
  | { readonly kind: 'told'; readonly lines: readonly string[] }
  | { readonly kind: 'wrong'; readonly message: string };

const HISTORY_LINES = 20;
const MAX_NAME = 255;
const wrong = (message: string): ConfigurationLine => ({ kind: 'wrong', message });

/** What a line asks for; undefined for a line that is about something else. */
export function configurationLine(
  lab: Lab,
  [verb, ...words]: readonly string[],
): ConfigurationLine | undefined {
  if (!(CONFIGURATION_WORDS as readonly string[]).includes(verb)) return undefined;
  const server = serverOf(lab);
  if (verb === 'icon') return told(allIconLines(lab));
  if (!server) return wrong('The process confserv is not running. Start confserv first.');
  const { objects } = server;
  if (verb === 'history') return told(historyLines(lab));
  if (verb !== 'as') return editLine(objects, verb, words);
  const [name, ...rest] = words;
  const person = new NameIndex(objects).find('person', name ?? '');
  if (person === undefined) return wrong(`There is no person "${name ?? ''}".`);
  const line = configurationLine(lab, rest);
  if (line?.kind !== 'command') return line ?? wrong(`Write it like: as ${name} undo`);
  return { kind: 'command', command: { ...line.command, as: person } as LabCommand };
}

const told = (lines: readonly string[]): ConfigurationLine => ({ kind: 'told', lines });
const update = (object: ConfigurationObject): ConfigurationLine => {
  return { kind: 'command', command: { verb: 'update-object', object } };
};

type Objects = ReadonlyMap<string, ConfigurationObject>;

function editLine(objects: Objects, verb: string, words: readonly string[]): ConfigurationLine {
  if (verb === 'undo' || verb === 'redo') {
    if (words.length > 0) return wrong(`Nothing goes behind "${verb}".`);
    return { kind: 'command', command: { verb: `${verb}-edit` } };
  }
  const rest = verb === 'option' ? ['application', ...words] : words;
  const type = objectTypeName.safeParse(rest[0]);
  if (!type.success) {
    return wrong(`"${rest[0] ?? ''}" is no type; there are: ${objectTypeName.options.join(', ')}.`);
  }
  if (verb === 'create') return createLine(objects, type.data, rest.slice(1));
  const [, name = '', ...more] = rest;
  const dbid = new NameIndex(objects).find(type.data, name);
  const object = objects.get(objectKey(type.data, dbid ?? 0));
  if (!object) return wrong(`There is no ${OBJECT_TYPES[type.data].label} "${name}".`);
  switch (verb) {
    case 'delete': {
      const command = {
        verb: 'delete-object',
        objectType: object.type,
        dbid: object.dbid,
      } as const;
      return { kind: 'command', command };
    }
    case 'enable':
    case 'disable':
      return update({ ...object, state: verb === 'enable' ? 1 : 2 });
    case 'access':
      return accessLine(objects, object, more);
    case 'show':
      return told(JSON.stringify(toNamed(objects, object), null, 1).split('\n'));
    case 'annex':
      return sectionsLine(object, 'annex', more);
    case 'option':
      return withWarning(object, more, sectionsLine(object, 'options', more));
    default:
      return changeLine(objects, object, more);
  }
}

/** A wrong value is taken, as by the real servers, and what counts instead is said. */
function withWarning(
  { fields }: ConfigurationObject,
  [section, name, value]: readonly string[],
  line: ConfigurationLine,
): ConfigurationLine {
  if (line.kind !== 'command' || value === undefined) return line;
  const own = reportOptions().filter((one) => one.applicationType === fields['applicationType']);
  const option = own.find((one) => one.section === section && one.name === name);
  const unknown = `no option ${name} of section ${section} is known here: it counts for nothing`;
  if (!option) return own.length > 0 ? { ...line, warning: unknown } : line;
  const warning = optionProblem(option, value);
  return warning ? { ...line, warning } : line;
}

function createLine(
  objects: Objects,
  type: ObjectTypeName,
  pairs: readonly string[],
): ConfigurationLine {
  const problems: string[] = [];
  const fields = fieldsFromCells(type, pairs, (message) => void problems.push(message));
  const named = { type, fields };
  const { dbid: _none, ...object } = objectFromNamed(objects, named, -1, undefined, (message) => {
    problems.push(message);
  });
  if (problems.length > 0) return wrong(`${problems.join('; ')}.`);
  return { kind: 'command', command: { verb: 'create-object', object } };
}

function changeLine(
  objects: Objects,
  before: ConfigurationObject,
  pairs: readonly string[],
): ConfigurationLine {
  if (pairs.length === 0) return wrong('Write it like: edit person E1001 lastName=Newman');
  const problems: string[] = [];
  const say = (message: string) => void problems.push(message);
  const fields = fieldsFromCells(before.type, pairs, say);
  const named = { type: before.type, fields };
  const object = objectFromNamed(objects, named, before.dbid, before, say);
  return problems.length > 0 ? wrong(`${problems.join('; ')}.`) : update(object);
}

function accessLine(
  objects: Objects,
  object: ConfigurationObject,
  [account = '', rights = '']: readonly string[],
): ConfigurationLine {
  if (rights !== 'unset' && !(RIGHTS as readonly string[]).includes(rights)) {
    return wrong(`"${rights}" is no right; there are: ${RIGHTS.join(', ')}, unset.`);
  }
  const [, type, name] = /^(person|accessGroup):(.*)$/.exec(account) ?? [];
  const dbid = type && new NameIndex(objects).find(type as ObjectTypeName, name);
  if (type && dbid === undefined) return wrong(`There is no ${type} "${name}".`);
  const key = type ? objectKey(type as ObjectTypeName, Number(dbid)) : account;
  const others = (object.access ?? []).filter((entry) => entry.account !== key);
  const entry = { account: key, rights: rights as Rights };
  return update({ ...object, access: rights === 'unset' ? others : [...others, entry] });
}

function sectionsLine(
  object: ConfigurationObject,
  part: 'annex' | 'options',
  [section, name, value]: readonly string[],
): ConfigurationLine {
  if (!section || !name) return wrong('Name the section and the option, then the value.');
  if (section.length > MAX_NAME || name.length > MAX_NAME) {
    return wrong(`A section or an option has ${MAX_NAME} characters at most.`);
  }
  const sections: Sections = object[part] ?? {};
  const { [name]: _was, ...others } = sections[section] ?? {};
  const values = value === undefined ? others : { ...others, [name]: value };
  const { [section]: _section, ...rest } = sections;
  const isEmpty = Object.keys(values).length === 0;
  return update({ ...object, [part]: isEmpty ? rest : { ...rest, [section]: values } });
}

function historyLines(lab: Lab): string[] {
  const { records, total, clients, settings, waiting } = reportHistory(lab, HISTORY_LINES);
  const { utcOffsetSeconds } = lab.definition;
  const clock = (seconds: number) => formatGmt(seconds + utcOffsetSeconds);
  const state = settings?.active ? 'active' : 'off';
  const last = settings?.lastRecord ?? 0;
  return [
    `History log ${settings?.file}: ${state}, ${total} of ${last} records.`,
    ...clients.map(({ name, connected, lastSeen }) =>
      connected ? `${name}: connected` : `${name}: away since ${clock(lastSeen)}`,
    ),
    ...records.toReversed().map(({ record, changedAt, type, name, action, only, author }) => {
      const who = only ? ` for ${only}` : '';
      const { label } = OBJECT_TYPES[type];
      return `${clock(changedAt)} #${record} ${label} ${name} ${action}${who}, by ${author}`;
    }),
    ...(waiting > 0 ? [`${waiting} on the way to the disk: nobody is told before.`] : []),
  ];
}

/** One after the other where there are two. */
function allIconLines(lab: Lab): string[] {
  const places = iconPlaces(lab.definition);
  if (places.length === 1) return iconLines(lab, places[0]);
  return places.flatMap((place) => [`${place.name}:`, ...iconLines(lab, place)]);
}

function iconLines(lab: Lab, { name }: IconPlace): string[] {
  const icon = reportIcon(lab, name);
  if (!icon) return [`${name} is not running.`];
  const { cache, synchronization, queue } = icon;
  const record = cache.record < 0 ? 'none' : `up to record ${cache.record}`;
  return [
    `Roles: ${icon.roles.join(', ') || 'not read yet'}`,
    `Configuration Server: ${icon.connected ? 'connected' : 'no connection'}`,
    `Cache ${cache.file}: ${cache.sizeBytes ?? 0} bytes, ${cache.objects} objects, ${record}`,
    ...(cache.untracked.length > 0
      ? [`Came back into sight, tables not updated: ${cache.untracked.join(', ')}`]
      : []),
    ...(cache.gap ? [`Not reliable, resynchronize: ${cache.gap}`] : []),
    synchronization
      ? `Synchronization, ${synchronization.reason}: ${synchronization.phase}, ` +
        `${synchronization.typesRead} of ${synchronization.types} types`
      : 'Synchronization: none',
    `Queue ${queue.file}: ${queue.accumulator} rows in memory, ${queue.records} transactions; ` +
      `IDB ${queue.idbConnected ? 'connected' : 'not connected'}`,
  ];
}
