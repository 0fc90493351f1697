import type { LabDefinition } from '../lab/definition.ts';
import { iconPlaces } from '../lab/icons.ts';
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

/** Every promise that is watched, fresh for one lab; what is about ICON for each of its ICONs. */
export function allCheckers(definition: LabDefinition): Checker[] {
  return [
    sameOrder(),
    oneEnabledSynchronizer(),
    equalState(),
    routedOnce(),
    transfersEnd(),
    wireBytes(),
    ...iconPlaces(definition).flatMap((place) => [
      wholeCalls(place),
      agentTimes(place),
      extraction(place),
      reportedGaps(place),
    ]),
  ];
}
