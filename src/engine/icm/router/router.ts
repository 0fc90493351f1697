import type { ConfigurationChange, ConfigurationObject } from '../../configuration/object-types.ts';
import type { Message } from '../../kernel/events.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import type { OrderedInput, RouteLabel, RouterInput, Side } from '../messages.ts';
import { type ClientState, createClientState, SynchronizedClient } from '../synchronized-client.ts';
import {
  applyConfigurationChange,
  createRouterState,
  hashState,
  loadConfiguration,
  noteSize,
  type RouterState,
  RouterTable,
  stateBytes,
} from './router-state.ts';
import { applyAgentState, routeCall } from './routing.ts';
import { recreateTables, snapshotTables } from './table-transfer.ts';

/** Dialogs remembered so that a request sent again gets the label it got before. */
const DIALOGS_KEPT = 32;
const CONFIGURATION_RETRY_US = 5_000_000;
const MEGABYTE = 1_048_576;

export type CallRouterState = {
  readonly client: ClientState;
  readonly thresholdMb: number;
  router: RouterState;
  loaded: boolean;
  /** Configuration changes applied so far; the next one must be the next revision. */
  revision: number;
  /** Changes ordered while the configuration was being loaded. */
  readonly early: ConfigurationChange[];
  aboveThreshold: boolean;
  /** The last state check of this side, to compare the other side's with. */
  check: { order: number; hash: string };
};

type RouterContext = Context<CallRouterState>;

const synchronized = new SynchronizedClient<CallRouterState>({
  name: 'rtr',
  version: 1,
  snapshot: (state) => [
    ...snapshotTables(state.router),
    { name: 'revision', numbers: [state.revision], bytes: new Uint8Array(0) },
  ],
  recreate: (state, sections) => {
    state.router = recreateTables(sections);
    state.loaded = true;
    state.revision = sections.find(({ name }) => name === 'revision')?.numbers[0] ?? 0;
    noteSize(state.router);
  },
  hash: (state) => hashState(state.router),
  startAlone(context) {
    // What a retired router knew is not believed.
    context.state.router = createRouterState();
    context.state.loaded = false;
    context.state.early.length = 0;
    requestConfiguration(context);
  },
  onOrdered,
  onOther: compareCheck,
});

/** The CallRouter: applies the ordered input, and nothing else, to its record tables. */
export const callRouter: Behaviour<CallRouterState> = {
  kind: 'rtr',
  create(config) {
    const { side, host, thresholdMb } = config as {
      side: Side;
      host: string;
      thresholdMb: number;
    };
    return {
      client: createClientState(side, host),
      thresholdMb,
      router: createRouterState(),
      loaded: false,
      revision: 0,
      early: [],
      aboveThreshold: false,
      check: { order: 0, hash: '' },
    };
  },
  onStart: (context) => synchronized.connect(context),
  onTimer(context, name) {
    if (synchronized.onTimer(context, name)) return;
    if (name === 'configuration' && !context.state.loaded) {
      context.log('error', 'The Router has not loaded a configuration from the Logger.');
      requestConfiguration(context);
    }
  },
  onOpened: (context, peer) => synchronized.onOpened(context, peer),
  onClosed: (context, session, reason) => synchronized.onClosed(context, session, reason),
  onMessage: (context, delivery) => synchronized.onMessage(context, delivery),
};

/** A cold router loads its configuration from its Logger, by the ordered way. */
function requestConfiguration(context: RouterContext): void {
  const input = { to: 'clgr', from: context.self, message: { type: 'configuration request' } };
  context.send(context.state.client.mdsSession, { type: 'input', input });
  context.setTimer('configuration', CONFIGURATION_RETRY_US);
}

function onOrdered(context: RouterContext, input: OrderedInput): void {
  const { state } = context;
  const message = input.message as unknown as RouterInput;
  switch (message.type) {
    case 'configuration':
      return loadFromLogger(context, message);
    case 'configuration update':
      return followConfiguration(context, message.change as ConfigurationChange);
    case 'route request':
      return answerRouteRequest(context, message, input);
    case 'agent state':
      return applyAgentState(state.router, message.extension, message.state, input.order);
    case 'peripheral online': {
      const peripherals = new RouterTable(state.router, 'peripheral');
      const handle = peripherals.findText('enterpriseName', message.peripheral);
      if (!handle) return;
      peripherals.set(handle, 'online', message.online ? 1 : 0);
      const word = message.online ? 'on-line' : 'off-line';
      return context.log('info', `Peripheral: ${message.peripheral} is ${word}.`);
    }
    case 'time tick':
      return sendCheck(context, input.order);
  }
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
  context.log(
    'info',
    `The Router has completed loading the initial configuration from the Logger. ` +
      `(${objects.length} objects, ${stateBytes(state.router)} bytes)`,
  );
  for (const change of state.early.splice(0)) followConfiguration(context, change);
  checkThreshold(context);
  synchronized.activate(context);
}

