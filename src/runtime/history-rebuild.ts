import { hashHex } from '../engine/kernel/hash.ts';
import type { LabDefinition } from '../engine/lab/definition.ts';
import { Lab } from '../engine/lab/lab.ts';
import { History, type RunningLab } from './running-lab.ts';
import type { LogEntry } from './store/command-log.ts';

/** Whoever opens a lab wants to see it first. */
const START_AFTER_MS = 1000;
const SLICE_MS = 8;
const PAUSE_MS = 12;
const EVENTS_BETWEEN_CLOCK_READS = 256;

/**
 * A lab opened at a checkpoint knows nothing of what came before. This replays the log from its
 * beginning, a little at a time beside the running lab, and then puts the older past in front.
 */
export class HistoryRebuild {
  private readonly history = new History();
  private nextEntry = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Part of the past that is there again, 0 to 1. */
  progress = 0;

  constructor(
    private readonly definition: LabDefinition,
    private readonly entries: readonly LogEntry[],
    private readonly until: { readonly eventCount: number; readonly journalHash: string },
    private readonly running: RunningLab,
    private readonly onEnd: (problem: string | null) => void,
  ) {}

  start(): void {
    this.timer = setTimeout(() => this.begin(), START_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private begin(): void {
    const lab = Lab.create(this.definition, {
      onEvent: (event) => this.history.record(event),
      onLogLine: (line) => this.history.log(line),
      onOutput() {},
    });
    this.history.ladder.attach(lab.simulation.world.sessions);
    this.slice(lab);
  }

  private slice(lab: Lab): void {
    const deadlineMs = performance.now() + SLICE_MS;
    while (performance.now() < deadlineMs) {
      if (this.advance(lab)) continue;
      return this.finish(lab);
    }
    this.progress = lab.simulation.world.eventCount / this.until.eventCount;
    this.timer = setTimeout(() => this.slice(lab), PAUSE_MS);
  }

  /** Some events, or the next command; false at the checkpoint. */
  private advance(lab: Lab): boolean {
    const { simulation } = lab;
    const { world } = simulation;
    const entry = this.entries[this.nextEntry];
    const commandAt = entry?.kind === 'command' ? entry.eventCount : Number.POSITIVE_INFINITY;
    if (entry && entry.kind !== 'command') {
      this.nextEntry++;
      return true;
    }
    if (entry?.kind === 'command' && world.eventCount === commandAt) {
      if (world.eventCount >= this.until.eventCount) return false;
      simulation.advanceClock(entry.nowUs);
      lab.execute(entry.command);
      this.nextEntry++;
      return true;
    }
    if (world.eventCount >= this.until.eventCount) return false;
    const target = Math.min(
      world.eventCount + EVENTS_BETWEEN_CLOCK_READS,
      commandAt,
      this.until.eventCount,
    );
    simulation.runToCount(target);
    return true;
  }

  private finish(lab: Lab): void {
    const rebuilt = hashHex(lab.simulation.world.journalHash);
    if (rebuilt !== this.until.journalHash) {
      return this.onEnd('What came before this start could not be rebuilt: the replay differs.');
    }
    this.history.absorb(this.running.history);
    this.onEnd(null);
  }
}
