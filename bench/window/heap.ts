import type { Page } from 'playwright-core';
import type { Figure } from '../figures.ts';

const MEGABYTE = 1024 * 1024;
const PARTS = 6;
/** Flat: what is left after an hour is at most this much of what was left after ten minutes. */
const LIMIT_RATIO = 1.15;

/** What the renderer keeps after each ten minutes of an hour in which the lab runs. */
export async function measureHeap(window: Page, tenMinutes: () => Promise<void>): Promise<Figure> {
  const session = await window.context().newCDPSession(window);
  const keptMb: number[] = [];
  for (let part = 0; part < PARTS; part++) {
    await tenMinutes();
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    keptMb.push(usedSize / MEGABYTE);
  }
  await session.detach();
  return {
    name: "renderer's heap after an hour, of that after ten minutes",
    value: keptMb[keptMb.length - 1] / keptMb[0],
    unit: 'ratio',
    limit: LIMIT_RATIO,
    note: `${keptMb.map((mb) => mb.toFixed(1)).join(', ')} MB`,
  };
}
