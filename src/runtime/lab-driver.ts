import type { Simulation } from '../engine/kernel/simulation.ts';

const TICK_MS = 25;
/** Longest stretch of work in one tick: requests are answered in between. */
const WORK_MS = 15;
const HELD_LOOK_MS = 5;
const STATUS_MS = 200;
const EVENTS_BETWEEN_CLOCK_READS = 256;
const SECOND_US = 1_000_000;

/** Drives a simulation in real time: so many lab seconds a wall second, or as fast as it goes. */
export class LabDriver {
  private timer: NodeJS.Timeout | undefined;
  private speed = 1;
  private targetUs = 0;
  private lastTickMs = 0;
  private statusMs = 0;
  private statusUs = 0;
  private reachedSpeed = 0;
  /** Counts pauses, so that a long advance sees that it was ended. */
  private pauses = 0;
  private isHeld = false;
  /** Time spent on events: what running them again would take, about. */
  private workedMs = 0;
  /** Message of the broken invariant that stopped the engine. */
  private crash: string | null = null;

  constructor(
    private readonly simulation: Simulation,
    private readonly onProgress: () => void,
    /** After each stretch of work, at least every few ten milliseconds while it runs. */
    private readonly onWork: () => void = () => {},
  ) {}

  /** Lab seconds a wall second; 0 is as fast as it goes. */
  run(speed: number): void {
    if (this.crash) return;
    this.pauses++;
    this.speed = speed;
    this.targetUs = this.simulation.nowUs;
    this.lastTickMs = performance.now();
    this.statusMs = this.lastTickMs;
    this.statusUs = this.simulation.nowUs;
    if (!this.timer) this.timer = setTimeout(() => this.tick(), 0);
  }

  pause(): void {
    this.pauses++;
    if (this.timer) clearTimeout(this.timer);
    this.timer = undefined;
    this.reachedSpeed = 0;
  }

  /** Nothing goes on by itself until the lab is released: it then makes up for that time. */
  hold(): void {
    this.isHeld = true;
  }

  release(): void {
    this.isHeld = false;
  }

  step(by: 'event' | 'message' | 'second'): void {
    if (this.crash) return;
    this.pause();
    this.guarded(() => {
      if (by === 'second') this.simulation.runUntil(this.simulation.nowUs + SECOND_US);
      else if (by === 'event') this.simulation.step();
      else this.stepMessage();
    });
    this.onProgress();
  }

  /** So much lab time, as fast as it goes; requests are answered in between, and may end it. */
  async advance(us: number): Promise<void> {
    if (this.crash) return;
    this.pause();
    const untilUs = this.simulation.nowUs + us;
    const pauses = this.pauses;
    while (this.simulation.nowUs < untilUs && !this.crash && this.pauses === pauses) {
      this.guarded(() => this.work(untilUs, performance.now() + WORK_MS));
      this.onProgress();
      await this.turn();
    }
  }

  /** Goes on until something is so, at most for so much lab time; false: it was not. */
  async until(isSo: () => boolean, limitUs: number): Promise<boolean> {
    if (this.crash) return false;
    this.pause();
    const endUs = this.simulation.nowUs + limitUs;
    const pauses = this.pauses;
    while (this.simulation.nowUs < endUs && !this.crash && this.pauses === pauses) {
      const deadlineMs = performance.now() + WORK_MS;
      let isFound = false;
      this.guarded(() => {
        while (!isFound && this.simulation.nextDueUs <= endUs && performance.now() < deadlineMs) {
          this.simulation.step();
          isFound = isSo();
        }
        if (!isFound && this.simulation.nextDueUs > endUs) this.simulation.advanceClock(endUs);
      });
      this.onProgress();
      if (isFound) return true;
      await this.turn();
    }
    return false;
  }

  /** Ends the run: the engine met a broken invariant. */
  stopForGood(reason: string): void {
    this.pause();
    this.crash = reason;
  }

  /** Milliseconds of work since the lab was opened. */
  get worked(): number {
    return this.workedMs;
  }

  get isRunning(): boolean {
    return this.timer !== undefined;
  }

  get hasCrashed(): boolean {
    return this.crash !== null;
  }

  state(): { running: boolean; speed: number; reachedSpeed: number; crash: string | null } {
    const { speed, reachedSpeed, crash } = this;
    return { running: this.timer !== undefined, speed, reachedSpeed, crash };
  }

  /** Up to and including the next message that is not a heartbeat. */
  private stepMessage(): void {
    do {
      if (!this.simulation.step()) return;
    } while (this.simulation.lastKind !== 'sessionMessage');
  }

  /** Lets requests be answered. */
  private async turn(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.isHeld);
  }

  private tick(): void {
    if (this.isHeld) {
      this.timer = setTimeout(() => this.tick(), HELD_LOOK_MS);
      return;
    }
    const startMs = performance.now();
    const elapsedUs = (startMs - this.lastTickMs) * 1000;
    this.lastTickMs = startMs;
    // A stall (sleep, debugger) is not caught up with: lab time goes on from where it stands.
    this.targetUs += Math.min(elapsedUs, SECOND_US) * this.speed;
    const untilUs = this.speed === 0 ? Number.POSITIVE_INFINITY : Math.floor(this.targetUs);
    this.guarded(() => this.work(untilUs, startMs + WORK_MS));
    if (this.crash) return this.onProgress();
    const behind = this.simulation.nowUs < untilUs;
    if (behind && this.speed > 0) this.targetUs = Math.max(this.simulation.nowUs, 0);
    this.report(startMs);
    const restMs = behind ? 0 : TICK_MS;
    if (this.timer) this.timer = setTimeout(() => this.tick(), restMs);
  }

  private work(untilUs: number, deadlineMs: number): void {
    const { simulation } = this;
    let events = 0;
    while (simulation.nextDueUs <= untilUs) {
      simulation.step();
      if (++events % EVENTS_BETWEEN_CLOCK_READS === 0 && performance.now() > deadlineMs) return;
    }
    if (Number.isFinite(untilUs)) simulation.advanceClock(untilUs);
  }

  private report(nowMs: number): void {
    const passedMs = nowMs - this.statusMs;
    if (passedMs < STATUS_MS) return;
    this.reachedSpeed = (this.simulation.nowUs - this.statusUs) / (passedMs * 1000);
    this.statusMs = nowMs;
    this.statusUs = this.simulation.nowUs;
    this.onProgress();
  }

  private guarded(work: () => void): void {
    const startMs = performance.now();
    try {
      work();
      this.workedMs += performance.now() - startMs;
      this.onWork();
    } catch (error) {
      this.stopForGood(error instanceof Error ? error.message : String(error));
    }
  }
}
