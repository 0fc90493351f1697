import type { LabEvent } from '../kernel/events.ts';
import type { JournalSink } from '../kernel/journal.ts';
import type { PlainData } from '../kernel/plain-data.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { WorldState } from '../kernel/world.ts';

/**
 * A promise of the product that is watched while a lab runs. A checker reads the world and its
 * events, changes nothing, and says in a sentence what it saw broken.
 */
export interface Checker {
  readonly name: string;
  /** Every executed event of the journal, before the batch it belongs to is checked. */
  onEvent?(event: LabEvent): void;
  /** What a process hands out, such as rows that an RDBMS has committed. */
  onOutput?(output: PlainData, process: string): void;
  /** After all events of one lab moment; a sentence when the promise is broken. */
  onBatch(world: WorldState): string | undefined;
}

export type Violation = {
  readonly checker: string;
  readonly atUs: number;
  readonly sentence: string;
};

/** Runs a lab with checkers on, and keeps what they find. */
export class CheckedRun {
  readonly violations: Violation[] = [];

  constructor(private readonly checkers: readonly Checker[]) {}

  /** Feeds the checkers beside whatever else listens. */
  sink(inner: JournalSink): JournalSink {
    const listening = this.checkers.filter(({ onEvent }) => onEvent !== undefined);
    return {
      onEvent(event) {
        for (const checker of listening) checker.onEvent!(event);
        inner.onEvent(event);
      },
      onLogLine: (line) => inner.onLogLine(line),
      onOutput: (process, cause, atUs, output) => {
        for (const checker of this.checkers) checker.onOutput?.(output, process);
        inner.onOutput(process, cause, atUs, output);
      },
    };
  }

  /** As `Simulation.runUntil`, with every batch checked; stops at the first broken promise. */
  runUntil(simulation: Simulation, untilUs: number): void {
    while (simulation.nextDueUs <= untilUs) {
      simulation.runUntil(simulation.nextDueUs);
      this.check(simulation.world);
      if (this.violations.length > 0) return;
    }
    simulation.advanceClock(untilUs);
  }

  check(world: WorldState): void {
    for (const checker of this.checkers) {
      const sentence = checker.onBatch(world);
      if (!sentence) continue;
      this.violations.push({ checker: checker.name, atUs: world.nowUs, sentence });
    }
  }
}
