import type { EventQueue } from './event-queue.ts';
import { encodePlainData, PlainDataWriter } from './plain-data.ts';
import type { ProcessState } from './process.ts';
import type { WorldState } from './world.ts';
import { copyWorld } from './world-copy.ts';

/** Room for the frame of a busy lab: to grow costs more than to have it. */
const FRAME_BYTES = 8_000_000;
/** The same for what ICON has in memory, the largest of the states. */
const GAP_BYTES = 8_000_000;
/** The largest things are one level higher: an event that waits, a session; a call, a table. */
const FRAME_LEVELS = 3;
const GAP_LEVELS = 3;

const stateOf = (process: string) => `state of ${process}`;
const diskOf = (host: string) => `disk of ${host}`;

/**
 * A checkpoint of one moment that is taken in steps. What happens meanwhile does not get into it:
 * all but the states of the processes and the files on the disks is written from a copy, and before
 * a process runs, its state and the files of its host are written. Nothing else changes them, so
 * the parts together are the bytes of the first moment.
 */
export class CheckpointTaking {
  private readonly frame: PlainDataWriter;
  private frameSteps: Steps | undefined;
  /** By process or host; in the order in which they lie in the frame. */
  private readonly gaps = new Map<string, Gap>();
  private readonly missing = new Set<Gap>();
  /** The first of them that is missing, as far as it is written. */
  private begun: { readonly gap: Gap; readonly steps: Steps } | undefined;
  /** One for all of them: room that is there does not have to be made again. */
  private readonly gapWriter = new PlainDataWriter(GAP_BYTES);

  constructor(now: WorldState, queue: EventQueue) {
    const places = new Map<object, number>();
    const leaveOut = (key: string, what: unknown) => {
      // It stands for the gap and is nowhere else; a state may be: some are their configuration.
      const place = {};
      places.set(place, 0);
      const gap: Gap = { what, at: () => places.get(place)!, bytes: undefined };
      this.gaps.set(key, gap);
      this.missing.add(gap);
      return place;
    };
    const world = copyWorld(now);
    const hosts = new Map<string, object>();
    for (const [name, host] of world.hosts) {
      const files = leaveOut(diskOf(name), host.disk.files);
      hosts.set(name, { ...host, disk: { ...host.disk, files } });
    }
    for (const [name, process] of world.processes) {
      if (process.state !== undefined) process.state = leaveOut(stateOf(name), process.state);
    }
    this.frame = new PlainDataWriter(FRAME_BYTES, places);
    this.frameSteps = this.writeFrame({ ...world, hosts }, queue);
  }

  get isWhole(): boolean {
    return this.frameSteps === undefined && this.missing.size === 0;
  }

  /** A little more of it, some ten kilobytes as a rule. */
  step(): void {
    if (this.frameSteps) {
      if (this.frameSteps.next().done) this.frameSteps = undefined;
      return;
    }
    const [gap] = this.missing;
    if (!gap) return;
    if (this.begun?.gap !== gap) {
      this.gapWriter.reset();
      this.begun = { gap, steps: this.gapWriter.writeInSteps(gap.what, GAP_LEVELS) };
    }
    if (this.begun.steps.next().done) this.fill(gap, this.gapWriter.take());
  }

  /** Before this process may change something. */
  takeProcess({ host, name }: ProcessState): void {
    this.take(stateOf(name));
    this.take(diskOf(host));
  }

  /** Before a file of this host may change. */
  takeDisk(host: string): void {
    this.take(diskOf(host));
  }

  /** The bytes of the checkpoint, to be put behind each other. */
  parts(): Uint8Array[] {
    const frame = this.frame.peek();
    const parts: Uint8Array[] = [];
    let from = 0;
    for (const { at, bytes } of this.gaps.values()) {
      if (!bytes || this.frameSteps) throw new Error('the checkpoint is not whole yet');
      parts.push(frame.subarray(from, at()), bytes);
      from = at();
    }
    return [...parts, frame.subarray(from)];
  }

  private *writeFrame(world: object, queue: EventQueue): Steps {
    const pending = queue.toData();
    yield;
    yield* this.frame.writeInSteps({ ...world, pending }, FRAME_LEVELS);
  }

  private take(key: string): void {
    const gap = this.gaps.get(key);
    if (!gap || !this.missing.has(gap)) return;
    if (this.begun?.gap === gap) while (this.missing.has(gap)) this.step();
    else this.fill(gap, encodePlainData(gap.what));
  }

  private fill(gap: Gap, bytes: Uint8Array): void {
    gap.bytes = bytes;
    this.missing.delete(gap);
  }
}

type Steps = Generator<void, void>;

type Gap = {
  readonly what: unknown;
  /** Where in the frame it belongs. */
  at(): number;
  bytes: Uint8Array | undefined;
};
