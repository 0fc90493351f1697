import type { CloseReason, Message } from '../../kernel/events.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import { firstConnectionCounter } from '../identifiers.ts';
import { SWITCH_CTI_PORT, T_SERVER_PAIR_PORT, T_SERVER_PORT } from '../messages.ts';
import { broadcast } from './distribution.ts';
import { copyOfAll, takeCopy } from './pair-copies.ts';
import { T_SERVER_EVENTS } from './t-server-events.ts';
import type { Pair, Standing, TServerContext } from './t-server-state.ts';

/**
 * A redundant pair in hot standby: the switch gives its link to one of the two, and who has it is
 * the primary. The other one keeps a copy of calls, agents and DNs, and tries for the link when it
 * hears that the primary has none, or hears nothing of it. That the link decides, and not a
 * Management Layer, is an emulator choice (docs/fidelity/choices.md).
 */

const RETRY_US = 2 * SECOND_US;
/** A backup that starts gives its primary so long. */
const PATIENCE_US = 10 * SECOND_US;

export function createPair(peerHost: string | undefined, isPreferred: boolean): Pair | null {
  return peerHost === undefined ? null : { peerHost, isPreferred, session: 0, peer: null };
}

export function begin(context: TServerContext): void {
  const { pair } = context.state;
  if (!pair) serve(context);
  else if (pair.isPreferred) context.listen(T_SERVER_PAIR_PORT);
  else {
    connectPeer(context);
    return context.setTimer('connect', PATIENCE_US);
  }
  seekLink(context);
}

export function connectPeer(context: TServerContext): void {
  const pair = context.state.pair!;
  const port = T_SERVER_PAIR_PORT;
  pair.session = context.connect({ host: pair.peerHost, port, network: 'public' });
}

/** Asks the switch for its link, unless the other one has it. */
export function seekLink(context: TServerContext): void {
  const { state } = context;
  if (state.linkUp || state.pair?.peer?.linkUp) return;
  const port = SWITCH_CTI_PORT;
  state.switchSession = context.connect({ host: state.switchHost, port, network: 'public' });
}

/** The switch has told all: the link is this one's. */
export function onLinked(context: TServerContext): void {
  if (!context.state.serving) serve(context);
  tell(context);
}

/** The link is lost, or has not been given. */
export function onUnlinked(context: TServerContext, reason: CloseReason): void {
  const { state } = context;
  const { linkUp, named, pair } = state;
  // It was there, and said nothing: it has given its link to the other one.
  const isTaken = pair !== null && !linkUp && named !== null && reason === 'closed';
  state.named = null;
  state.linkUp = false;
  if (linkUp) broadcast(context, 'EventLinkDisconnected');
  if (isTaken && state.serving) stepDown(context);
  const isAlone = pair?.isPreferred === true && !isTaken && !pair.peer?.serving;
  if (isAlone && !state.serving) serve(context);
  if (linkUp) tell(context);
  context.setTimer('connect', RETRY_US);
}

function serve(context: TServerContext): void {
  const { state } = context;
  state.serving = true;
  // The other one has counted too: what it named last may not have come here.
  state.nextConnection = firstConnectionCounter(context.utcSeconds);
  context.listen(T_SERVER_PORT);
  if (state.pair) note(context, 'nowPrimary');
}

function stepDown(context: TServerContext): void {
  const { state } = context;
  state.serving = false;
  context.unlisten(T_SERVER_PORT);
  for (const session of state.clients.keys()) context.close(session);
  state.clients.clear();
  note(context, 'nowBackup');
}

function note(context: TServerContext, event: keyof typeof T_SERVER_EVENTS): void {
  const { id, severity, text } = T_SERVER_EVENTS[event];
  context.log(severity, text, id);
}

export function onPeerOpened(context: TServerContext, session: number): void {
  context.state.pair!.session = session;
  tell(context);
}

export function onPeerClosed(context: TServerContext): void {
  const pair = context.state.pair!;
  const wasThere = pair.peer !== null;
  pair.session = 0;
  pair.peer = null;
  if (!pair.isPreferred) context.setTimer('peer', RETRY_US);
  if (wasThere && !context.state.linkUp) context.setTimer('connect', RETRY_US);
}

export function onPeerMessage(context: TServerContext, message: Message): void {
  if (message.type === 'copy') takeCopy(context.state, message);
  else onStanding(context, message as unknown as Standing);
}

function onStanding(context: TServerContext, { linkUp, serving }: Standing): void {
  const { state } = context;
  const pair = state.pair!;
  const isFirst = pair.peer === null;
  pair.peer = { linkUp, serving };
  if (linkUp) {
    context.cancelTimer('connect');
    if (state.serving) stepDown(context);
  } else if (serving && state.serving && !state.linkUp && !pair.isPreferred) stepDown(context);
  else if (!state.linkUp && !isFirst) context.setTimer('connect', RETRY_US);
  if (isFirst && state.linkUp) context.send(pair.session, copyOfAll(state));
}

function tell(context: TServerContext): void {
  const { linkUp, pair, serving } = context.state;
  if (!pair || pair.session === 0) return;
  context.send(pair.session, { type: 'standing', linkUp, serving });
}
