import type { SwitchEvent, SwitchEventName } from '../messages.ts';
import { distribute } from './distribution.ts';
import type { TAgent, TServerContext } from './t-server-state.ts';

const T_EVENTS: Partial<Record<SwitchEventName, string>> = {
  agentLogin: 'EventAgentLogin',
  agentLogout: 'EventAgentLogout',
  queueLogout: 'EventQueueLogout',
  agentReady: 'EventAgentReady',
  agentNotReady: 'EventAgentNotReady',
  dndOn: 'EventDNDOn',
  dndOff: 'EventDNDOff',
  dnOutOfService: 'EventDNOutOfService',
  dnBackInService: 'EventDNBackInService',
};

/** What the switch says of agents and DNs; what T-Server knew already is no event. */
export function translateAgent(context: TServerContext, event: SwitchEvent): void {
  const type = T_EVENTS[event.event];
  context.state.named?.dns.add(`${event.event} ${event.dn}`);
  if (!type || !note(context, event)) return;
  const { dn, agentId, workMode, queue, reason } = event;
  distribute(context, type, dn, {
    ...(agentId && { AgentID: agentId }),
    ...(queue && { ThisQueue: queue }),
    ...(workMode && { AgentWorkMode: workMode }),
    ...(reason && { Reasons: new Map([['ReasonCode', reason]]) }),
  });
}

/** The link is back: agents and DNs that the switch does not name are as they were never. */
export function forgetUnnamed(context: TServerContext, named: ReadonlySet<string>): void {
  const { agents, outOfService } = context.state;
  for (const dn of [...agents.keys()]) {
    if (named.has(`agentLogin ${dn}`)) continue;
    agents.delete(dn);
    distribute(context, 'EventAgentLogout', dn, {});
  }
  for (const dn of [...outOfService]) {
    if (named.has(`dnOutOfService ${dn}`)) continue;
    outOfService.delete(dn);
    distribute(context, 'EventDNBackInService', dn, {});
  }
}

function note({ state }: TServerContext, event: SwitchEvent): boolean {
  const { dn, agentId = '', queue = '', workMode = 0 } = event;
  const agent = state.agents.get(dn);
  switch (event.event) {
    case 'agentLogin': {
      if (agent && agent.agentId !== agentId) {
        state.agents.set(dn, {
          agentId,
          state: 'not ready',
          workMode: 0,
          queues: new Set([queue]),
        });
        return true;
      }
      if (agent?.agentId === agentId && (queue === '' || agent.queues.has(queue))) return false;
      const known: TAgent = agent ?? {
        agentId,
        state: 'not ready',
        workMode: 0,
        queues: new Set(),
      };
      if (queue !== '') known.queues.add(queue);
      state.agents.set(dn, known);
      return true;
    }
    case 'agentLogout':
      return state.agents.delete(dn);
    case 'queueLogout':
      return agent?.queues.delete(queue) ?? false;
    case 'agentReady':
    case 'agentNotReady': {
      const now = event.event === 'agentReady' ? 'ready' : 'not ready';
      if (!agent || (agent.state === now && agent.workMode === workMode && !event.reason)) {
        return false;
      }
      agent.state = now;
      agent.workMode = workMode;
      return true;
    }
    case 'dnOutOfService':
      if (state.outOfService.has(dn)) return false;
      state.outOfService.add(dn);
      return true;
    case 'dnBackInService':
      return state.outOfService.delete(dn);
    default:
      return true;
  }
}
