import {
  type ConfigurationChange,
  type ConfigurationObject,
  objectKey,
} from '../../configuration/object-types.ts';
import { encodePlainData } from '../../kernel/plain-data.ts';
import { decodePlainData } from '../../kernel/plain-data-reader.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import { decodeRecords, encodeRecord } from '../../kernel/record-log.ts';
import type { OrderedInput, RouterInput } from '../messages.ts';
import type { StateSection } from '../state-section.ts';
import {
  type ClientConfig,
  type ClientState,
  createClientState,
  SynchronizedClient,
} from '../synchronized-client.ts';

/** The configuration portion of the Logger database on this side's disk. */
const DATABASE_FILE = 'icmdb/configuration.db';
const STATE_VERSION = 1;

type Database = { revision: number; objects: Map<string, ConfigurationObject> };

export type ConfigurationLoggerState = {
  readonly client: ClientState;
  /** What the lab's database holds before the Logger has ever run. */
  readonly installed: readonly ConfigurationObject[];
  database: Database;
};

type LoggerContext = Context<ConfigurationLoggerState>;

const synchronized = new SynchronizedClient<ConfigurationLoggerState>({
  name: 'clgr',
  version: () => STATE_VERSION,
  objectCount: ({ database }) => database.objects.size,
  snapshot({ state: { database } }) {
    const bytes = encodeDatabase(database);
    return [{ name: 'configuration', numbers: [database.revision], bytes }];
  },
  recreate(context, sections) {
    context.state.database = decodeDatabase(sections);
    writeDatabase(context);
    confirmRevision(context);
  },
  startAlone(context) {
    synchronized.activate(context);
    confirmRevision(context);
  },
  onOrdered,
});

/** The configuration logger: keeps the configuration that both routers load and follow. */
export const configurationLogger: Behaviour<ConfigurationLoggerState> = {
  kind: 'clgr',
  create(config) {
    const typed = config as ClientConfig & { objects: readonly ConfigurationObject[] };
    return {
      client: createClientState(typed),
      installed: typed.objects,
      database: { revision: 0, objects: new Map() },
    };
  },
  onStart(context) {
    openDatabase(context);
    synchronized.connect(context);
  },
  onTimer: (context, name) => void synchronized.onTimer(context, name),
  onOpened: (context, peer) => synchronized.onOpened(context, peer),
  onClosed: (context, session, reason) => synchronized.onClosed(context, session, reason),
  onMessage: (context, delivery) => synchronized.onMessage(context, delivery),
};

function openDatabase(context: LoggerContext): void {
  const { state } = context;
  const bytes = context.readFile(DATABASE_FILE);
  if (!bytes) {
    for (const object of state.installed) {
      state.database.objects.set(objectKey(object.type, object.dbid), object);
    }
    return writeDatabase(context);
  }
  const [first, ...changes] = decodeRecords(bytes).records;
  if (first) state.database = restoreDatabase(first as unknown as StoredDatabase);
  for (const change of changes) applyChange(state.database, change as ConfigurationChange);
}

function writeDatabase(context: LoggerContext): void {
  const { database } = context.state;
  const stored = { revision: database.revision, objects: [...database.objects.values()] };
  context.replaceFile(DATABASE_FILE, encodeRecord(stored));
  context.syncFile(DATABASE_FILE);
}

function onOrdered(context: LoggerContext, input: OrderedInput): void {
  const { state } = context;
  const { mdsSession } = state.client;
  const message = input.message as unknown as RouterInput;
  if (message.type === 'configuration request') {
    const { revision, objects } = state.database;
    const answer = { type: 'configuration', revision, objects: [...objects.values()] };
    context.send(mdsSession, { type: 'output', to: 'rtr', message: answer });
  } else if (message.type === 'configuration update') {
    const change = message.change as ConfigurationChange;
    if (change.revision === state.database.revision + 1) {
      applyChange(state.database, change);
      context.appendFile(DATABASE_FILE, encodeRecord(change));
      context.syncFile(DATABASE_FILE);
      const { object, action, revision } = change;
      context.log('info', `Change ${revision} written: ${object.type} ${object.dbid} ${action}.`);
    }
    confirmRevision(context);
  }
}

/** What this Logger has: whoever has more sends the rest. */
function confirmRevision(context: LoggerContext): void {
  const { client, database } = context.state;
  const message = { type: 'update applied', revision: database.revision };
  context.send(client.mdsSession, { type: 'output', to: 'dba', message });
}

function applyChange(database: Database, change: ConfigurationChange): void {
  const key = objectKey(change.object.type, change.object.dbid);
  if (change.action === 'deleted') database.objects.delete(key);
  else database.objects.set(key, change.object);
  database.revision = change.revision;
}

type StoredDatabase = { revision: number; objects: readonly ConfigurationObject[] };

function encodeDatabase({ revision, objects }: Database): Uint8Array {
  return encodePlainData({ revision, objects: [...objects.values()] });
}

function decodeDatabase(sections: readonly StateSection[]): Database {
  return restoreDatabase(decodePlainData(sections[0].bytes) as unknown as StoredDatabase);
}

function restoreDatabase({ revision, objects }: StoredDatabase): Database {
  const entries = objects.map((object) => [objectKey(object.type, object.dbid), object] as const);
  return { revision, objects: new Map(entries) };
}
