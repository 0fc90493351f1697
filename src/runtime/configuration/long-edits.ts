import type { Steps } from '../../engine/kernel/steps.ts';
import {
  type EditPreparation,
  isCurrent,
  prepareEditCommand,
} from '../../engine/lab/edit-preparation.ts';
import type { EditLabCommand } from '../../engine/lab/edit-refusals.ts';
import type { Lab } from '../../engine/lab/lab.ts';
import type { LabDriver } from '../lab-driver.ts';
import { LongWork, runSlice } from '../long-work.ts';

/**
 * Works edits out before they are made. Most take less than a slice; those of thousands of objects
 * are worked out a little at a time while the lab stands, and can be given up until they are made.
 */
export class LongEdits {
  private readonly work: LongWork;

  constructor(
    private readonly lab: Lab,
    private readonly driver: LabDriver,
    onProgress: () => void,
  ) {
    this.work = new LongWork(onProgress);
  }

  /** How much of the one begun last is done, from 0 to 1; null without one. */
  get fraction(): number | null {
    return this.work.fraction;
  }

  /** Null: it was given up. Whoever awaits it makes the edit at once. */
  async prepare(command: EditLabCommand): Promise<EditPreparation | null> {
    const steps = prepareEditCommand(this.lab, command);
    const ready = runSlice(steps);
    if (ready) return ready;
    // A checkpoint that is being taken would have to take all that the edit changes in one go.
    const isBlocked = () => this.lab.simulation.isBeingTaken;
    return this.driver.whileHeld(() =>
      this.work.run(this.currentEdit(command, steps), { isBlocked }),
    );
  }

  cancel(): void {
    this.work.cancel();
  }

  /** Again where another edit was made meanwhile, or someone stepped on. */
  private *currentEdit(
    command: EditLabCommand,
    begun: Steps<EditPreparation>,
  ): Steps<EditPreparation> {
    let steps = begun;
    for (;;) {
      const ready = yield* steps;
      while (isCurrent(this.lab, ready)) {
        if (!this.lab.simulation.isBeingTaken) return ready;
        yield 1;
      }
      steps = prepareEditCommand(this.lab, command);
    }
  }
}
