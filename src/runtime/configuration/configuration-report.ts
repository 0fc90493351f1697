import type {
  ConfigurationHistory,
  ConfigurationType,
  IconReport,
  ObjectCheck,
  OptionInfo,
} from '../../contract/rpc.ts';
import type { ConfigurationServerState } from '../../engine/configuration/configuration-server.ts';
import {
  APPLICATION_TYPE,
  type ConfigurationObject,
  OBJECT_TYPE_ORDER,
  OBJECT_TYPES,
  objectKey,
} from '../../engine/configuration/object-types.ts';
import { optionProblem } from '../../engine/configuration/option.ts';
import { historyLogSettings, SERVER_OPTIONS } from '../../engine/configuration/server-options.ts';
import { planEdits } from '../../engine/configuration/transaction.ts';
import { objectName } from '../../engine/configuration/validation.ts';
import { CONFIGURATION_CACHE_FILE } from '../../engine/icon/configuration-cache.ts';
import type { IconState } from '../../engine/icon/icon-state.ts';
import { ICON_OPTIONS } from '../../engine/icon/options.ts';
import { queueFileOf } from '../../engine/icon/queue-file.ts';
import { iconPlaces } from '../../engine/lab/icons.ts';
import type { Lab } from '../../engine/lab/lab.ts';

/** What screens show of the configuration and of ICON's copy of it. */

const SERVER = 'confserv';

export function serverOf(lab: Lab): ConfigurationServerState | undefined {
  return lab.stateOf<ConfigurationServerState>(SERVER);
}

export function reportTypes(lab: Lab): ConfigurationType[] {
  const counts = new Map<string, number>();
  for (const { type } of serverOf(lab)?.objects.values() ?? []) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return OBJECT_TYPE_ORDER.map((name) => ({
    name,
    ...OBJECT_TYPES[name],
    count: counts.get(name) ?? 0,
  }));
}

/** Options that an application of a type obeys. */
export function reportOptions(): OptionInfo[] {
  const of = (applicationType: number, options: object) =>
    Object.values(options).map((option) => ({ applicationType, ...option }));
  return [
    ...of(APPLICATION_TYPE.icon, ICON_OPTIONS),
    ...of(APPLICATION_TYPE.configurationServer, SERVER_OPTIONS),
  ];
}

/** What is wrong with an object that is being typed; a new one has no DBID. */
export function checkObject(
  lab: Lab,
  object: Omit<ConfigurationObject, 'dbid'> & { readonly dbid?: number },
): ObjectCheck {
  const server = serverOf(lab);
  if (!server) return { problems: [], warnings: [] };
  const { dbid = -1 } = object;
  const action = dbid < 0 ? 'create' : 'update';
  const edits = [{ action, object: { ...object, dbid } } as const];
  const { problems } = planEdits(server.objects, server.nextDbid, edits);
  const known = reportOptions().filter(
    ({ applicationType }) => applicationType === object.fields['applicationType'],
  );
  const warnings = known.flatMap((option) => {
    const { section, name } = option;
    const value = object.options?.[section]?.[name];
    const message = value === undefined ? undefined : optionProblem(option, value);
    return message ? [{ field: `${section}/${name}`, message }] : [];
  });
  return { problems: problems.flatMap(({ fields }) => fields), warnings };
}

/** Newest first. */
export function reportHistory(lab: Lab, limit: number): ConfigurationHistory {
  const server = serverOf(lab);
  if (!server) {
    const none = { records: [], total: 0, clients: [], settings: null, undo: '', redo: '' };
    return { ...none, waiting: 0, transaction: 0 };
  }
  const { log, objects, undo, unsynced } = server;
  const waiting = unsynced.reduce((sum, { records }) => sum + records.length, 0);
  const nameOf = (type: 'application' | 'person', dbid: number) => {
    const object = objects.get(objectKey(type, dbid));
    return object ? objectName(object) : String(dbid);
  };
  const settings = historyLogSettings(objects);
  return {
    records: log.records
      .slice(-limit)
      .toReversed()
      .map(({ object, author, application, hiddenFrom: _hidden, ...record }) => ({
        ...record,
        author: author.startsWith('person:') ? nameOf('person', Number(author.slice(7))) : author,
        only: application === 0 ? '' : nameOf('application', application),
        type: object.type,
        dbid: object.dbid,
        name: objectName(object),
      })),
    total: log.records.length,
    clients: [...log.clients].map(([application, { lastSeen, connected }]) => ({
      name: nameOf('application', application),
      lastSeen,
      connected,
    })),
    settings: { ...settings, expired: log.expired, lastRecord: server.nextRecord - 1 - waiting },
    waiting,
    transaction: server.nextTransaction - 1,
    undo: undo.done.at(-1)?.title ?? '',
    redo: undo.undone.at(-1)?.title ?? '',
  };
}

/** The first ICON without a name. */
export function reportIcon(lab: Lab, name?: string): IconReport | null {
  const places = iconPlaces(lab.definition);
  const { host, process } = places.find((place) => place.name === name) ?? places[0];
  const icon = lab.stateOf<IconState>(process);
  if (!icon) return null;
  const files = lab.simulation.world.hosts.get(host)!.disk.files;
  const sizeOf = (path: string) => files.get(path)?.sizeBytes ?? null;
  const { pipeline, synchronization } = icon;
  const total = OBJECT_TYPE_ORDER.filter((type) => OBJECT_TYPES[type].cfgObjectType).length;
  return {
    roles: icon.optionsRead ? icon.options.roles : [],
    connected: icon.configurationOpen,
    cache: {
      file: CONFIGURATION_CACHE_FILE,
      sizeBytes: sizeOf(CONFIGURATION_CACHE_FILE),
      record: icon.record,
      time: icon.cacheTime,
      objects: icon.objects.size,
      relations: icon.relations.size,
      untracked: [...icon.untracked],
      unsubmittedRows: icon.unsubmittedRows.length,
      gap: icon.gap,
    },
    synchronization: synchronization && {
      reason: synchronization.reason,
      phase: synchronization.phase,
      typesRead: total - synchronization.remaining.length,
      types: total,
      objects: synchronization.objects.length,
    },
    queue: {
      accumulator: pipeline.accumulator.rows,
      accumulatorLimit: icon.options.accQueueSize,
      lifespanSeconds: icon.options.accQueueLifespanSeconds,
      file: queueFileOf(icon),
      sizeBytes: sizeOf(queueFileOf(icon)),
      records: pipeline.queued.length,
      position: pipeline.lastPosition,
      idbConnected: pipeline.open,
    },
  };
}
