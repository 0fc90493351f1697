import { SECOND_US } from '../../kernel/lab-time.ts';
import { ICON_EVENTS } from '../events.ts';
import type { IconContext } from '../icon-state.ts';

/**
 * Calls that cannot be processed (source: Call-Processing Errors Leading to Alarms), and the log
 * event 09-20039 that tells of them as option log-call-failure asks.
 */

export type CallFailure =
  | 'failed call match'
  | 'not restored after reconnection'
  | 'AttributeThisDN is missing'
  | 'AttributeRefConnID is missing'
  | 'call was not found'
  | 'state machine transition failed'
  | 'two-step transfer was not completed'
  | 'single-step transfer was not completed'
  | 'conference was not completed'
  | 'redirect was not completed';

const THROTTLE_US = 30 * 60 * SECOND_US;

export function reportFailure(context: IconContext, failure: CallFailure, what: string): void {
  const { state, nowUs } = context;
  state.failures.set(failure, (state.failures.get(failure) ?? 0) + 1);
  const { logCallFailure } = state.options;
  if (logCallFailure === 0) return;
  if (logCallFailure === 1) {
    if (state.failureToldUs >= 0 && nowUs - state.failureToldUs < THROTTLE_US) return;
    state.failureToldUs = nowUs;
  }
  const { severity, text, id } = ICON_EVENTS.callFailure;
  context.log(severity, text.replace('%1', failure).replace('%2', what), id);
}
