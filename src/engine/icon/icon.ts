import { CONFIGURATION_SERVER_PORT } from '../configuration/messages.ts';
import type { DatabaseMessage } from '../idb/database-server.ts';
import type { Message } from '../kernel/events.ts';
import type { Behaviour } from '../kernel/process.ts';
import { createUuidPrefix } from '../telephony/identifiers.ts';
import { updateStatistics } from './agents/agent-statistics.ts';
import { followCalls, onAgentTEvent, reconcileSession } from './agents/login-sessions.ts';
import { readSessions } from './agents/session-file.ts';
import {
  CONFIGURATION_CACHE_FILE,
  markSubmitted,
  readCache,
  submitCached,
} from './configuration-cache.ts';
import {
  onConfigurationMessage,
  registerClient,
  takeStoredOptions,
} from './configuration-client.ts';
import { endEarlierRows, forgetEarlierRows, keepStop } from './data-sources/session-rows.ts';
import {
  closeSourceSessions,
  type DataSource,
  enterEvent,
  enterSource,
  leaveSource,
  onSwitchConnected,
  onSwitchDisconnected,
  openSourceSessions,
  tellNoData,
} from './data-sources/source-sessions.ts';
import { configurationSource, sourceOf } from './data-sources/sources.ts';
import {
  createIconState,
  type IconConfig,
  type IconContext,
  type IconState,
} from './icon-state.ts';
import { endLeftovers } from './interactions/leftovers.ts';
import { dropUnsynchronized, endSnapshot } from './interactions/reconnection.ts';
import { forgetEnded, forgetUnmatched, onCallTEvent } from './interactions/t-events.ts';
import { failTransaction } from './interactions/transactions.ts';
import {
  beat,
  followHeartbeatOptions,
  onAgentClosed,
  onAgentOpened,
} from './management/heartbeats.ts';
import { onMediaEvent } from './media/media-events.ts';
import {
  connectInteractions,
  onInteractionsClosed,
  onInteractionsOpened,
} from './media/media-link.ts';
import { dropAside } from './media/media-memory.ts';
import { onOutboundEvent } from './outbound/outbound-events.ts';
import { connectOutbound, onOutboundClosed, onOutboundOpened } from './outbound/outbound-link.ts';
import { readOutbound } from './outbound/outbound-memory.ts';
import {
  accumulated,
  connectDatabase,
  flushAccumulator,
  onDatabaseClosed,
  onDatabaseMessage,
  onQueueSynced,
} from './pipeline.ts';
import { forgetVolatileQueue, queueFile } from './queue-file.ts';
import { writeSequences } from './rows.ts';
import { askAgain, continueSynchronization, onConfigurationRows } from './synchronization.ts';
import {
  connectTServer,
  linkOfSession,
  onTServerClosed,
  onTServerOpened,
} from './t-server-links.ts';

const RETRY_US = 2_000_000;

