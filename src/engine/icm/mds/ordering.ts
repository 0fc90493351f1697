import { raise } from '../ems/raise.ts';
import { TRACE } from '../ems/trace-groups.ts';
import type { OrderedInput, SideStatus, SynchronizerState, UnorderedInput } from '../messages.ts';
import { isEnabled, isPaired, type MdsContext, mainClient } from './mds-state.ts';

/** The alarm about the waiting queue comes at each doubling from here. */
const QUEUE_ALARM_FIRST = 100;

/** Tells the local agents what this side is, so that devices choose their active path by it. */
export function announceSide(context: MdsContext): void {
  const { state } = context;
  const working = isEnabled(state) || state.state === 'Paired-Disabled';
  const main = state.clients.get(mainClient(state));
  // The Logger follows the router; only then is the side in service for its agents (ICM-XFER-08).
  const complete = [...state.clients.values()].every(({ status }) => status === 'active');
  state.inService = working && main?.status === 'active' && (state.inService || complete);
  const logger = state.clients.get('clgr')?.status;
  const status: SideStatus = {
    type: 'side status',
    state: state.state,
    inService: state.inService,
    loggerInService: logger === 'active' || state.peerClients.get('clgr') === 'active',
  };
  for (const session of state.agents.values()) context.send(session, status);
  for (const { session } of state.clients.values()) context.send(session, status);
}

export function setSynchronizerState(context: MdsContext, next: SynchronizerState): void {
  const { state } = context;
  if (state.state === next) return;
  context.log('info', `Synchronizer: ${state.state} -> ${next}.`);
  state.state = next;
  announceSide(context);
  settleUnacknowledged(context);
  if (next === 'Isolated-Disabled') {
    // The devices find the other side and say it there.
    state.waiting.length = 0;
    state.forwarded.length = 0;
  } else if (isEnabled(state) || next === 'Paired-Disabled') {
    const inputs = state.forwarded.splice(0).map(({ input }) => input);
    for (const input of [...inputs, ...state.waiting.splice(0)]) acceptInput(context, input);
  }
}

/** An input from this side: order it, pass it on, or keep it. */
export function acceptInput(context: MdsContext, input: UnorderedInput, forwarded = 0): void {
  const { state } = context;
  if (state.state === 'Paired-Disabled') {
    const number = state.nextForward++;
    state.forwarded.push({ number, input });
    context.send(state.peerSession, { type: 'forward', input, number });
    return;
  }
  if (!isEnabled(state)) {
    state.waiting.push(input);
    const { length } = state.waiting;
    const doubled = Math.log2(length / QUEUE_ALARM_FIRST);
    if (doubled >= 0 && Number.isInteger(doubled)) raise(context, 'queueGrowing', length);
    return;
  }
  const ordered: OrderedInput = {
    order: state.nextOrder++,
    second: Math.floor(context.utcSeconds),
    forwarded,
    ...input,
  };
  if (!isPaired(state)) {
    deliver(context, ordered);
    return;
  }
  // Delivered here only when the peer has it too, so that no output rests on lost input.
  state.unacknowledged.push(ordered);
  context.send(state.peerSession, { type: 'order', input: ordered });
}

/** The disabled side takes the order as given. */
export function acceptOrder(context: MdsContext, input: OrderedInput): void {
  const { state } = context;
  if (state.state !== 'Paired-Disabled') return;
  state.nextOrder = input.order + 1;
  while (state.forwarded.length > 0 && state.forwarded[0].number <= input.forwarded) {
    state.forwarded.shift();
  }
  context.send(state.peerSession, { type: 'order received', order: input.order });
  deliver(context, input);
}

export function acknowledgeOrder(context: MdsContext, order: number): void {
  const { unacknowledged } = context.state;
  while (unacknowledged.length > 0 && unacknowledged[0].order <= order) {
    deliver(context, unacknowledged.shift()!);
  }
}

/** What the lost peer never acknowledged is this side's alone, if this side goes on. */
function settleUnacknowledged(context: MdsContext): void {
  const { state } = context;
  if (state.state === 'Testing') return;
  const inputs = state.unacknowledged.splice(0);
  if (isEnabled(state)) for (const input of inputs) deliver(context, input);
  else if (state.state === 'Paired-Disabled') {
    for (const { to, from, message } of inputs) acceptInput(context, { to, from, message });
  }
}

function deliver(context: MdsContext, input: OrderedInput): void {
  if (context.traces(TRACE.mds.input)) {
    const { order, to, from, message } = input;
    context.log('trace', `Input ${order} to ${to} from ${from}: ${message.type}`);
  }
  for (const [name, client] of context.state.clients) {
    if (input.to !== 'all' && input.to !== name) continue;
    // It came with the state that was sent: the other side was ahead.
    if (input.order <= client.holdsOrder) continue;
    if (client.status === 'transferring') client.queue.push(input);
    else if (client.status === 'active' || client.status === 'loading') {
      context.send(client.session, { type: 'ordered', input });
    }
  }
}
