import { SECOND_US } from '../../kernel/lab-time.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import { LCA_PORT, type LcaMessage } from './heartbeats.ts';
import { LCA_EVENTS } from './lca-events.ts';

/**
 * Local Control Agent: an application that hangs still has its connections and looks as if it ran.
 * LCA waits for its heartbeats (option heartbeat-period), tells when they stay away, and starts it
 * anew if hangup-restart says so.
 */

type Watched = {
  readonly process: string;
  readonly periodSeconds: number;
  readonly restarts: boolean;
  isUnresponsive: boolean;
};

export type LocalControlAgentState = {
  /** By session. */
  readonly watched: Map<number, Watched>;
};

type Deadline = { readonly session: number; readonly dueUs: number };

type LcaContext = Context<LocalControlAgentState>;

export const localControlAgent: Behaviour<LocalControlAgentState> = {
  kind: 'local-control-agent',
  create: () => ({ watched: new Map() }),
  onStart: (context) => void context.listen(LCA_PORT),
  onMessage(context, { session, message }) {
    const typed = message as unknown as LcaMessage;
    if (typed.type === 'watch application') {
      const { periodSeconds, process, restarts } = typed;
      const known = context.state.watched.get(session);
      const isUnresponsive = known?.isUnresponsive ?? false;
      const one = { process, periodSeconds, restarts, isUnresponsive };
      context.state.watched.set(session, one);
      if (!known) tell(context, LCA_EVENTS.watching, one);
    }
    hear(context, session);
  },
  onTimer(context, _name, data) {
    const { dueUs, session } = data as Deadline;
    // LCA itself was not able to hear: it waits once more.
    if (context.nowUs > dueUs) expect(context, session);
    else miss(context, session);
  },
  onClosed(context, session) {
    const one = context.state.watched.get(session);
    context.state.watched.delete(session);
    context.cancelTimer(timerOf(session));
    // Somebody has ended it: it does not hang any more.
    if (one?.isUnresponsive) tell(context, LCA_EVENTS.ended, one);
  },
};

const timerOf = (session: number) => `heartbeat ${session}`;

/** A sign of life. */
function hear(context: LcaContext, session: number): void {
  const one = context.state.watched.get(session);
  if (!one) return;
  if (one.isUnresponsive) tell(context, LCA_EVENTS.responsive, one);
  one.isUnresponsive = false;
  if (one.periodSeconds === 0) return context.cancelTimer(timerOf(session));
  expect(context, session);
}

/** From now on the next heartbeat has a period of time. */
function expect(context: LcaContext, session: number): void {
  const one = context.state.watched.get(session);
  if (!one) return;
  const delayUs = one.periodSeconds * SECOND_US;
  const deadline: Deadline = { session, dueUs: context.nowUs + delayUs };
  context.setTimer(timerOf(session), delayUs, deadline);
}

function miss(context: LcaContext, session: number): void {
  const one = context.state.watched.get(session);
  if (!one) return;
  one.isUnresponsive = !one.restarts;
  tell(context, one.restarts ? LCA_EVENTS.restarted : LCA_EVENTS.unresponsive, one);
  if (!one.restarts) return;
  context.stopProcess(one.process, 'failure');
  context.startProcess(one.process);
}

function tell(
  context: LcaContext,
  { id, severity, text }: (typeof LCA_EVENTS)[keyof typeof LCA_EVENTS],
  { periodSeconds, process }: Watched,
): void {
  const filled = text.replace('%1', process).replace('%2', String(periodSeconds));
  context.log(severity, filled, id);
}
