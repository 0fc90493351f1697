import { agentTimes } from './agent-times.ts';
import type { Checker } from './checker.ts';
import { equalState } from './equal-state.ts';
import { extraction } from './extraction.ts';
import { oneEnabledSynchronizer } from './one-enabled-synchronizer.ts';
import { reportedGaps } from './reported-gaps.ts';
import { routedOnce } from './routed-once.ts';
import { sameOrder } from './same-order.ts';
import { transfersEnd } from './transfers-end.ts';
import { wholeCalls } from './whole-calls.ts';
import { wireBytes } from './wire-bytes.ts';

/** Every promise that is watched, fresh for one lab. */
export function allCheckers(): Checker[] {
  return [
    sameOrder(),
    oneEnabledSynchronizer(),
    equalState(),
    routedOnce(),
    transfersEnd(),
    wireBytes(),
    wholeCalls(),
    agentTimes(),
    extraction(),
    reportedGaps(),
  ];
}
