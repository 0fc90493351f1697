import type { AvailabilityReport } from '../contract/availability.ts';
import type { IconState } from '../engine/icon/icon-state.ts';
import { SECOND_US } from '../engine/kernel/lab-time.ts';
import type { Lab } from '../engine/lab/lab.ts';
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
  const options = lab.stateOf<IconState>(definition.icon.name.toLowerCase())?.options;
  return reportAvailability(idb, {
    fromSeconds,
    toSeconds,
    noDataSeconds: options?.dssNoDataSeconds ?? NO_DATA_SECONDS,
    names: applicationNames(lab),
  });
}

/** Names that IDB does not have, from what ICON was given when the lab was built. */
function applicationNames({ definition, simulation }: Lab): Map<number, string> {
  const { icon, outbound } = definition;
  const { config } = simulation.process(icon.name.toLowerCase());
  const known = config as unknown as IconState['config'];
  const { configurationDbid, dbid, interactionServer, outboundServer, tServers } = known;
  const names = new Map([
    [dbid, icon.name],
    [configurationDbid, 'confserv'],
  ]);
  for (const tServer of tServers) names.set(tServer.dbid, tServer.name);
  if (outbound && outboundServer) names.set(outboundServer.dbid, outbound.name);
  if (interactionServer) names.set(interactionServer.dbid, interactionServer.name);
  return names;
}
