import type { IdbImages } from '../idb/idb-images.ts';
import type { RunningLab, SavedIdb } from '../running-lab.ts';
import type { LogPosition } from './command-log.ts';

/** What a checkpoint holds of a lab. */
export type TakenLab = LogPosition & {
  /** The engine's bytes, to be put behind each other. */
  readonly engine: readonly Uint8Array[];
  readonly idbs: readonly SavedIdb[];
};

/** At most so long at a time: requests are answered in between. */
const SLICE_MS = 8;
const LOOK_MS = 1;

/**
 * Takes a lab as it is at this moment; what happens meanwhile does not get into it, but costs the
 * time that a step would save. `images` are those of its IDBs, in their order. Nothing is taken as
 * long as `waits`: a command on its way to the disk needs this thread some times. Rejects if an
 * image is lost.
 */
export async function takeLab(
  { eventCount, idbs, lab, nowUs }: RunningLab,
  images: readonly IdbImages[],
  waits: () => boolean = () => false,
): Promise<TakenLab> {
  const taking = lab.simulation.beginCheckpoint();
  const copied = Promise.all(images.map((each) => each.now()));
  // Looked at only when the engine's part is there.
  copied.catch(() => {});
  const causes = idbs.map(({ rowCauses }) => rowCauses.beginTaking());
  for (const part of [taking, ...causes]) {
    while (!part.isWhole) {
      await new Promise((resolve) => setImmediate(resolve));
      while (waits()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const endMs = performance.now() + SLICE_MS;
      while (!part.isWhole && performance.now() < endMs) part.step();
    }
  }
  const files = await copied;
  return {
    eventCount,
    nowUs,
    engine: taking.parts(),
    idbs: files.map((image, at) => ({ image, rowCauses: causes[at].bytes() })),
  };
}
