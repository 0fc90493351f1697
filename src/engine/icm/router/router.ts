import type { ConfigurationChange, ConfigurationObject } from '../../configuration/object-types.ts';
import type { Behaviour } from '../../kernel/process.ts';
import { raise } from '../ems/raise.ts';
import { TRACE } from '../ems/trace-groups.ts';
import type { OrderedInput, RouterInput } from '../messages.ts';
import { registryNumber, STATE_VERSION, stateTransferKey } from '../registry/keys.ts';
import {
  type ClientConfig,
  createClientState,
  SynchronizedClient,
} from '../synchronized-client.ts';
import { agentAt, applyAgentState } from './agents.ts';
import type { CallRouterState, RouterContext } from './call-router-state.ts';
import { applyConfigurationChange, loadConfiguration } from './configuration.ts';
import { hearCheck, sendCheck } from './consistency.ts';
import { isLate, takeGatewayPaths, takePeripheralOnline } from './gateways.ts';
import { realTimeRows } from './real-time.ts';
import {
  answerRouteRequest,
  endDialog,
  endTreatment,
  raiseHistoryKey,
  serveAgent,
  serveOverdue,
  sweepDialogs,
} from './route-requests.ts';
import { createRouterState, noteSize, recordCount, stateBytes } from './router-state.ts';
import { recreateTables, snapshotTables } from './table-transfer.ts';
import { ROUTER_TABLES } from './tables.ts';
import { checkThreshold } from './threshold.ts';
import { traceAgent, traceChange, traceRealTime } from './trace.ts';
import { changeWatch, tellWatches } from './watches.ts';

const CONFIGURATION_RETRY_US = 5_000_000;
/** Version of the state format that this program speaks; the registry may say another. */
export const ROUTER_STATE_VERSION = 1;

const synchronized = new SynchronizedClient<CallRouterState>({
  name: 'rtr',
  version(context) {
    const { customer, client } = context.state;
    const entry = `${stateTransferKey(customer, client.config.side)}\\${STATE_VERSION}`;
    return registryNumber(context, entry, ROUTER_STATE_VERSION);
  },
  objectCount: ({ router }) => recordCount(router),
  snapshot: ({ state }) => [
    ...snapshotTables(state.router),
    { name: 'revision', numbers: [state.revision], bytes: new Uint8Array(0) },
  ],
  recreate(context, sections) {
    const { state } = context;
    state.router = recreateTables(sections);
    state.loaded = true;
    state.revision = sections.find(({ name }) => name === 'revision')?.numbers[0] ?? 0;
    state.outOfSync = false;
    noteSize(state.router);
    checkThreshold(context);
  },
  startAlone(context) {
    // What a retired router knew is not believed.
    context.state.router = createRouterState();
    context.state.loaded = false;
    context.state.early.length = 0;
    requestConfiguration(context);
  },
  onOrdered,
  onOther: hearCheck,
});

/** Changes whose growth is kept, so that a bulk edit can be summed up. */
const MAX_GROWTH = 20_000;

/** The CallRouter: applies the ordered input, and nothing else, to its record tables. */
export const callRouter: Behaviour<CallRouterState> = {
  kind: 'rtr',
  create(config) {
    const typed = config as ClientConfig & { customer: string; utcOffsetSeconds: number };
    const { settings } = typed;
    const seconds = (us: number) => Math.floor(us / 1e6);
    return {
      client: createClientState(typed),
      customer: typed.customer,
      routing: {
        utcOffsetSeconds: typed.utcOffsetSeconds,
        reservationSeconds: seconds(settings.agentReservation),
        translationSeconds: seconds(settings.translationRouteTimeout),
        queueSeconds: seconds(settings.queueTimeout),
      },
      router: createRouterState(),
      loaded: false,
      revision: 0,
      early: [],
      growth: [],
      aboveThreshold: false,
      ownCheck: { order: 0, hash: '' },
      otherCheck: { order: 0, hash: '' },
      outOfSync: false,
      watches: new Map(),
    };
  },
  onStart: (context) => synchronized.connect(context),
  onTimer(context, name) {
    if (synchronized.onTimer(context, name)) return;
    if (name === 'configuration' && !context.state.loaded) {
      raise(context, 'configurationMissing');
      requestConfiguration(context);
    }
  },
  onOpened: (context, peer) => synchronized.onOpened(context, peer),
  onClosed: (context, session, reason) => synchronized.onClosed(context, session, reason),
  onMessage: (context, delivery) => synchronized.onMessage(context, delivery),
  onCommand(context, command) {
    if (command.type === 'corrupt state') return corruptState(context);
    changeWatch(context, String(command['variable']), command['watched'] === true);
  },
};

