import type { Side } from '../icm/messages.ts';
import { DBA_PORT } from '../icm/ports.ts';
import type { Message } from '../kernel/events.ts';
import type { Behaviour, Context } from '../kernel/process.ts';
import { decodeRecords, encodeRecord } from '../kernel/record-log.ts';
import {
  type ConfigurationChange,
  type ConfigurationObject,
  type ObjectTypeName,
  objectKey,
} from './object-types.ts';

export const CONFIGURATION_SERVER_PORT = 2020;

/** What a client asks of the Configuration Server, and what it is told. */
export type ConfigurationMessage =
  | { type: 'read all objects' }
  | { type: 'read changes'; sinceRevision: number }
  | { type: 'objects'; revision: number; objects: readonly ConfigurationObject[] }
  | { type: 'changes'; revision: number; changes: readonly ConfigurationChange[] }
  | { type: 'object changed'; change: ConfigurationChange };

/** An edit that the contract has already validated against the object types. */
export type ConfigurationCommand =
  | { type: 'create object'; object: Omit<ConfigurationObject, 'dbid'> }
  | { type: 'update object'; object: ConfigurationObject }
  | { type: 'delete object'; objectType: ObjectTypeName; dbid: number };

/** The way to the Logger of one side. */
type DatabaseAgentLink = {
  readonly side: Side;
  readonly host: string;
  session: number;
  open: boolean;
  /** It said that no Logger is in operation, and has not taken it back. */
  refuses: boolean;
};

export type ConfigurationServerState = {
  revision: number;
  readonly objects: Map<string, ConfigurationObject>;
  nextDbid: number;
  /** History log: every change since the lab began. */
  readonly history: ConfigurationChange[];
  readonly clients: Set<number>;
  /** The Central Controller's database agents; the first open one takes updates. */
  readonly agents: DatabaseAgentLink[];
  /** Last revision that a Logger has confirmed. */
  confirmedRevision: number;
};

type ServerContext = Context<ConfigurationServerState>;

const RETRY_US = 5_000_000;
/** Emulator choice: a change that no Logger has confirmed for so long is sent again. */
const CONFIRM_US = 5_000_000;
/** The Configuration Database: every change since the lab was made. */
const DATABASE_FILE = 'configuration.db';

/** Keeps the configuration of the whole contact centre and tells both vendors of each change. */
export const configurationServer: Behaviour<ConfigurationServerState> = {
  kind: 'configuration-server',
  create(config) {
    const { objects, hosts } = config as {
      objects: readonly ConfigurationObject[];
      hosts: Record<Side, string>;
    };
    return {
      revision: 0,
      objects: new Map(objects.map((object) => [objectKey(object.type, object.dbid), object])),
      nextDbid: Math.max(0, ...objects.map(({ dbid }) => dbid)) + 1,
      history: [],
      clients: new Set(),
      agents: [
        { side: 'A', host: hosts.A, session: 0, open: false, refuses: false },
        { side: 'B', host: hosts.B, session: 0, open: false, refuses: false },
      ],
      confirmedRevision: 0,
    };
  },
  onStart(context) {
    readDatabase(context);
    context.listen(CONFIGURATION_SERVER_PORT);
    connectAgents(context);
  },
  onTimer(context, name) {
    if (name === 'confirm') return sendUnconfirmed(context);
    connectAgents(context);
  },
  onAccepted: (context, { session }) => void context.state.clients.add(session),
  onOpened(context, { session }) {
    const agent = context.state.agents.find((candidate) => candidate.session === session);
    if (!agent) return;
    agent.open = true;
    agent.refuses = false;
    sendUnconfirmed(context);
  },
  onClosed(context, session) {
    context.state.clients.delete(session);
    const agent = context.state.agents.find((candidate) => candidate.session === session);
    if (!agent) return;
    agent.session = 0;
    agent.open = false;
    context.setTimer('connect agents', RETRY_US);
  },
  onMessage: (context, { session, message }) => answer(context, session, message),
  onCommand: (context, command) => edit(context, command as unknown as ConfigurationCommand),
};

