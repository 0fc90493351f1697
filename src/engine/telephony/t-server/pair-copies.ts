import type { Message } from '../../kernel/events.ts';
import type { SwitchEvent } from '../messages.ts';
import type { TAgent, TCall, TServerContext, TServerState } from './t-server-state.ts';

/**
 * What the primary of a pair sends to its backup: calls with their CallUUIDs, which so survive a
 * switchover (docs/fidelity/tserver.md §7, confirmed), agents and DNs.
 */

type DnCopy = {
  readonly dn: string;
  readonly agent: TAgent | null;
  readonly isOutOfService: boolean;
};

type Copy = {
  readonly type: 'copy';
  /** True: there is nothing else. */
  readonly isWhole: boolean;
  readonly calls: readonly TCall[];
  readonly endedCalls: readonly number[];
  readonly dns: readonly DnCopy[];
};

export function copyOfAll(state: TServerState): Message {
  const dns = new Set([...state.agents.keys(), ...state.outOfService]);
  const copy: Copy = {
    type: 'copy',
    isWhole: true,
    calls: [...state.calls.values()].map(copyCall),
    endedCalls: [],
    dns: [...dns].map((dn) => copyDn(state, dn)),
  };
  return copy;
}

/** What a report of the switch may have changed goes to the backup. */
export function copyChanges(context: TServerContext, event: SwitchEvent): void {
  if (event.event === 'snapshot') return send(context, copyOfAll(context.state));
  if (event.call > 0) return copyCalls(context, [event.call, event.previousCall ?? 0]);
  const dns = [copyDn(context.state, event.dn)];
  send(context, { type: 'copy', isWhole: false, calls: [], endedCalls: [], dns });
}

/** Calls by their number at the switch, as they are now. */
export function copyCalls(context: TServerContext, ids: readonly number[]): void {
  const known = ids.flatMap((id) => context.state.calls.get(id) ?? []);
  const endedCalls = ids.filter((id) => id > 0 && !context.state.calls.has(id));
  const calls = known.map(copyCall);
  send(context, { type: 'copy', isWhole: false, calls, endedCalls, dns: [] });
}

function send(context: TServerContext, copy: Message): void {
  const { pair } = context.state;
  if (pair?.peer) context.send(pair.session, copy);
}

export function takeCopy(state: TServerState, message: Message): void {
  const { calls, dns, endedCalls, isWhole } = message as unknown as Copy;
  if (isWhole) {
    state.calls.clear();
    state.agents.clear();
    state.outOfService.clear();
  }
  for (const id of endedCalls) state.calls.delete(id);
  for (const call of calls) state.calls.set(call.id, copyCall(call));
  for (const { agent, dn, isOutOfService } of dns) {
    if (agent) state.agents.set(dn, copyAgent(agent));
    else state.agents.delete(dn);
    if (isOutOfService) state.outOfService.add(dn);
    else state.outOfService.delete(dn);
  }
}

function copyCall(call: TCall): TCall {
  const parties = [...call.parties].map(([dn, party]) => [dn, { ...party }] as const);
  return { ...call, parties: new Map(parties), links: [...call.links] };
}

function copyDn({ agents, outOfService }: TServerState, dn: string): DnCopy {
  const agent = agents.get(dn);
  return { dn, agent: agent ? copyAgent(agent) : null, isOutOfService: outOfService.has(dn) };
}

function copyAgent(agent: TAgent): TAgent {
  return { ...agent, queues: new Set(agent.queues) };
}
