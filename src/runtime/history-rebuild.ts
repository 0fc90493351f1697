import { hashHex } from '../engine/kernel/hash.ts';
import type { LabDefinition } from '../engine/lab/definition.ts';
import { Lab } from '../engine/lab/lab.ts';
import { History, type RunningLab } from './running-lab.ts';
import type { LogEntry } from './store/command-log.ts';

const SLICE_MS = 8;
const PAUSE_MS = 12;
const EVENTS_BETWEEN_CLOCK_READS = 256;

/**
 * A lab opened at a checkpoint knows nothing of what came before. This replays the log from its
 * beginning, a little at a time beside the running lab, and then puts the older past in front.
 */
export class HistoryRebuild {
  private readonly history = new History();
  private readonly lab: Lab;
  private nextEntry = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Part of the past that is there again, 0 to 1. */
  progress = 0;

  constructor(
    definition: LabDefinition,
    private readonly entries: readonly LogEntry[],
    private readonly until: { readonly eventCount: number; readonly journalHash: string },
    private readonly running: RunningLab,
    private readonly onEnd: (problem: string | null) => void,
  ) {
    this.lab = Lab.create(definition, {
      onEvent: (event) => this.history.record(event),
      onLogLine: (line) => this.history.log(line),
      onOutput() {},
    });
    this.history.ladder.attach(this.lab.simulation.world.sessions);
  }

  start(): void {
    this.timer = setTimeout(() => this.slice(), 0);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private slice(): void {
    const deadlineMs = performance.now() + SLICE_MS;
    while (performance.now() < deadlineMs) {
      if (this.advance()) continue;
      return this.finish();
    }
    this.progress = this.lab.simulation.world.eventCount / this.until.eventCount;
    this.timer = setTimeout(() => this.slice(), PAUSE_MS);
  }

  /** Some events, or the next command; false at the checkpoint. */
  private advance(): boolean {
    const { simulation } = this.lab;
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
      this.lab.execute(entry.command);
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

  private finish(): void {
    const rebuilt = hashHex(this.lab.simulation.world.journalHash);
    if (rebuilt !== this.until.journalHash) {
      return this.onEnd('What came before this start could not be rebuilt: the replay differs.');
    }
    this.history.absorb(this.running.history);
    this.onEnd(null);
  }
}
