import type { Handle } from '../record-table.ts';
import { type RouterState, RouterTable } from './router-state.ts';
import { AGENT_STATE, SCRIPT_OPERATION } from './tables.ts';

/** How long a picked agent is passed over until the PG reports the agent's next state. */
const RESERVATION_SECONDS = 10;

export interface RoutingMoment {
  /** Position in the ordered input. */
  readonly order: number;
  /** Lab second that the enabled synchronizer stamped on the input. */
  readonly second: number;
}

export interface RoutingResult {
  readonly label: string;
  readonly callType: string;
  readonly script: string;
  /** Why this label, in words; empty label means no script gave one. */
  readonly reason: string;
}

/** Dialed number, call type, script, target, label. Depends on nothing but state and input. */
export function routeCall(
  state: RouterState,
  dialedNumber: string,
  moment: RoutingMoment,
): RoutingResult {
  const numbers = new RouterTable(state, 'dialedNumber');
  const callTypes = new RouterTable(state, 'callType');
  const scripts = new RouterTable(state, 'script');
  const number = numbers.findText('number', dialedNumber);
  if (!number) return { label: '', callType: '', script: '', reason: 'unknown dialed number' };
  numbers.increment(number, 'requested');
  const callType = numbers.get(number, 'callType');
  const script = callType ? callTypes.get(callType, 'script') : 0;
  const names = {
    callType: callType ? callTypes.text(callType, 'enterpriseName') : '',
    script: script ? scripts.text(script, 'enterpriseName') : '',
  };
  if (!script) return { label: '', ...names, reason: 'no script for the call type' };
  scripts.increment(script, 'executed');
  const found = runScript(state, scripts.get(script, 'firstNode'), moment);
  callTypes.increment(callType, found.label ? 'routed' : 'defaultRouted');
  return { ...found, ...names };
}

function runScript(state: RouterState, first: Handle, moment: RoutingMoment) {
  const nodes = new RouterTable(state, 'scriptNode');
  const labels = new RouterTable(state, 'label');
  for (let node = first; node !== 0; node = nodes.get(node, 'next')) {
    nodes.increment(node, 'executed');
    const operand = nodes.get(node, 'operand');
    if (operand === 0) continue;
    const isSelect = nodes.get(node, 'operation') === SCRIPT_OPERATION.select;
    const label = isSelect ? selectAgent(state, operand, moment) : operand;
    if (label === 0) continue;
    labels.increment(label, 'used');
    const reason = isSelect ? 'longest available agent' : 'nobody available, sent to the queue';
    return { label: labels.text(label, 'label'), reason };
  }
  return { label: '', reason: 'the script ended without a target' };
}

/** The label of the agent of this group that has been available longest, or 0. */
function selectAgent(state: RouterState, group: Handle, moment: RoutingMoment): Handle {
  const agents = new RouterTable(state, 'agent');
  let best = 0;
  for (const agent of agents.handles()) {
    if (!agents.words(agent, 'skillGroups').includes(group)) continue;
    if (!isFree(agents, agent, moment.second) || agents.get(agent, 'label') === 0) continue;
    const since = agents.get(agent, 'stateSinceOrder');
    if (best === 0 || since < agents.get(best, 'stateSinceOrder')) best = agent;
  }
  if (best === 0) return 0;
  setAgentState(state, best, AGENT_STATE.reserved);
  agents.set(best, 'reservedUntilSecond', moment.second + RESERVATION_SECONDS);
  agents.increment(best, 'callsRouted');
  new RouterTable(state, 'skillGroup').increment(group, 'routed');
  return agents.get(best, 'label');
}

function isFree(agents: RouterTable, agent: Handle, second: number): boolean {
  const agentState = agents.get(agent, 'state');
  if (agentState === AGENT_STATE.available) return true;
  const overdue = agents.get(agent, 'reservedUntilSecond') <= second;
  return agentState === AGENT_STATE.reserved && overdue;
}

/** A state report of the PG about the agent at an extension. */
export function applyAgentState(
  state: RouterState,
  extension: string,
  agentState: number,
  order: number,
): void {
  const labels = new RouterTable(state, 'label');
  const label = labels.findText('label', extension);
  const agent = label ? labels.get(label, 'agent') : 0;
  if (!agent) return;
  setAgentState(state, agent, agentState);
  new RouterTable(state, 'agent').set(agent, 'stateSinceOrder', order);
}

function setAgentState(state: RouterState, agent: Handle, agentState: number): void {
  countAgent(state, agent, -1);
  new RouterTable(state, 'agent').set(agent, 'state', agentState);
  countAgent(state, agent, 1);
}

function countAgent(state: RouterState, agent: Handle, step: 1 | -1): void {
  const agents = new RouterTable(state, 'agent');
  const groups = new RouterTable(state, 'skillGroup');
  const agentState = agents.get(agent, 'state');
  if (agentState === AGENT_STATE.loggedOut) return;
  for (const group of agents.words(agent, 'skillGroups')) {
    if (group === 0) continue;
    groups.set(group, 'agentsLoggedOn', groups.get(group, 'agentsLoggedOn') + step);
    const available = groups.get(group, 'agentsAvailable');
    if (agentState === AGENT_STATE.available)
      groups.set(group, 'agentsAvailable', available + step);
  }
}
