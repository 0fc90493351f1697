import type { CallTreatment } from '../../telephony/messages.ts';
import type { Handle } from '../record-table.ts';
import { longestAvailable, reserveAgent } from './agents.ts';
import { type RouterState, RouterTable } from './router-state.ts';
import { AGENT_STATE, isCondition, SCRIPT_OPERATION } from './tables.ts';

/** Numbers that routing goes by, the same on both sides. */
export interface RoutingSettings {
  readonly utcOffsetSeconds: number;
  readonly reservationSeconds: number;
  readonly translationSeconds: number;
  readonly queueSeconds: number;
}

export interface RoutingMoment {
  /** Position in the ordered input. */
  readonly order: number;
  /** Lab second that the enabled synchronizer stamped on the input. */
  readonly second: number;
  readonly settings: RoutingSettings;
}

export interface RoutingResult {
  /** Label to send the call to; empty when there is none. */
  readonly label: string;
  /** The call waits in the router; a label follows. */
  readonly waits: boolean;
  /** What the caller hears meanwhile, if not music. */
  readonly treatment?: CallTreatment;
  /** Why, in words. */
  readonly reason: string;
}

/**
 * Emulator choice: how much longer than a treatment the router waits for its end. A switch that has
 * told it and hears nothing goes its own way before that.
 */
const TREATMENT_GRACE_SECONDS = 8;

const none = (reason: string): RoutingResult => ({ label: '', waits: false, reason });

/** Call type and script of a dialed number; counts the request. */
export function selectScript(
  state: RouterState,
  dialedNumber: string,
): { callType: Handle; script: Handle; reason: string } {
  const numbers = new RouterTable(state, 'dialedNumber');
  const callTypes = new RouterTable(state, 'callType');
  const number = numbers.findText('number', dialedNumber);
  if (!number) return { callType: 0, script: 0, reason: 'unknown dialed number' };
  numbers.increment(number, 'requested');
  const callType = numbers.get(number, 'callType');
  const script = callType ? callTypes.get(callType, 'script') : 0;
  if (!script) return { callType, script, reason: 'no script for the call type' };
  new RouterTable(state, 'script').increment(script, 'executed');
  return { callType, script, reason: '' };
}

/** Runs a script from a node on for a dialog. Depends on nothing but state and input. */
export function runScript(
  state: RouterState,
  dialog: Handle,
  first: Handle,
  moment: RoutingMoment,
): RoutingResult {
  const nodes = new RouterTable(state, 'scriptNode');
  for (let node = first; node !== 0; ) {
    nodes.increment(node, 'executed');
    if (isCondition(nodes.get(node, 'operation'))) {
      node = nodes.get(node, isMet(state, dialog, node, moment) ? 'next' : 'otherwise');
      continue;
    }
    const result = runStep(state, dialog, node, moment);
    if (result) return result;
    node = nodes.get(node, 'next');
  }
  return none('the script ended without a target');
}