/** The Interaction Concentrator server. */
export const icon: Behaviour<IconState> = {
  kind: 'icon',
  create: (config) => createIconState(config as IconConfig),
  onStart(context) {
    const { state } = context;
    state.uuidPrefix = createUuidPrefix(() => context.uniform('uuid'));
    state.startedSeconds = Math.floor(context.utcSeconds);
    readCache(context);
    takeStoredOptions(context);
    forgetVolatileQueue(context);
    dropAside(context);
    followHeartbeatOptions(context);
    connectDatabase(context);
  },
  onStop(context) {
    if (context.state.pipeline.adopted) flushAccumulator(context);
    keepStop(context);
  },
  onTimer(context, name, data) {
    onTimer(context, name, data);
    accumulated(context);
  },
  onOpened(context, { session }) {
    const { state } = context;
    if (session === state.heartbeats.session) return onAgentOpened(context);
    const source = sourceOf(state, session);
    if (source) openSourceSessions(context, source);
    if (session === state.pipeline.session) {
      context.send(session, { type: 'open', icon: context.self });
    } else if (session === state.configurationSession) {
      state.configurationOpen = true;
      openSourceSessions(context, configurationSource(state));
      registerClient(context);
    } else if (session === state.outbound.session) onOutboundOpened(context);
    else if (session === state.media.session) onInteractionsOpened(context);
    else onTServerOpened(context, session);
  },
  onClosed(context, session) {
    const { state } = context;
    if (session === state.pipeline.session) return onDatabaseClosed(context);
    if (session === state.heartbeats.session) return onAgentClosed(context);
    if (session === state.configurationSession) {
      state.configurationOpen = false;
      closeSourceSessions(context, configurationSource(state).name);
      return context.setTimer('connect configuration', RETRY_US);
    }
    const source = sourceOf(state, session);
    if (source) enterSource(context, source.name);
    if (session === state.outbound.session) onOutboundClosed(context);
    else if (session === state.media.session) onInteractionsClosed(context);
    else onTServerClosed(context, session);
    leaveSource(context);
    if (source) closeSourceSessions(context, source.name);
    accumulated(context);
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.pipeline.session) {
      return onDatabase(context, message as unknown as DatabaseMessage);
    }
    if (session === state.configurationSession) return onConfigurationMessage(context, message);
    const source = sourceOf(state, session);
    if (source) enterEvent(context, source.name, message);
    if (session === state.outbound.session) onOutboundEvent(context, message);
    else if (session === state.media.session) onMediaEvent(context, message);
    else if (source) onTEvent(context, session, source, message);
    leaveSource(context);
    accumulated(context);
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

function onTimer(context: IconContext, name: string, data: unknown): void {
  const [what, ...rest] = name.split(' ');
  const subject = rest.join(' ');
  switch (what) {
    case 'accumulator':
      return flushAccumulator(context);
    case 'match':
      return forgetUnmatched(context, subject);
    case 'forget':
      return forgetEnded(context);
    case 'transaction':
      return failTransaction(context, data as Parameters<typeof failTransaction>[1]);
    case 'restore':
      enterSource(context, subject);
      dropUnsynchronized(context, subject);
      return leaveSource(context);
    case 'no':
      return tellNoData(context, rest[1]);
    case 'heartbeat':
      return beat(context);
    case 'sequences':
      return writeSequences(context);
    case 'agent':
      return updateStatistics(context);
    case 'connect':
      if (subject === 'database') return connectDatabase(context);
      if (subject === 'configuration') return connectConfiguration(context);
      if (subject === 'agent') return followHeartbeatOptions(context);
      if (subject === 'outbound') return connectOutbound(context);
      if (subject === 'interactions') return connectInteractions(context);
      return connectTServer(context, subject);
  }
}

function onDatabase(context: IconContext, message: DatabaseMessage): void {
  if (message.type === 'configuration rows') return onConfigurationRows(context, message.rows);
  if (message.type === 'active rows') return endLeftovers(context, message.rows);
  onDatabaseMessage(context, message, () => {
    recollect(context);
    submitCached(context);
    if (context.state.configurationSession === 0) connectConfiguration(context);
    askAgain(context);
  });
  continueSynchronization(context);
}

/** What ICON's files say of an earlier run. */
function recollect(context: IconContext): void {
  const { state } = context;
  if (state.recollected) return;
  state.recollected = true;
  readSessions(context);
  readOutbound(context);
  endEarlierRows(context);
  flushAccumulator(context);
  forgetEarlierRows(context);
}

function connectConfiguration(context: IconContext): void {
  const { state } = context;
  const port = CONFIGURATION_SERVER_PORT;
  const host = state.config.configurationHost;
  if (state.configurationSession !== 0) context.close(state.configurationSession);
  state.configurationSession = context.connect({ host, port, network: 'public' });
}

/** Agents first: a party's row names the login session of its DN. */
function onTEvent(context: IconContext, session: number, source: DataSource, event: Message): void {
  const link = linkOfSession(context.state, session)!;
  // The T-Server is there and its switch is not: nothing new can come.
  if (event.type === 'EventLinkDisconnected') return onSwitchDisconnected(context, source);
  if (event.type === 'EventLinkConnected') return onSwitchConnected(context, source);
  if (event.type === 'EventRegistered') return reconcileSession(context, link, event);
  if (event.type === 'EventACK') return endSnapshot(context, link, event);
  if (onAgentTEvent(context, link, event)) return;
  onCallTEvent(context, link, event);
  followCalls(context, event);
}
