import { CopyLost, type IdbImages } from './idb/idb-images.ts';
import type { LabDriver } from './lab-driver.ts';
import type { RunningLab } from './running-lab.ts';
import type { LabFolder } from './store/lab-folder.ts';
import { type TakenLab, takeLab } from './store/take-lab.ts';
import { writeInThread } from './store/write-in-thread.ts';

const LOOK_MS = 5_000;
/**
 * A checkpoint costs about as much as a second of a busy lab; without one, opening the lab again
 * takes as long as this work took. A lab at rest is not disturbed by it.
 */
const WORK_MS = 20_000;
const WORK_AT_REST_MS = 1_000;

type Saving = {
  /** False once the lab is no longer saved, or runs no more. */
  isOn(): boolean;
  fail(error: Error): void;
};

/** Takes checkpoints of a running lab, and keeps what makes copies of its IDBs quick. */
export class LabCheckpoints {
  private readonly timer: NodeJS.Timeout;
  private latest: Promise<void> = Promise.resolve();
  private takenCount = -1;
  private takenWorkMs = 0;
  /** The thread that copies IDB ended during the latest one. */
  private isLost = false;
  private isOwed = false;

  constructor(
    private readonly running: RunningLab,
    private readonly folder: LabFolder | undefined,
    private readonly driver: LabDriver,
    private readonly images: readonly IdbImages[],
    private readonly saving: Saving,
  ) {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    for (const each of images) each.look();
  }

  /** Takes the last one. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.take();
    // The thread is gone: now the copy is made here.
    if (this.isLost) await this.take();
    for (const each of this.images) await each.close();
  }

  /** Takes the one that failed once more; true if none has, or what is there is broken. */
  async again(): Promise<boolean> {
    if (!this.isOwed || this.driver.hasCrashed) return true;
    this.isOwed = false;
    await this.take(true);
    return !this.isOwed;
  }

  private look(): void {
    for (const each of this.images) each.look();
    const owedMs = this.driver.worked - this.takenWorkMs;
    if (owedMs >= (this.driver.isRunning ? WORK_MS : WORK_AT_REST_MS)) void this.take();
  }

  /** One at a time: the next one waits for the one that is being written. */
  private take(isAgain = false): Promise<void> {
    this.latest = this.latest.then(() => this.takeOne(isAgain));
    return this.latest;
  }

  private async takeOne(isAgain: boolean): Promise<void> {
    const { folder, running, saving, takenWorkMs } = this;
    const isOn = () => isAgain || saving.isOn();
    if (!folder || !isOn() || this.takenCount === running.eventCount) return;
    this.takenWorkMs = this.driver.worked;
    this.isLost = false;
    try {
      const taken = await this.whole();
      if (!isOn()) return;
      await folder.checkpoint(taken, writeInThread);
      this.takenCount = taken.eventCount;
    } catch (error) {
      this.isLost = error instanceof CopyLost;
      // The next look takes another one.
      if (this.isLost) this.takenWorkMs = takenWorkMs;
      else {
        this.isOwed = true;
        saving.fail(error as Error);
      }
    }
  }

  private whole(): Promise<TakenLab> {
    // A command is on its way to the disk, and somebody waits for it.
    const waits = () => this.driver.isUrgent;
    return this.driver.whileHeld(() => takeLab(this.running, this.images, waits));
  }
}