/** A change out of its turn is left: it comes again once the one before it has come. */
function followConfiguration(context: RouterContext, change: ConfigurationChange): void {
  const { state } = context;
  if (!state.loaded) return void state.early.push(change);
  if (change.revision !== state.revision + 1) return;
  applyConfigurationChange(state.router, change);
  state.revision = change.revision;
  checkThreshold(context);
}

function answerRouteRequest(
  context: RouterContext,
  request: Extract<RouterInput, { type: 'route request' }>,
  input: OrderedInput,
): void {
  const { router } = context.state;
  const dialogs = new RouterTable(router, 'routeDialog');
  const labels = new RouterTable(router, 'label');
  const peripherals = new RouterTable(router, 'peripheral');
  const peripheral = peripherals.findText('enterpriseName', request.peripheral);
  const low = request.dialog >>> 0;
  const high = Math.floor(request.dialog / 2 ** 32);
  for (const dialog of dialogs.handles()) {
    if (dialogs.get(dialog, 'dialogLow') !== low) continue;
    if (dialogs.get(dialog, 'dialogHigh') !== high) continue;
    if (dialogs.get(dialog, 'peripheral') !== peripheral) continue;
    const label = dialogs.get(dialog, 'label');
    const again = { callType: '', script: '', reason: 'asked again' };
    return sendLabel(context, request, input, label ? labels.text(label, 'label') : '', again);
  }
  const result = routeCall(router, request.dialedNumber, input);
  const dialog = dialogSlot(dialogs);
  dialogs.set(dialog, 'peripheral', peripheral);
  dialogs.set(dialog, 'dialogLow', low);
  dialogs.set(dialog, 'dialogHigh', high);
  dialogs.setText(dialog, 'dialedNumber', request.dialedNumber);
  dialogs.set(dialog, 'label', result.label ? labels.findText('label', result.label) : 0);
  dialogs.set(dialog, 'answeredOrder', input.order);
  noteSize(router);
  sendLabel(context, request, input, result.label, result);
}

/** A record for a new dialog: a fresh one, or the longest answered of those kept. */
function dialogSlot(dialogs: RouterTable): number {
  if (dialogs.count < DIALOGS_KEPT) return dialogs.add();
  let oldest = 0;
  for (const dialog of dialogs.handles()) {
    const order = dialogs.get(dialog, 'answeredOrder');
    if (oldest === 0 || order < dialogs.get(oldest, 'answeredOrder')) oldest = dialog;
  }
  return oldest;
}

function sendLabel(
  context: RouterContext,
  request: Extract<RouterInput, { type: 'route request' }>,
  input: OrderedInput,
  label: string,
  names: { callType: string; script: string; reason: string },
): void {
  const message: RouteLabel = {
    type: 'route label',
    dialog: request.dialog,
    peripheral: request.peripheral,
    label,
    callType: names.callType,
    script: names.script,
    reason: names.reason,
    order: input.order,
  };
  const { mdsSession } = context.state.client;
  context.send(mdsSession, { type: 'output', to: request.device, message });
}

function checkThreshold(context: RouterContext): void {
  const { state } = context;
  noteSize(state.router);
  const nowMb = Math.floor(stateBytes(state.router) / MEGABYTE);
  const above = nowMb > state.thresholdMb;
  if (above === state.aboveThreshold) return;
  state.aboveThreshold = above;
  const limit = `alarm limit of ${state.thresholdMb} MB`;
  if (above) {
    context.log('info', `The router state size of ${nowMb} MB has grown beyond the ${limit}.`);
  } else {
    context.log('info', `The Router's state size of: ${nowMb} MB is now below the ${limit}.`);
  }
}

function sendCheck(context: RouterContext, order: number): void {
  const { state } = context;
  const hash = hashState(state.router);
  state.check = { order, hash };
  context.send(state.client.mdsSession, { type: 'state check', order, hash });
}

/** The other side's check of the same position must carry the same hash. */
function compareCheck(context: RouterContext, message: Message): void {
  if (message.type !== 'state check') return;
  const { check } = context.state;
  if (check.order !== message['order'] || check.hash === message['hash']) return;
  context.log(
    'error',
    'The Router has detected that it is no longer synchronized with its partner.',
  );
}
