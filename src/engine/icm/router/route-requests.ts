import {
  type HistoryRow,
  LABEL_TYPE,
  type OrderedInput,
  type RouteLabel,
  type RouterInput,
} from '../messages.ts';
import type { Handle } from '../record-table.ts';
import { applyAgentState, overdueReservations } from './agents.ts';
import type { RouterContext } from './call-router-state.ts';
import { noteSize, type RouterState, RouterTable } from './router-state.ts';
import {
  connectAgent,
  dequeue,
  nextQueuedCall,
  overdueCalls,
  queuedCallOf,
  type RoutingMoment,
  type RoutingResult,
  runScript,
  selectScript,
  takeTranslation,
  treatmentOf,
} from './routing.ts';
import { AGENT_STATE } from './tables.ts';
import { traceLabel, traceQueue, traceRequest, traceScript, traceTranslation } from './trace.ts';

/** Emulator choice: a dialog whose end was never reported is forgotten after two hours. */
const FORGET_SECONDS = 7200;

type RouteRequest = Extract<RouterInput, { type: 'route request' }>;

const momentOf = ({ state }: RouterContext, { order, second }: OrderedInput): RoutingMoment => ({
  order,
  second,
  settings: state.routing,
});

/** The dialog of a peripheral, or 0. */
function findDialog(state: RouterState, peripheral: string, dialog: number): Handle {
  const dialogs = new RouterTable(state, 'routeDialog');
  const low = dialog >>> 0;
  const high = Math.floor(dialog / 2 ** 32);
  for (const handle of dialogs.between('dialogLow', low, low)) {
    if (dialogs.get(handle, 'dialogHigh') !== high) continue;
    if (dialogs.text(handle, 'peripheral') === peripheral) return handle;
  }
  return 0;
}

/** Emulator choice: so long a network ICM may ask again and gets the same answer. */
const NETWORK_SECONDS = 60;

/** A request that comes again gets the answer that it got, and is not routed twice. */
export function answerRouteRequest(
  context: RouterContext,
  request: RouteRequest,
  input: OrderedInput,
): void {
  const { router } = context.state;
  traceRequest(context, request);
  const known = findDialog(router, request.peripheral, request.dialog);
  if (known) return answerAgain(context, known, input);
  const dialogs = new RouterTable(router, 'routeDialog');
  const dialog = dialogs.add();
  dialogs.setText(dialog, 'peripheral', request.peripheral);
  dialogs.setText(dialog, 'device', request.device);
  dialogs.set(dialog, 'dialogLow', request.dialog >>> 0);
  dialogs.set(dialog, 'dialogHigh', Math.floor(request.dialog / 2 ** 32));
  dialogs.setText(dialog, 'dialedNumber', request.dialedNumber);
  dialogs.set(dialog, 'requestedSecond', input.second);
  const translated = takeTranslation(router, request.dialedNumber, input.second);
  if (translated) {
    const reason = 'arrived by a translation route';
    return settleDialog(context, dialog, { label: translated, waits: false, reason }, input);
  }
  const { callType, script, reason } = selectScript(router, request.dialedNumber);
  dialogs.set(dialog, 'callType', callType);
  dialogs.set(dialog, 'script', script);
  traceScript(context, request.dialog, namesOf(router, dialog));
  const result = script
    ? runScript(router, dialog, firstNode(router, script), momentOf(context, input))
    : { label: '', waits: false, reason };
  settleDialog(context, dialog, result, input);
}

function firstNode(state: RouterState, script: Handle): Handle {
  return new RouterTable(state, 'script').get(script, 'firstNode');
}

function answerAgain(context: RouterContext, dialog: Handle, input: OrderedInput): void {
  const { router } = context.state;
  const dialogs = new RouterTable(router, 'routeDialog');
  const queued = queuedCallOf(router, dialog);
  const label = dialogs.text(dialog, 'label');
  const treatment = treatmentOf(router, queued);
  const result = { label, waits: queued !== 0, ...(treatment && { treatment }) };
  sendLabel(context, dialog, { ...result, reason: 'asked again' }, input);
}

/** Notes what became of the dialog and tells its device. */
function settleDialog(
  context: RouterContext,
  dialog: Handle,
  result: RoutingResult,
  input: OrderedInput,
): void {
  const { router } = context.state;
  const dialogs = new RouterTable(router, 'routeDialog');
  if (!result.waits) {
    dialogs.setText(dialog, 'label', result.label);
    dialogs.set(dialog, 'answeredOrder', input.order);
    countRouted(router, dialog, result.label !== '');
    writeHistory(context, dialog, result.label, input.second);
  }
  noteSize(router);
  const key = keyOf(router, dialog);
  if (result.waits && !result.treatment) traceQueue(context, key, 'waits in the router queue');
  traceTranslation(context, key, result.reason);
  sendLabel(context, dialog, result, input);
}

function countRouted(state: RouterState, dialog: Handle, found: boolean): void {
  const callType = new RouterTable(state, 'routeDialog').get(dialog, 'callType');
  const callTypes = new RouterTable(state, 'callType');
  if (callType) callTypes.increment(callType, found ? 'routed' : 'defaultRouted');
  new RouterTable(state, 'system').increment(1, found ? 'callsRouted' : 'callsDefaultRouted');
}

/** Each router feeds its own Logger; the key is the same on both sides. */
function writeHistory(context: RouterContext, dialog: Handle, label: string, second: number): void {
  const { router, client } = context.state;
  const system = new RouterTable(router, 'system');
  system.increment(1, 'historyKey');
  const { callType, script } = namesOf(router, dialog);
  const dialedNumber = new RouterTable(router, 'routeDialog').text(dialog, 'dialedNumber');
  const recoveryKey = system.get(1, 'historyKey');
  const row = { recoveryKey, second, dialedNumber, callType, script, label };
  const message: HistoryRow = { type: 'history row', ...row };
  context.send(client.mdsSession, { type: 'output', to: 'hlgr', message });
}

