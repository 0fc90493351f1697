import type { ChartName } from '../../../contract/metrics.ts';

/** The same meaning as everywhere: sides, ICON's path, IDB; lines differ in their dashes, too. */
export const COLOURS: Readonly<Record<ChartName, readonly string[]>> = {
  state: ['--side-a', '--side-b', '--text-dim'],
  waiting: ['--mds', '--text', '--text-dim'],
  queue: ['--icon', '--idb'],
  rates: ['--mds', '--idb'],
  calls: ['--text', '--icon'],
  agents: ['--text', '--text-dim', '--text', '--text-dim'],
};
export const DASHES: readonly (readonly number[])[] = [[], [8, 3], [2, 3], [10, 3, 2, 3]];
/** The dashes in text. */
export const MARKS = ['—', '– –', '· · ·', '– · –'] as const;
/** What is far below its limit would be a line at zero. */
export const LOGARITHMIC: ReadonlySet<ChartName> = new Set(['state']);
