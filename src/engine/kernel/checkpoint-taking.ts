import type { LabEvent } from './events.ts';
import { PlainDataWriter } from './plain-data.ts';
import type { WorldState } from './world.ts';

/**
 * A checkpoint that is taken while the lab goes on. All but the states of the processes is written
 * at once; the state of a process when there is time for it, at the latest before the process runs
 * again. Nothing else may change a state, so the parts together are the bytes of the first moment.
 */
export class CheckpointTaking {
  private readonly frame: Uint8Array;
  /** By process, in the order in which they lie in the frame. */
  private readonly gaps = new Map<string, Gap>();
  private readonly missing = new Set<Gap>();

  /** Each state is written into the same memory: what is new of it takes time. */
  private readonly writer = new PlainDataWriter();

  constructor(world: WorldState, pending: readonly LabEvent[]) {
    const processes = new Map(world.processes);
    const places = new Map<Place, number>();
    for (const [name, process] of processes) {
      if (process.state === undefined) continue;
      // It stands for the state and is nowhere else; a state may be: some are their configuration.
      const place: Place = { process: name };
      places.set(place, 0);
      processes.set(name, { ...process, state: place });
    }
    const writer = new PlainDataWriter(roomFor(world));
    writer.writeAround({ ...world, processes, pending }, places);
    this.frame = writer.peek();
    for (const [{ process }, at] of places) {
      const gap: Gap = { state: world.processes.get(process)?.state, at, bytes: undefined };
      this.gaps.set(process, gap);
      this.missing.add(gap);
    }
  }

  get isWhole(): boolean {
    return this.missing.size === 0;
  }

  /** The state of this process, if it is still missing. */
  take(process: string): void {
    const gap = this.gaps.get(process);
    if (gap) this.fill(gap);
  }

  /** One state more, if one is missing. */
  takeNext(): void {
    const [gap] = this.missing;
    if (gap) this.fill(gap);
  }

  /** The bytes of the checkpoint, to be put behind each other. */
  parts(): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let from = 0;
    for (const { at, bytes } of this.gaps.values()) {
      if (!bytes) throw new Error('the checkpoint is not whole yet');
      parts.push(this.frame.subarray(from, at), bytes);
      from = at;
    }
    return [...parts, this.frame.subarray(from)];
  }

  private fill(gap: Gap): void {
    if (!this.missing.delete(gap)) return;
    this.writer.reset();
    this.writer.write(gap.state);
    gap.bytes = this.writer.take();
  }
}

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

type Place = { readonly process: string };

type Gap = {
  readonly state: unknown;
  readonly at: number;
  bytes: Uint8Array | undefined;
};
