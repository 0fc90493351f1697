import { IdbImages } from '../../src/runtime/idb/idb-images.ts';
import type { RunningLab } from '../../src/runtime/running-lab.ts';
import { type TakenLab, takeLab } from '../../src/runtime/store/take-lab.ts';

/** A lab that does nothing meanwhile, as a checkpoint takes it. */
export function takeNow(running: RunningLab): Promise<TakenLab> {
  return takeLab(
    running,
    running.idbs.map(({ idb }) => new IdbImages(idb)),
  );
}