/** The fault `corrupt-state`: one bit of a record that nothing but the comparison reads. */
function corruptState({ state }: RouterContext): void {
  const { callType } = state.router.tables;
  callType.words = callType.words.slice();
  const last = callType.used * ROUTER_TABLES.callType.recordWords - 1;
  if (last > 0) callType.words[last] ^= 1;
}

function onOrdered(context: RouterContext, input: OrderedInput): void {
  apply(context, input);
  if (context.state.watches.size > 0) tellWatches(context);
}

/** A cold router loads its configuration from its Logger, by the ordered way. */
function requestConfiguration(context: RouterContext): void {
  const input = { to: 'clgr', from: context.self, message: { type: 'configuration request' } };
  const keyInput = { ...input, to: 'hlgr', message: { type: 'history key request' } };
  const { mdsSession } = context.state.client;
  context.send(mdsSession, { type: 'input', input });
  context.send(mdsSession, { type: 'input', input: keyInput });
  context.setTimer('configuration', CONFIGURATION_RETRY_US);
}

function apply(context: RouterContext, input: OrderedInput): void {
  const { state } = context;
  const message = input.message as unknown as RouterInput;
  // Told in time, if only just: it is not overdue.
  if (message.type === 'treatment ended') endTreatment(context, message, input);
  serveOverdue(context, input);
  switch (message.type) {
    case 'configuration':
      return loadFromLogger(context, message);
    case 'configuration update':
      return followConfiguration(context, message.change as ConfigurationChange);
    case 'route request':
      return answerRouteRequest(context, message, input);
    case 'call ended':
      return endDialog(context, message);
    case 'agent state': {
      if (isLate(state.router, message)) return;
      const agent = agentAt(state.router, message.extension);
      if (!agent) return;
      applyAgentState(state.router, agent, message.state, input.order);
      traceAgent(context, message);
      return serveAgent(context, agent, input);
    }
    case 'peripheral online':
      return takePeripheralOnline(context, message);
    case 'gateway paths':
      return takeGatewayPaths(context, message);
    case 'history key':
      return raiseHistoryKey(state.router, message.key);
    case 'time tick':
      sweepDialogs(state.router, input.second);
      checkThreshold(context);
      tellRealTimeServer(context, input.second);
      return sendCheck(context, input.order);
  }
}

function tellRealTimeServer(context: RouterContext, second: number): void {
  const { client, router } = context.state;
  const rows = realTimeRows(router);
  traceRealTime(context, rows);
  const message = { type: 'real time', second, rows };
  context.send(client.mdsSession, { type: 'output', to: 'rts', message });
}

function loadFromLogger(
  context: RouterContext,
  message: Extract<RouterInput, { type: 'configuration' }>,
): void {
  const { state } = context;
  const objects = message.objects as readonly ConfigurationObject[];
  if (state.loaded) return;
  state.revision = message.revision;
  loadConfiguration(state.router, objects);
  state.loaded = true;
  context.cancelTimer('configuration');
  raise(context, 'configurationLoaded');
  if (context.traces(TRACE.rtr.configuration)) {
    const size = stateBytes(state.router);
    context.log('trace', `${objects.length} objects loaded, ${size} bytes of state.`);
  }
  for (const change of state.early.splice(0)) followConfiguration(context, change);
  checkThreshold(context);
  synchronized.activate(context);
}

/** A change out of its turn is left: it comes again once the one before it has come. */
function followConfiguration(context: RouterContext, change: ConfigurationChange): void {
  const { state } = context;
  if (!state.loaded) return void state.early.push(change);
  if (change.revision !== state.revision + 1) return;
  const before = stateBytes(state.router);
  applyConfigurationChange(state.router, change);
  state.growth.push({ seq: context.eventSeq, bytes: stateBytes(state.router) - before });
  if (state.growth.length > MAX_GROWTH) state.growth.splice(0, MAX_GROWTH / 2);
  traceChange(context, change);
  state.revision = change.revision;
  checkThreshold(context);
}
