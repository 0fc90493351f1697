import type { PhoneAction } from '../messages.ts';
import { CALL_TYPE, DN_ROLE, WORK_MODE } from '../t-library.ts';
import { removeParty, ring } from './calls.ts';
import { report, reportDn, tellPeople } from './reports.ts';
import {
  type Call,
  type Extension,
  isFree,
  type Party,
  type SwitchContext,
} from './switch-state.ts';

/** Agents at their extensions: log in and out, ready and not ready, and work after a call. */

type AgentAction = Extract<
  PhoneAction,
  { action: 'login' | 'logout' | 'queue logout' | 'ready' | 'not ready' | 'dnd on' | 'dnd off' }
>;

export function actAsAgent(context: SwitchContext, dn: string, act: AgentAction): void {
  const extension = context.state.extensions.get(dn);
  if (!extension) return;
  switch (act.action) {
    case 'login':
      return login(context, dn, extension, act.agentId, act.queue ?? '');
    case 'logout':
      return logout(context, dn, extension);
    case 'queue logout':
      if (!extension.queues.delete(act.queue)) return;
      return reportDn(context, 'queueLogout', dn, { queue: act.queue });
    case 'ready':
      return becomeReady(context, dn, extension);
    case 'not ready':
      return becomeNotReady(
        context,
        dn,
        extension,
        act.workMode ?? WORK_MODE.auxiliary,
        act.reason,
      );
    case 'dnd on':
    case 'dnd off':
      if (extension.doNotDisturb === (act.action === 'dnd on')) return;
      extension.doNotDisturb = act.action === 'dnd on';
      reportDn(context, extension.doNotDisturb ? 'dndOn' : 'dndOff', dn);
      if (isFree(extension)) offer(context, dn);
  }
}

function login(
  context: SwitchContext,
  dn: string,
  extension: Extension,
  agentId: string,
  queue: string,
): void {
  const another = extension.state !== 'logged out' && extension.agentId === agentId;
  if (extension.state !== 'logged out' && (!another || extension.queues.has(queue))) return;
  if (queue !== '') extension.queues.add(queue);
  extension.agentId = agentId;
  if (!another) {
    extension.state = 'not ready';
    extension.workMode = WORK_MODE.unknown;
  }
  reportDn(context, 'agentLogin', dn, queue === '' ? {} : { queue });
}

function logout(context: SwitchContext, dn: string, extension: Extension): void {
  if (extension.state === 'logged out' || extension.calls.length > 0) return;
  for (const queue of extension.queues) reportDn(context, 'queueLogout', dn, { queue });
  extension.queues.clear();
  extension.state = 'logged out';
  reportDn(context, 'agentLogout', dn);
  extension.agentId = '';
}

function becomeReady(context: SwitchContext, dn: string, extension: Extension): void {
  if (extension.state !== 'not ready') return;
  extension.state = 'ready';
  extension.workMode = WORK_MODE.unknown;
  extension.owesWork = false;
  extension.readySince = context.state.nextReady++;
  // During a call this is what the agent will be afterwards; the router hears of it then.
  const busy = extension.calls.length > 0;
  reportDn(context, 'agentReady', dn, {}, busy ? ['t-server'] : undefined);
  offer(context, dn);
}

function becomeNotReady(
  context: SwitchContext,
  dn: string,
  extension: Extension,
  workMode: number,
  reason: string | undefined,
): void {
  if (extension.state === 'logged out') return;
  extension.state = 'not ready';
  extension.workMode = workMode;
  const busy = extension.calls.length > 0;
  const more = { workMode, ...(reason && { reason }) };
  reportDn(context, 'agentNotReady', dn, more, busy ? ['t-server'] : undefined);
}

/** What waits in the queues of an agent who is free. */
export function offer(context: SwitchContext, dn: string): void {
  const { state } = context;
  for (const [queue, { members }] of state.queues) {
    if (members.includes(dn) && isFree(state.extensions.get(dn))) serveQueue(context, queue);
  }
}

export function serveQueue(context: SwitchContext, dn: string): void {
  const { state } = context;
  const queue = state.queues.get(dn)!;
  if (queue.calls.length === 0) return;
  const free = queue.members
    .filter((member) => isFree(state.extensions.get(member)))
    .sort((a, b) => state.extensions.get(a)!.readySince - state.extensions.get(b)!.readySince);
  while (queue.calls.length > 0 && free.length > 0) {
    const call = state.calls.get(queue.calls[0])!;
    divert(context, call, dn, free.shift()!);
  }
}

/** From a queue to an agent. */
function divert(context: SwitchContext, call: Call, queue: string, extension: string): void {
  const party = call.parties.find(({ dn }) => dn === queue)!;
  removeParty(context, call, party);
  const more = { queue, thirdPartyDn: extension, thirdPartyRole: DN_ROLE.destination };
  report(context, 'diverted', call, queue, { effect: 'deleted', role: party.role, ...more });
  ring(context, call, extension, queue);
}

/** What an agent is once a call is over: after-call work, or what was asked for meanwhile. */
export function afterCall(context: SwitchContext, call: Call, party: Party): void {
  const extension = context.state.extensions.get(party.dn);
  if (!extension) return;
  const talked = party.doing === 'connected' || party.doing === 'held';
  const isService = call.type === CALL_TYPE.inbound || party.queue !== '';
  if (talked && isService && party.role !== DN_ROLE.observer) extension.owesWork = true;
  if (extension.calls.length > 0) {
    return tellPeople(context, {
      type: 'cleared',
      extension: party.dn,
      call: call.id,
      work: false,
    });
  }
  const work = extension.owesWork && extension.state === 'ready';
  extension.owesWork = false;
  if (work) {
    becomeNotReady(context, party.dn, extension, WORK_MODE.afterCallWork, undefined);
  } else if (extension.state !== 'logged out') {
    // Nothing new for T-Server; the router learns that the agent is off the telephone.
    const event = extension.state === 'ready' ? 'agentReady' : 'agentNotReady';
    reportDn(context, event, party.dn, {}, ['pim']);
  }
  tellPeople(context, { type: 'cleared', extension: party.dn, call: call.id, work });
  if (isFree(extension)) {
    extension.readySince = context.state.nextReady++;
    offer(context, party.dn);
  }
}
