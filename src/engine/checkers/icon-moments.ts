import type { IconState } from '../icon/icon-state.ts';
import type { WorldState } from '../kernel/world.ts';

/** When checkers may compare what ICON knows with what IDB has. */

export function iconOf(world: WorldState) {
  for (const process of world.processes.values()) {
    if (process.kind !== 'icon') continue;
    const { incarnation, running, hung } = process;
    const state = running && !hung ? (process.state as IconState) : undefined;
    return { incarnation, state };
  }
  return undefined;
}

/** All that ICON has prepared is committed, and what an earlier run left is ended. */
export function isDrained({ pipeline }: IconState): boolean {
  return (
    pipeline.open &&
    pipeline.leftovers === 'ended' &&
    pipeline.queued.length === 0 &&
    pipeline.accumulator.rows === 0
  );
}
