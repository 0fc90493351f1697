import type { ProviderSession } from './provider-sessions.ts';

/**
 * Whether IDB is available (source, IDB Availability Analysis), from what has changed of the last
 * event that is stored and of the last "no data" record within a window.
 */

/** The source looks at the last two minutes. */
export const AVAILABILITY_WINDOW_SECONDS = 120;

export const AVAILABILITY = {
  newData: 'IDB is available, and new data is arriving',
  noNewData: 'IDB is available, but there is no new data',
  notAvailable: 'IDB is not available',
} as const;

export type Availability = keyof typeof AVAILABILITY;

/** Of one provider of one ICON: the newest of all its sessions. */
export type ProviderSample = { readonly lastEvent: number | null; readonly noData: number | null };

export function sampleOf(sessions: readonly ProviderSession[]): ProviderSample {
  return {
    lastEvent: highest(sessions.map(({ lastEvent }) => lastEvent)),
    noData: highest(sessions.map(({ noData }) => noData)),
  };
}

function highest(values: readonly (number | null)[]): number | null {
  return values.reduce((a, b) => (b === null || (a !== null && a >= b) ? a : b), null);
}

/** As an ETL that has looked twice does. */
export function compareSamples(before: ProviderSample, now: ProviderSample): Availability {
  if (now.lastEvent !== before.lastEvent) return 'newData';
  return now.noData === before.noData ? 'notAvailable' : 'noNewData';
}

/** As one who looks once: what has changed within the window carries a time of it. */
export function availabilityAt(
  { lastEvent, noData }: ProviderSample,
  nowSeconds: number,
  windowSeconds = AVAILABILITY_WINDOW_SECONDS,
): Availability {
  const since = nowSeconds - windowSeconds;
  if (lastEvent !== null && lastEvent > since) return 'newData';
  return noData !== null && noData > since ? 'noNewData' : 'notAvailable';
}
