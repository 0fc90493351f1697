import type { LabEvent } from './events.ts';
import { encodePlainData, PlainDataWriter } from './plain-data.ts';
import type { WorldState } from './world.ts';

/**
 * A checkpoint of one moment that is taken in steps. What happens meanwhile does not get into it:
 * before anything happens, all but the states of the processes is there; before a process runs, its
 * state is. Nothing else changes them, so the parts together are the bytes of the first moment.
 */
export class CheckpointTaking {
  private readonly frame: PlainDataWriter;
  private frameSteps: Steps | undefined;
  /** By process; in the order in which they lie in the frame, once that is written. */
  private readonly gaps = new Map<string, Gap>();
  private readonly missing = new Set<Gap>();
  /** Of the first of them that is missing: what is written of it. */
  private begun: { readonly gap: Gap; readonly writer: PlainDataWriter; steps: Steps } | undefined;

  constructor(world: WorldState, pending: readonly LabEvent[]) {
    const processes = new Map(world.processes);
    const places = new Map<object, number>();
    for (const [name, process] of processes) {
      const { state } = process;
      if (state === undefined) continue;
      // It stands for the state and is nowhere else; a state may be: some are their configuration.
      const place = {};
      places.set(place, 0);
      processes.set(name, { ...process, state: place });
      const gap: Gap = { state, at: () => places.get(place)!, bytes: undefined };
      this.gaps.set(name, gap);
      this.missing.add(gap);
    }
    this.frame = new PlainDataWriter(roomFor(world), places);
    this.frameSteps = this.frame.writeInSteps({ ...world, processes, pending });
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
      const writer = new PlainDataWriter();
      this.begun = { gap, writer, steps: writer.writeInSteps(gap.state) };
    }
    if (this.begun.steps.next().done) this.fill(gap, this.begun.writer.take());
  }

  /** Before anything happens. */
  finishFrame(): void {
    while (this.frameSteps) this.step();
  }

  /** Before this process may change its state. */
  take(process: string): void {
    this.finishFrame();
    const gap = this.gaps.get(process);
    if (!gap || !this.missing.has(gap)) return;
    if (this.begun?.gap === gap) while (this.missing.has(gap)) this.step();
    else this.fill(gap, encodePlainData(gap.state));
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

  private fill(gap: Gap, bytes: Uint8Array): void {
    gap.bytes = bytes;
    this.missing.delete(gap);
  }
}

type Steps = Generator<void, void>;

type Gap = {
  readonly state: unknown;
  /** Where in the frame it belongs. */
  at(): number;
  bytes: Uint8Array | undefined;
};

/** The files on the disks, and as much as is usual beside them. */
function roomFor({ hosts }: WorldState): number {
  let sizeBytes = 4_000_000;
  for (const { disk } of hosts.values()) {
    for (const { bytes, replaced } of disk.files.values()) {
      sizeBytes += bytes.length + (replaced?.length ?? 0);
    }
  }
  return sizeBytes;
}
