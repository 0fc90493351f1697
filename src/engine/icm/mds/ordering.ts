import type { OrderedInput, SynchronizerState, UnorderedInput } from '../messages.ts';
import { isEnabled, isPaired, type MdsContext } from './mds-state.ts';

/** Tells the local agents what this side is, so that devices choose their active path by it. */
export function announceSide(context: MdsContext): void {
  const { state } = context;
  const router = state.clients.get('rtr');
  const working = isEnabled(state) || state.state === 'Paired-Disabled';
  const inService = working && router?.status === 'active';
  for (const session of state.agents.values()) {
    context.send(session, { type: 'side status', state: state.state, inService });
  }
}

export function setSynchronizerState(context: MdsContext, next: SynchronizerState): void {
  const { state } = context;
  if (state.state === next) return;
  context.log('info', `Synchronizer: ${state.state} -> ${next}.`);
  state.state = next;
  announceSide(context);
  if (isEnabled(state) || next === 'Paired-Disabled') {
    for (const input of state.waiting.splice(0)) acceptInput(context, input);
  }
}

/** An input from this side or forwarded by the other: order it, pass it on, or keep it. */
export function acceptInput(context: MdsContext, input: UnorderedInput): void {
  const { state } = context;
  if (state.state === 'Paired-Disabled') {
    context.send(state.peerSession, { type: 'forward', input });
    return;
  }
  if (!isEnabled(state)) {
    state.waiting.push(input);
    return;
  }
  const ordered: OrderedInput = {
    order: state.nextOrder++,
    second: Math.floor(context.utcSeconds),
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
  context.send(state.peerSession, { type: 'order received', order: input.order });
  deliver(context, input);
}

export function acknowledgeOrder(context: MdsContext, order: number): void {
  const { unacknowledged } = context.state;
  while (unacknowledged.length > 0 && unacknowledged[0].order <= order) {
    deliver(context, unacknowledged.shift()!);
  }
}

/** The peer is gone: what it never acknowledged is ours alone. */
export function deliverUnacknowledged(context: MdsContext): void {
  const { unacknowledged } = context.state;
  for (const input of unacknowledged.splice(0)) deliver(context, input);
}

function deliver(context: MdsContext, input: OrderedInput): void {
  for (const [name, client] of context.state.clients) {
    if (input.to !== 'all' && input.to !== name) continue;
    if (client.status === 'transferring') client.queue.push(input);
    else if (client.status === 'active' || client.status === 'loading') {
      context.send(client.session, { type: 'ordered', input });
    }
  }
}
