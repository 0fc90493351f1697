import type { Handle } from '../record-table.ts';
import { type RouterState, RouterTable } from './router-state.ts';
import { AGENT_STATE } from './tables.ts';

/** The agent that works at an extension, or 0. */
export function agentAt(state: RouterState, extension: string): Handle {
  const labels = new RouterTable(state, 'label');
  const label = labels.findText('label', extension);
  return label ? labels.get(label, 'agent') : 0;
}

/** A state report of the PG about the agent at an extension. */
export function applyAgentState(
  state: RouterState,
  agent: Handle,
  agentState: number,
  order: number,
): void {
  setAgentState(state, agent, agentState);
  new RouterTable(state, 'agent').set(agent, 'stateSinceOrder', order);
}

function setAgentState(state: RouterState, agent: Handle, agentState: number): void {
  countAgent(state, agent, -1);
  new RouterTable(state, 'agent').set(agent, 'state', agentState);
  countAgent(state, agent, 1);
}

/** The agent of this group that has been available longest, or 0. */
export function longestAvailable(state: RouterState, group: Handle, second: number): Handle {
  const agents = new RouterTable(state, 'agent');
  let best = 0;
  // Most agents of a large lab are neither: they are passed over quickly.
  for (const agent of agents.between('state', AGENT_STATE.available, AGENT_STATE.reserved)) {
    if (!agents.words(agent, 'skillGroups').includes(group)) continue;
    if (!isFree(agents, agent, second) || agents.get(agent, 'label') === 0) continue;
    if (!isReachable(state, agents.get(agent, 'peripheral'))) continue;
    const since = agents.get(agent, 'stateSinceOrder');
    if (best === 0 || since < agents.get(best, 'stateSinceOrder')) best = agent;
  }
  return best;
}

/** Takes the agent for a call until the PG reports the agent's next state, or the time is over. */
export function reserveAgent(state: RouterState, agent: Handle, untilSecond: number): void {
  const agents = new RouterTable(state, 'agent');
  setAgentState(state, agent, AGENT_STATE.reserved);
  agents.set(agent, 'reservedUntilSecond', untilSecond);
  agents.increment(agent, 'callsRouted');
}

/** Agents whose reservation is over without a word of their PG. */
export function overdueReservations(state: RouterState, second: number): Handle[] {
  const agents = new RouterTable(state, 'agent');
  return agents
    .between('state', AGENT_STATE.reserved, AGENT_STATE.reserved)
    .filter((agent) => agents.get(agent, 'reservedUntilSecond') <= second);
}

function isFree(agents: RouterTable, agent: Handle, second: number): boolean {
  const agentState = agents.get(agent, 'state');
  if (agentState === AGENT_STATE.available) return true;
  const overdue = agents.get(agent, 'reservedUntilSecond') <= second;
  return agentState === AGENT_STATE.reserved && overdue;
}

/** A peripheral that is off-line, or whose PG has no path, gets no calls. */
export function isReachable(state: RouterState, peripheral: Handle): boolean {
  if (peripheral === 0) return false;
  const peripherals = new RouterTable(state, 'peripheral');
  const gateways = new RouterTable(state, 'peripheralGateway');
  const gateway = peripherals.get(peripheral, 'peripheralGateway');
  const connected =
    gateway === 0 || gateways.get(gateway, 'pathA') + gateways.get(gateway, 'pathB') > 0;
  return connected && peripherals.get(peripheral, 'online') === 1;
}

/** Counts an agent in or out of its skill groups, by the state it is in. */
export function countAgent(state: RouterState, agent: Handle, step: 1 | -1): void {
  const agents = new RouterTable(state, 'agent');
  const groups = new RouterTable(state, 'skillGroup');
  const agentState = agents.get(agent, 'state');
  if (agentState === AGENT_STATE.loggedOut) return;
  for (const group of agents.words(agent, 'skillGroups')) {
    if (group === 0) continue;
    groups.set(group, 'agentsLoggedOn', groups.get(group, 'agentsLoggedOn') + step);
    const available = groups.get(group, 'agentsAvailable');
    if (agentState === AGENT_STATE.available) {
      groups.set(group, 'agentsAvailable', available + step);
    }
  }
}