function readDatabase(context: ServerContext): void {
  const { state } = context;
  const bytes = context.readFile(DATABASE_FILE);
  if (!bytes) return;
  for (const record of decodeRecords(bytes).records) {
    const change = record as ConfigurationChange;
    const key = objectKey(change.object.type, change.object.dbid);
    if (change.action === 'deleted') state.objects.delete(key);
    else state.objects.set(key, change.object);
    state.nextDbid = Math.max(state.nextDbid, change.object.dbid + 1);
    state.revision = change.revision;
    state.history.push(change);
  }
}

function connectAgents(context: ServerContext): void {
  for (const agent of context.state.agents) {
    if (agent.session !== 0) continue;
    const port = DBA_PORT[agent.side];
    agent.session = context.connect({ host: agent.host, port, network: 'public' });
  }
}

function answer(context: ServerContext, session: number, message: Message): void {
  const { state } = context;
  const agent = state.agents.find((candidate) => candidate.session === session);
  if (agent && message.type === 'update rejected') {
    return refused(context, agent, message);
  }
  if (agent && message.type === 'loggers in operation') {
    agent.refuses = false;
    return sendUnconfirmed(context);
  }
  if (message.type === 'update applied') {
    // A Logger that has less than was confirmed before came back with an older database.
    state.confirmedRevision = Number(message['revision']);
    if (state.confirmedRevision < state.revision) context.setTimer('confirm', CONFIRM_US);
    else context.cancelTimer('confirm');
    return;
  }
  const request = message as unknown as ConfigurationMessage;
  const { revision } = state;
  if (request.type === 'read all objects') {
    context.send(session, { type: 'objects', revision, objects: [...state.objects.values()] });
  } else if (request.type === 'read changes') {
    const changes = state.history.filter((change) => change.revision > request.sinceRevision);
    context.send(session, { type: 'changes', revision, changes });
  }
}

/** The other side may have a Logger; else the change waits until one is in operation. */
function refused(context: ServerContext, agent: DatabaseAgentLink, message: Message): void {
  const { revision, reason } = message as Message & { revision: number; reason: string };
  const isNews = !agent.refuses;
  agent.refuses = true;
  if (isNews && writableAgent(context)) return sendUnconfirmed(context);
  context.log('warn', `The Central Controller refused change ${revision}: ${reason}.`);
  context.cancelTimer('confirm');
}

function writableAgent({ state }: ServerContext): DatabaseAgentLink | undefined {
  return state.agents.find(({ open, refuses }) => open && !refuses);
}

function edit(context: ServerContext, command: ConfigurationCommand): void {
  const { state } = context;
  if (command.type === 'create object') {
    const object = { ...command.object, dbid: state.nextDbid++ };
    return record(context, 'created', object);
  }
  if (command.type === 'update object') return record(context, 'updated', command.object);
  const object = state.objects.get(objectKey(command.objectType, command.dbid));
  if (object) record(context, 'deleted', object);
}

function record(
  context: ServerContext,
  action: ConfigurationChange['action'],
  object: ConfigurationObject,
): void {
  const { state } = context;
  const key = objectKey(object.type, object.dbid);
  if (action === 'deleted') state.objects.delete(key);
  else state.objects.set(key, object);
  const change: ConfigurationChange = {
    revision: ++state.revision,
    action,
    changedAt: Math.floor(context.utcSeconds),
    object,
  };
  state.history.push(change);
  context.appendFile(DATABASE_FILE, encodeRecord(change));
  context.syncFile(DATABASE_FILE);
  for (const client of state.clients) context.send(client, { type: 'object changed', change });
  updateLogger(context, change);
}

function updateLogger(context: ServerContext, change: ConfigurationChange): void {
  // Without a Logger each change is refused by name; it waits here all the same.
  const agent = writableAgent(context) ?? context.state.agents.find(({ open }) => open);
  if (!agent) return;
  context.send(agent.session, { type: 'configuration update', change });
  context.setTimer('confirm', CONFIRM_US);
}

/** Loggers ignore a revision they have; so everything unconfirmed may be sent again. */
function sendUnconfirmed(context: ServerContext): void {
  const { history, confirmedRevision } = context.state;
  for (const change of history) {
    if (change.revision > confirmedRevision) updateLogger(context, change);
  }
}