function isMet(state: RouterState, dialog: Handle, node: Handle, moment: RoutingMoment): boolean {
  const nodes = new RouterTable(state, 'scriptNode');
  const from = nodes.get(node, 'from');
  const operation = nodes.get(node, 'operation');
  if (operation === SCRIPT_OPERATION.digits) {
    const entered = new RouterTable(state, 'routeDialog').text(dialog, 'digits');
    return entered === nodes.text(node, 'digits');
  }
  if (operation === SCRIPT_OPERATION.percent) {
    // Evenly spread and the same on both sides: no chance is involved.
    const executed = nodes.get(node, 'executed');
    return Math.floor((executed * from) / 100) > Math.floor(((executed - 1) * from) / 100);
  }
  const local = moment.second + moment.settings.utcOffsetSeconds;
  const minute = Math.floor(local / 60) % 1440;
  const to = nodes.get(node, 'to');
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function runStep(
  state: RouterState,
  dialog: Handle,
  node: Handle,
  moment: RoutingMoment,
): RoutingResult | undefined {
  const nodes = new RouterTable(state, 'scriptNode');
  if (isTreatment(nodes.get(node, 'operation'))) {
    // The calls of a network ICM are elsewhere: nobody can play anything to them.
    if (new RouterTable(state, 'routeDialog').text(dialog, 'device') === 'cic') return undefined;
    const treatment = treatmentOf(state, enqueue(state, dialog, node, [], moment))!;
    const { digits } = treatment;
    if (digits > 0) new RouterTable(state, 'routeDialog').setText(dialog, 'digits', '');
    const reason = digits > 0 ? 'digits are collected' : 'an announcement is played';
    return { label: '', waits: true, treatment, reason };
  }
  const operands = [...nodes.words(node, 'operands')].filter((operand) => operand !== 0);
  if (operands.length === 0) return undefined;
  switch (nodes.get(node, 'operation')) {
    case SCRIPT_OPERATION.select:
      return selectAgent(state, dialog, operands[0], moment);
    case SCRIPT_OPERATION.label: {
      const labels = new RouterTable(state, 'label');
      labels.increment(operands[0], 'used');
      return {
        label: labels.text(operands[0], 'label'),
        waits: false,
        reason: 'label of the script',
      };
    }
    default:
      for (const group of operands) {
        const found = selectAgent(state, dialog, group, moment);
        if (found) return found;
      }
      enqueue(state, dialog, node, operands, moment);
      return { label: '', waits: true, reason: 'waits in the router queue' };
  }
}

/** What a waiting call hears; undefined for music, or when none waits. */
export function treatmentOf(state: RouterState, queued: Handle): CallTreatment | undefined {
  const calls = new RouterTable(state, 'queuedCall');
  if (queued === 0 || calls.get(queued, 'treatment') === 0) return undefined;
  return {
    number: calls.get(queued, 'queuedOrder'),
    seconds: calls.get(queued, 'seconds'),
    digits: calls.get(queued, 'digits'),
  };
}

function isTreatment(operation: number): boolean {
  return operation === SCRIPT_OPERATION.play || operation === SCRIPT_OPERATION.collect;
}

/** The longest available agent of a group, by a label that is valid where the call is now. */
function selectAgent(
  state: RouterState,
  dialog: Handle,
  group: Handle,
  moment: RoutingMoment,
): RoutingResult | undefined {
  const agent = longestAvailable(state, group, moment.second);
  return agent ? connectAgent(state, dialog, agent, group, moment) : undefined;
}

export function connectAgent(
  state: RouterState,
  dialog: Handle,
  agent: Handle,
  group: Handle,
  moment: RoutingMoment,
): RoutingResult | undefined {
  const agents = new RouterTable(state, 'agent');
  const labels = new RouterTable(state, 'label');
  const label = agents.get(agent, 'label');
  const way = labelFor(state, dialog, agents.get(agent, 'peripheral'), label, moment);
  if (!way) return undefined;
  reserveAgent(state, agent, moment.second + moment.settings.reservationSeconds);
  labels.increment(label, 'used');
  new RouterTable(state, 'skillGroup').increment(group, 'routed');
  return { ...way, waits: false };
}

/**
 * Within a peripheral the agent's own label; to another one a translation route: the call goes to a
 * number there and gets the agent's label when it arrives (ICM-RR-08).
 */
function labelFor(
  state: RouterState,
  dialog: Handle,
  peripheral: Handle,
  label: Handle,
  { second, settings }: RoutingMoment,
): { label: string; reason: string } | undefined {
  const text = new RouterTable(state, 'label').text(label, 'label');
  const client = new RouterTable(state, 'routeDialog').text(dialog, 'peripheral');
  const from = new RouterTable(state, 'peripheral').findText('enterpriseName', client);
  // A network ICM can reach any label.
  if (from === 0 || from === peripheral) return { label: text, reason: 'longest available agent' };
  const routes = new RouterTable(state, 'translationRoute');
  for (const route of routes.handles()) {
    if (routes.get(route, 'peripheral') !== peripheral) continue;
    if (routes.get(route, 'label') !== 0 && routes.get(route, 'untilSecond') > second) continue;
    routes.set(route, 'label', label);
    routes.set(route, 'untilSecond', second + settings.translationSeconds);
    routes.increment(route, 'used');
    const reason = `translation route to agent at ${text}`;
    return { label: routes.text(route, 'number'), reason };
  }
  return undefined;
}

/** The label of the call that was sent to this number, once; empty when none was. */
export function takeTranslation(state: RouterState, number: string, second: number): string {
  const routes = new RouterTable(state, 'translationRoute');
  const route = routes.findText('number', number);
  if (!route) return '';
  const label = routes.get(route, 'label');
  const valid = label !== 0 && routes.get(route, 'untilSecond') >= second;
  routes.set(route, 'label', 0);
  return valid ? new RouterTable(state, 'label').text(label, 'label') : '';
}

function enqueue(
  state: RouterState,
  dialog: Handle,
  node: Handle,
  groups: readonly Handle[],
  { order, second, settings }: RoutingMoment,
): Handle {
  const nodes = new RouterTable(state, 'scriptNode');
  const calls = new RouterTable(state, 'queuedCall');
  const call = calls.add();
  calls.set(call, 'dialog', dialog);
  const isTreated = isTreatment(nodes.get(node, 'operation'));
  const seconds = nodes.get(node, 'from') || settings.queueSeconds;
  calls.set(call, 'node', nodes.get(node, 'next'));
  if (isTreated) {
    const operation = nodes.get(node, 'operation');
    calls.set(call, 'treatment', operation);
    calls.set(call, 'seconds', seconds);
    if (operation === SCRIPT_OPERATION.collect) calls.set(call, 'digits', nodes.get(node, 'to'));
  } else calls.set(call, 'priority', nodes.get(node, 'to'));
  calls.set(call, 'queuedOrder', order);
  // The switch says when a treatment has ended; without a word the script goes on by itself.
  calls.set(call, 'untilSecond', second + seconds + (isTreated ? TREATMENT_GRACE_SECONDS : 0));
  calls.words(call, 'skillGroups').set(groups);
  countQueued(state, call, 1);
  return call;
}

function countQueued(state: RouterState, call: Handle, step: 1 | -1): void {
  const groups = new RouterTable(state, 'skillGroup');
  for (const group of new RouterTable(state, 'queuedCall').words(call, 'skillGroups')) {
    if (group) groups.set(group, 'callsQueued', groups.get(group, 'callsQueued') + step);
  }
}

/** The place of a dialog in the router queue, or 0. */
export function queuedCallOf(state: RouterState, dialog: Handle): Handle {
  return new RouterTable(state, 'queuedCall').find('dialog', dialog);
}

export function dequeue(state: RouterState, call: Handle): void {
  countQueued(state, call, -1);
  new RouterTable(state, 'queuedCall').remove(call);
}

/** The call that an agent who has become available should get, and for which group. */
export function nextQueuedCall(
  state: RouterState,
  agent: Handle,
): { call: Handle; group: Handle } | undefined {
  const agents = new RouterTable(state, 'agent');
  if (agents.get(agent, 'state') !== AGENT_STATE.available) return undefined;
  const calls = new RouterTable(state, 'queuedCall');
  const groups = agents.words(agent, 'skillGroups');
  let best: { call: Handle; group: Handle } | undefined;
  for (const call of calls.handles()) {
    const group = [...calls.words(call, 'skillGroups')].find((one) => one && groups.includes(one));
    if (!group || (best && !goesBefore(calls, call, best.call))) continue;
    best = { call, group };
  }
  return best;
}

function goesBefore(calls: RouterTable, a: Handle, b: Handle): boolean {
  const priority = calls.get(a, 'priority') - calls.get(b, 'priority');
  return (
    priority > 0 || (priority === 0 && calls.get(a, 'queuedOrder') < calls.get(b, 'queuedOrder'))
  );
}

/** Calls whose time in the queue is over, longest waiting first. */
export function overdueCalls(state: RouterState, second: number): Handle[] {
  const calls = new RouterTable(state, 'queuedCall');
  if (calls.count === 0) return [];
  return calls
    .between('untilSecond', 0, second)
    .sort((a, b) => calls.get(a, 'queuedOrder') - calls.get(b, 'queuedOrder'));
}
