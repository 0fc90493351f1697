import type { AvailabilityReport } from '../contract/availability.ts';
import type { IconState } from '../engine/icon/icon-state.ts';
import { SECOND_US } from '../engine/kernel/lab-time.ts';
import type { IconPlace } from '../engine/lab/icons.ts';
import type { Lab } from '../engine/lab/lab.ts';
import { reportAvailability } from './idb/availability-report.ts';
import type { RunningLab } from './running-lab.ts';

/** Default of dss-no-data-tout, while no ICON runs that could be asked. */
export const NO_DATA_SECONDS = 300;

/** How far the data of a lab's IDBs can be trusted now. */
export function labAvailability(
  { idbs, lab, nowUs }: RunningLab,
  fromSeconds = lab.definition.epochSeconds,
  toSeconds = lab.definition.epochSeconds + Math.floor(nowUs / SECOND_US),
): AvailabilityReport {
  const asked = idbs.map(({ idb, place: { database, name, process } }) => {
    const { dbid } = lab.simulation.process(process).config as unknown as IconState['config'];
    const options = lab.stateOf<IconState>(process)?.options;
    const noDataSeconds = options?.dssNoDataSeconds ?? NO_DATA_SECONDS;
    return { idb, icon: dbid, name, database, noDataSeconds };
  });
  return reportAvailability(asked, {
    fromSeconds,
    toSeconds,
    noDataSeconds: Math.max(...asked.map((one) => one.noDataSeconds)),
    names: new Map(idbs.flatMap(({ place }) => applicationNames(lab, place))),
  });
}

/** Names that IDB does not have, from what ICON was given when the lab was built. */
function applicationNames(
  { definition: { outbound }, simulation }: Lab,
  { name, process }: IconPlace,
): [number, string][] {
  const { config } = simulation.process(process);
  const known = config as unknown as IconState['config'];
  const { configurationDbid, dbid, interactionServer, outboundServer, tServers } = known;
  const names: [number, string][] = [
    [dbid, name],
    [configurationDbid, 'confserv'],
    ...tServers.map((tServer): [number, string] => [tServer.dbid, tServer.name]),
  ];
  if (outbound && outboundServer) names.push([outboundServer.dbid, outbound.name]);
  if (interactionServer) names.push([interactionServer.dbid, interactionServer.name]);
  return names;
}
