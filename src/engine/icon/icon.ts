import { CONFIGURATION_SERVER_PORT } from '../configuration/messages.ts';
import type { DatabaseMessage } from '../idb/database-server.ts';
import type { Message } from '../kernel/events.ts';
import type { Behaviour } from '../kernel/process.ts';
import { createUuidPrefix } from '../telephony/identifiers.ts';
import {
  beginCallRows,
  CALL_MATCH_TIMEOUT_US,
  createCall,
  endCallRows,
  type IconCall,
  noteDnEvent,
  partyRows,
} from './call-model.ts';
import {
  CONFIGURATION_CACHE_FILE,
  markSubmitted,
  readCache,
  submitCached,
} from './configuration-cache.ts';
import { onConfigurationMessage, registerClient } from './configuration-client.ts';
import { T_EVENT_NUMBER } from './dictionary.ts';
import { createDirectory } from './directory.ts';
import type { IconConfig, IconContext, IconState, TServerLink } from './icon-state.ts';
import { readIconOptions } from './options.ts';
import {
  accumulate,
  connectDatabase,
  createPipeline,
  flushAccumulator,
  onDatabaseClosed,
  onDatabaseMessage,
  onQueueSynced,
  queueFile,
} from './pipeline.ts';
import { askAgain, continueSynchronization, onConfigurationRows } from './synchronization.ts';
import { connectTServer, onTServerClosed, onTServerOpened } from './t-server-links.ts';

const RETRY_US = 2_000_000;

/** The Interaction Concentrator server. */
export const icon: Behaviour<IconState> = {
  kind: 'icon',
  create: (config) => ({
    config: config as IconConfig,
    options: readIconOptions(null),
    optionsRead: false,
    pipeline: createPipeline(),
    lastRows: new Map(),
    configurationSession: 0,
    configurationOpen: false,
    record: -1,
    cacheTime: 0,
    objects: new Map(),
    untracked: new Set(),
    directory: createDirectory(),
    relations: new Map(),
    unsubmittedRows: [],
    unmarked: false,
    synchronization: null,
    wantsSynchronization: false,
    gap: '',
    links: new Map(),
    calls: new Map(),
    uuidPrefix: '',
    nextUuid: 1,
  }),
  onStart(context) {
    context.state.uuidPrefix = createUuidPrefix(() => context.uniform('uuid'));
    readCache(context);
    connectDatabase(context);
  },
  onTimer(context, name) {
    if (name === 'accumulator') flushAccumulator(context);
    else if (name === 'connect database') connectDatabase(context);
    else if (name === 'connect configuration') connectConfiguration(context);
    else if (name.startsWith('connect ')) connectTServer(context, name.slice(8));
    else if (name.startsWith('match ')) forgetUnmatched(context, name.slice(6));
  },
  onOpened(context, { session }) {
    const { state } = context;
    if (session === state.pipeline.session) {
      context.send(session, { type: 'open', icon: context.self });
    } else if (session === state.configurationSession) {
      state.configurationOpen = true;
      registerClient(context);
    } else onTServerOpened(context, session);
  },
  onClosed(context, session) {
    const { state } = context;
    if (session === state.pipeline.session) return onDatabaseClosed(context);
    if (session === state.configurationSession) {
      state.configurationOpen = false;
      return context.setTimer('connect configuration', RETRY_US);
    }
    onTServerClosed(context, session);
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.pipeline.session) {
      return onDatabase(context, message as unknown as DatabaseMessage);
    }
    if (session === state.configurationSession) return onConfigurationMessage(context, message);
    for (const [name, link] of state.links) {
      if (link.session === session) return onTEvent(context, name, link, message);
    }
  },
  onDiskSynced(context, path) {
    if (path === queueFile(context)) {
      onQueueSynced(context);
      markSubmitted(context);
    }
    if (path === CONFIGURATION_CACHE_FILE) {
      submitCached(context);
      continueSynchronization(context);
    }
  },
};

function onDatabase(context: IconContext, message: DatabaseMessage): void {
  if (message.type === 'configuration rows') return onConfigurationRows(context, message.rows);
  onDatabaseMessage(context, message, () => {
    submitCached(context);
    if (context.state.configurationSession === 0) connectConfiguration(context);
    askAgain(context);
  });
  continueSynchronization(context);
}

function connectConfiguration(context: IconContext): void {
  const { state } = context;
  const port = CONFIGURATION_SERVER_PORT;
  const host = state.config.configurationHost;
  if (state.configurationSession !== 0) context.close(state.configurationSession);
  state.configurationSession = context.connect({ host, port, network: 'public' });
}

function onTEvent(context: IconContext, name: string, link: TServerLink, event: Message): void {
  const { state } = context;
  if (event.type === 'EventCallCreated') {
    const { switchDbid } = state.config.tServers.find((server) => server.name === name)!;
    const call = createCall(context, event, switchDbid);
    if (link.ahead?.connId === call.connId) {
      call.lastDnEvent.set(link.ahead.dn, link.ahead.ccEvent);
      match(context, call);
    } else context.setTimer(`match ${call.uuid}`, CALL_MATCH_TIMEOUT_US);
    link.ahead = null;
  } else if (event.type.startsWith('EventCall')) onCallEvent(context, event);
  else if (event['ConnID'] !== undefined) onDnEvent(context, link, event);
}

function onDnEvent(context: IconContext, link: TServerLink, event: Message): void {
  const connId = String(event['ConnID']);
  const dn = String(event['ThisDN']);
  const ccEvent = T_EVENT_NUMBER[event.type] ?? 0;
  const call = context.state.calls.get(String(event['CallUUID']));
  if (!call) {
    link.ahead = { connId, dn, ccEvent };
    return;
  }
  call.lastDnEvent.set(dn, ccEvent);
  noteDnEvent(call, event.type);
  if (!call.matched) match(context, call);
}

function match(context: IconContext, call: IconCall): void {
  call.matched = true;
  context.cancelTimer(`match ${call.uuid}`);
  accumulate(context, beginCallRows(context, call));
  for (const early of call.early.splice(0)) onCallEvent(context, early);
}

function onCallEvent(context: IconContext, event: Message): void {
  const call = context.state.calls.get(String(event['CallUUID']));
  if (!call) return;
  if (!call.matched) {
    call.early.push(event);
    return;
  }
  const isEnd = event.type === 'EventCallDeleted';
  const rows = isEnd ? endCallRows(context, call, event) : partyRows(context, call, event);
  accumulate(context, rows);
}

/** Failed call-match: nothing was written, and all record of the call is destroyed. */
function forgetUnmatched(context: IconContext, uuid: string): void {
  const call = context.state.calls.get(uuid);
  if (!call || call.matched) return;
  context.state.calls.delete(uuid);
  context.log('warn', `Call ${uuid} was created, but no event of its DNs followed.`);
}
