import type { AvailabilityReport } from '../contract/availability.ts';
import type { IconState } from '../engine/icon/icon-state.ts';
import { SECOND_US } from '../engine/kernel/lab-time.ts';
import { buildObjects } from '../engine/lab/build-objects.ts';
import { reportAvailability } from './idb/availability-report.ts';
import type { RunningLab } from './running-lab.ts';

/** Default of dss-no-data-tout, while no ICON runs that could be asked. */
export const NO_DATA_SECONDS = 300;

/** How far the data of a lab's IDB can be trusted now. */
export function labAvailability(
  { idb, lab, nowUs }: RunningLab,
  fromSeconds = lab.definition.epochSeconds,
  toSeconds = lab.definition.epochSeconds + Math.floor(nowUs / SECOND_US),
): AvailabilityReport {
  const { definition } = lab;
  const names = buildObjects(definition)
    .objects.filter(({ type }) => type === 'application')
    .map(({ dbid, fields }) => [dbid, String(fields['name'])] as const);
  const options = lab.stateOf<IconState>(definition.icon.name.toLowerCase())?.options;
  return reportAvailability(idb, {
    fromSeconds,
    toSeconds,
    noDataSeconds: options?.dssNoDataSeconds ?? NO_DATA_SECONDS,
    names: new Map(names),
  });
}