/** Rows with keys up to this one exist on some Logger. */
export function raiseHistoryKey(state: RouterState, key: number): void {
  const system = new RouterTable(state, 'system');
  if (key > system.get(1, 'historyKey')) system.set(1, 'historyKey', key);
}

function namesOf(state: RouterState, dialog: Handle): { callType: string; script: string } {
  const dialogs = new RouterTable(state, 'routeDialog');
  const name = (table: 'callType' | 'script') => {
    const handle = dialogs.get(dialog, table);
    return handle ? new RouterTable(state, table).text(handle, 'enterpriseName') : '';
  };
  return { callType: name('callType'), script: name('script') };
}

/** The number by which the device knows the dialog. */
function keyOf(state: RouterState, dialog: Handle): number {
  const dialogs = new RouterTable(state, 'routeDialog');
  return dialogs.get(dialog, 'dialogHigh') * 2 ** 32 + dialogs.get(dialog, 'dialogLow');
}

function sendLabel(
  context: RouterContext,
  dialog: Handle,
  result: RoutingResult,
  { order }: OrderedInput,
): void {
  const { router, client } = context.state;
  const dialogs = new RouterTable(router, 'routeDialog');
  const message: RouteLabel = {
    type: 'route label',
    dialog: keyOf(router, dialog),
    peripheral: dialogs.text(dialog, 'peripheral'),
    labelType: result.waits ? LABEL_TYPE.furtherProcessing : LABEL_TYPE.normal,
    label: result.label,
    ...(result.treatment && { treatment: result.treatment }),
    ...namesOf(router, dialog),
    reason: result.reason,
    order,
  };
  traceLabel(context, message);
  const to = dialogs.text(dialog, 'device');
  context.send(client.mdsSession, { type: 'output', to, message });
}

/** An announcement has been heard, or digits entered: the script goes on. */
export function endTreatment(
  context: RouterContext,
  message: Extract<RouterInput, { type: 'treatment ended' }>,
  input: OrderedInput,
): void {
  const { router } = context.state;
  const dialog = findDialog(router, message.peripheral, message.dialog);
  const queued = dialog ? queuedCallOf(router, dialog) : 0;
  // Of an earlier treatment, told late: another one goes on.
  const treatment = treatmentOf(router, queued);
  if (!treatment || treatment.number !== message.number) return;
  if (treatment.digits > 0) {
    new RouterTable(router, 'routeDialog').setText(dialog, 'digits', message.digits);
  }
  goOn(context, queued, input);
}

/** The next step of the script for a call that waits. */
function goOn(context: RouterContext, queued: Handle, input: OrderedInput): void {
  const { router } = context.state;
  const calls = new RouterTable(router, 'queuedCall');
  const dialog = calls.get(queued, 'dialog');
  const node = calls.get(queued, 'node');
  dequeue(router, queued);
  settleDialog(context, dialog, runScript(router, dialog, node, momentOf(context, input)), input);
}

/** The call has left its routing point, or is over: it waits no more, and then is forgotten. */
export function endDialog(
  context: RouterContext,
  message: Extract<RouterInput, { type: 'call ended' }>,
): void {
  const { router } = context.state;
  const dialog = findDialog(router, message.peripheral, message.dialog);
  if (!dialog) return;
  const queued = queuedCallOf(router, dialog);
  if (queued) {
    const isTreated = treatmentOf(router, queued) !== undefined;
    dequeue(router, queued);
    if (!isTreated) traceQueue(context, message.dialog, 'left the queue');
  }
  if (message.final) new RouterTable(router, 'routeDialog').remove(dialog);
}

/** An agent who has become available gets the call that goes before all others. */
export function serveAgent(context: RouterContext, agent: Handle, input: OrderedInput): void {
  const { router } = context.state;
  const next = nextQueuedCall(router, agent);
  if (!next) return;
  const dialog = new RouterTable(router, 'queuedCall').get(next.call, 'dialog');
  const result = connectAgent(router, dialog, agent, next.group, momentOf(context, input));
  if (!result) return;
  dequeue(router, next.call);
  traceQueue(context, keyOf(router, dialog), 'is served');
  settleDialog(context, dialog, result, input);
}

/**
 * What has waited long enough: agents who were reserved and never heard of again serve the queue,
 * calls go on with the next step of their script. Looked at with every ordered input.
 */
export function serveOverdue(context: RouterContext, input: OrderedInput): void {
  const { router } = context.state;
  if (new RouterTable(router, 'queuedCall').count === 0) return;
  for (const agent of overdueReservations(router, input.second)) {
    applyAgentState(router, agent, AGENT_STATE.available, input.order);
    serveAgent(context, agent, input);
  }
  for (const call of overdueCalls(router, input.second)) goOn(context, call, input);
}

/** Dialogs whose end never came. */
export function sweepDialogs(state: RouterState, second: number): void {
  const dialogs = new RouterTable(state, 'routeDialog');
  for (const dialog of [...dialogs.handles()]) {
    const queued = queuedCallOf(state, dialog);
    // A network ICM does not report the end of its calls.
    const isNetwork = dialogs.text(dialog, 'device') === 'cic' && !queued;
    const limit = isNetwork ? NETWORK_SECONDS : FORGET_SECONDS;
    if (second - dialogs.get(dialog, 'requestedSecond') < limit) continue;
    if (queued) dequeue(state, queued);
    dialogs.remove(dialog);
  }
}
