import type { IconState } from '../icon/icon-state.ts';
import type { WorldState } from '../kernel/world.ts';
import type { IconPlace } from '../lab/icons.ts';

/** When checkers may compare what ICON knows with what IDB has. */

/** Of which ICON and IDB a checker looks at. */
export type WatchedIcon = Pick<IconPlace, 'process' | 'database'>;

export function iconOf(world: WorldState, { process: name }: WatchedIcon) {
  const process = world.processes.get(name);
  if (!process) return undefined;
  const { incarnation, running, hung } = process;
  const state = running && !hung ? (process.state as IconState) : undefined;
  return { incarnation, state };
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
