import type { UntilEnd } from '../contract/limits.ts';
import type { Simulation } from '../engine/kernel/simulation.ts';

const TICK_MS = 25;
/** Longest stretch of work at a time: requests are answered in between. */
const WORK_MS = 8;
const HELD_LOOK_MS = 5;
const STATUS_MS = 200;
const SECOND_US = 1_000_000;

/** Drives a simulation in real time: so many lab seconds a wall second, or as fast as it goes. */
export class LabDriver {
  /** Calls the next tick off; there is none without. */
  private callOff: (() => void) | undefined;
  private speed = 1;
  private targetUs = 0;
  private lastTickMs = 0;
  private statusMs = 0;
  private statusUs = 0;
  private reachedSpeed = 0;
  /** Counts pauses, so that a long advance sees that it was ended. */
  private pauses = 0;
  /** Advances under way: one that was ended is so until it has seen that. */
  private advances = 0;
  private isClosed = false;
  /** Who wants the lab to stand for a moment. */
  private holds = 0;
  /** Of them those that somebody waits for at the disk. */
  private urgentHolds = 0;
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
    if (this.isOver) return;
    this.pauses++;
    this.speed = speed;
    this.targetUs = this.simulation.nowUs;
    this.lastTickMs = performance.now();
    this.beginReport();
    if (!this.callOff) this.tickAfter(0);
  }

  pause(): void {
    this.pauses++;
    this.callOff?.();
    this.callOff = undefined;
    this.reachedSpeed = 0;
  }

  /** Meanwhile nothing goes on by itself; the lab then makes up for that time. */
  async whileHeld<T>(work: () => Promise<T>): Promise<T> {
    this.holds++;
    try {
      return await work();
    } finally {
      this.holds--;
    }
  }

  /** The same, before other work that can wait. */
  async whileUrgent<T>(work: () => Promise<T>): Promise<T> {
    this.urgentHolds++;
    try {
      return await this.whileHeld(work);
    } finally {
      this.urgentHolds--;
    }
  }

  step(by: 'event' | 'message' | 'second'): void {
    if (this.isOver) return;
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
    const untilUs = this.simulation.nowUs + us;
    await this.inStretches((deadlineMs) => {
      this.work(untilUs, deadlineMs);
      return this.simulation.nowUs >= untilUs;
    });
  }

  /** Goes on until something is so, at most for so much lab time. */
  async until(isSo: () => boolean, limitUs: number): Promise<UntilEnd> {
    const { simulation } = this;
    const endUs = simulation.nowUs + limitUs;
    let isFound = false;
    const isDone = await this.inStretches((deadlineMs) => {
      while (!isFound && simulation.nextDueUs <= endUs && performance.now() < deadlineMs) {
        simulation.step();
        isFound = isSo();
      }
      if (!isFound && simulation.nextDueUs > endUs) simulation.advanceClock(endUs);
      return isFound || simulation.nowUs >= endUs;
    });
    if (isFound) return 'found';
    return isDone ? 'limit' : 'ended';
  }

  /** Nothing moves the lab any more. */
  close(): void {
    this.pause();
    this.isClosed = true;
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
    return this.callOff !== undefined || this.advances > 0;
  }

  get isUrgent(): boolean {
    return this.urgentHolds > 0;
  }

  get hasCrashed(): boolean {
    return this.crash !== null;
  }

  state(): { running: boolean; speed: number; reachedSpeed: number; crash: string | null } {
    const { speed, reachedSpeed, crash } = this;
    return { running: this.isRunning, speed, reachedSpeed, crash };
  }

  private get isOver(): boolean {
    return this.crash !== null || this.isClosed;
  }

  /** Until `work` says that it is done; false: it was ended before, by a pause or a crash. */
  private async inStretches(work: (deadlineMs: number) => boolean): Promise<boolean> {
    if (this.isOver) return false;
    this.pause();
    this.beginReport();
    const { pauses } = this;
    let isDone = false;
    this.advances++;
    while (!isDone && !this.crash && this.pauses === pauses) {
      await this.turn();
      if (this.pauses !== pauses) break;
      const startMs = performance.now();
      this.guarded(() => {
        isDone = work(startMs + WORK_MS);
      });
      this.report(startMs);
    }
    this.advances--;
    if (this.pauses === pauses) this.reachedSpeed = 0;
    this.onProgress();
    return isDone;
  }

  /** Up to and including the next message that is not a heartbeat. */
  private stepMessage(): void {
    do {
      if (!this.simulation.step()) return;
    } while (this.simulation.lastKind !== 'sessionMessage');
  }

  /** Lets requests be answered. */
  private async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.holds > 0) await new Promise((resolve) => setTimeout(resolve, HELD_LOOK_MS));
  }

  private tick(): void {
    if (this.holds > 0) return this.tickAfter(HELD_LOOK_MS);
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
    // Whoever was told may have paused it.
    if (this.callOff) this.tickAfter(behind ? 0 : TICK_MS);
  }

  /** Without a rest as soon as what has been asked is answered. */
  private tickAfter(restMs: number): void {
    if (restMs > 0) {
      const timer = setTimeout(() => this.tick(), restMs);
      this.callOff = () => clearTimeout(timer);
    } else {
      const immediate = setImmediate(() => this.tick());
      this.callOff = () => clearImmediate(immediate);
    }
  }

  private work(untilUs: number, deadlineMs: number): void {
    const { simulation } = this;
    while (simulation.nextDueUs <= untilUs) {
      simulation.step();
      // After each: one that tells of hundreds of objects takes milliseconds.
      if (performance.now() > deadlineMs) return;
    }
    if (Number.isFinite(untilUs)) simulation.advanceClock(untilUs);
  }

  private beginReport(): void {
    this.statusMs = performance.now();
    this.statusUs = this.simulation.nowUs;
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
