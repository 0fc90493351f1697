import { SECOND_US } from '../../kernel/lab-time.ts';
import type { IconContext } from '../icon-state.ts';

/** What ICON tells the Local Control Agent of its host: that it is able to work. */

/** Recalled: the port on which LCA listens. */
export const LCA_PORT = 4999;

export type LcaMessage =
  /** Options of section sml as they are now; `periodSeconds` 0: nothing is watched any more. */
  | {
      type: 'watch application';
      process: string;
      periodSeconds: number;
      restarts: boolean;
    }
  | { type: 'heartbeat'; process: string };

/** Emulator choice: so many heartbeats within the period that LCA waits. */
const BEATS_IN_PERIOD = 3;
const RETRY_US = 5 * SECOND_US;

/** The session to LCA; 0: none. */
export type HeartbeatState = { session: number; open: boolean; periodSeconds: number };

export function createHeartbeats(): HeartbeatState {
  return { session: 0, open: false, periodSeconds: 0 };
}

/** The options may have changed: heartbeats begin, come in another rhythm, or end. */
export function followHeartbeatOptions(context: IconContext): void {
  const { heartbeats, options } = context.state;
  const { heartbeatPeriodSeconds: periodSeconds } = options;
  if (heartbeats.session === 0 && periodSeconds > 0) connectAgent(context);
  if (heartbeats.open) register(context);
}

export function connectAgent(context: IconContext): void {
  const { heartbeats } = context.state;
  const { host } = context;
  heartbeats.session = context.connect({ host, port: LCA_PORT, network: 'public' });
}

export function onAgentOpened(context: IconContext): void {
  context.state.heartbeats.open = true;
  register(context);
}

/** Without LCA nobody watches; it may come back. */
export function onAgentClosed(context: IconContext): void {
  const { heartbeats } = context.state;
  heartbeats.open = false;
  heartbeats.session = 0;
  context.cancelTimer('heartbeat');
  context.setTimer('connect agent', RETRY_US);
}

function register(context: IconContext): void {
  const { heartbeats, options } = context.state;
  const { hangupRestart: restarts, heartbeatPeriodSeconds: periodSeconds } = options;
  heartbeats.periodSeconds = periodSeconds;
  const process = context.self;
  tell(context, { type: 'watch application', process, periodSeconds, restarts });
  if (periodSeconds === 0) return context.cancelTimer('heartbeat');
  context.setTimer('heartbeat', (periodSeconds * SECOND_US) / BEATS_IN_PERIOD);
}

export function beat(context: IconContext): void {
  const { periodSeconds } = context.state.heartbeats;
  tell(context, { type: 'heartbeat', process: context.self });
  context.setTimer('heartbeat', (periodSeconds * SECOND_US) / BEATS_IN_PERIOD);
}

function tell(context: IconContext, message: LcaMessage): void {
  context.send(context.state.heartbeats.session, message);
}
