import type { AvailabilityReport, SourceAvailability } from '../contract/availability.ts';
import { GAP_BEGIN, GAP_END, type Gap } from '../engine/idb/availability/gaps.ts';
import { AVAILABILITY } from '../engine/idb/availability/idb-availability.ts';
import { UNRELIABLE } from '../engine/idb/availability/unreliable-calls.ts';
import { formatGmt } from '../engine/idb/row-changes.ts';

/** The words `availability`, `gaps` and `unreliable` of console and program. Moments are GMT. */

export const AVAILABILITY_HELP = [
  'availability                   is IDB available, and is new data arriving',
  'gaps                           intervals without reliable data, with the reason of each edge',
  'unreliable                     calls whose data cannot be relied upon, with the reason',
];

const NONE =
  'IDB has no sessions of data sources. They are kept with the option use-dss-monitor of ICON, ' +
  'from the first event that is stored.';

const moment = (seconds: number | null) => (seconds === null ? 'never' : formatGmt(seconds));

export function availabilityLines(report: AvailabilityReport): string[] {
  const { noDataSeconds, providers, windowSeconds } = report;
  if (providers.length === 0) return [NONE];
  const lines = providers.map(({ availability, iconName, lastEvent, noData, provider }) => {
    const seen = `last event ${moment(lastEvent)}, last "no data" ${moment(noData)}`;
    return `${provider} ${iconName}: ${AVAILABILITY[availability]} (${seen})`;
  });
  const what = `What has changed in the last ${windowSeconds} s`;
  if (windowSeconds >= noDataSeconds) return [...lines, `${what} counts.`];
  const late = `"no data" is told after ${noDataSeconds} s`;
  return [...lines, `${what} counts; ${late}, so that a quiet source looks unavailable before.`];
}

export function gapLines({ sources }: AvailabilityReport): string[] {
  if (sources.length === 0) return [NONE];
  return sources.flatMap((source) => {
    const { gaps } = source;
    return [`${titleOf(source)}:`, ...(gaps.length > 0 ? gaps.flatMap(gapText) : ['  no gap'])];
  });
}

function titleOf({ iconName, provider, sourceName }: SourceAvailability): string {
  return `${provider} ${iconName} from ${sourceName}`;
}

function spanOf({ begin, end }: Gap): string {
  return end === null ? `since ${moment(begin)}` : `${moment(begin)} to ${moment(end)}`;
}

function gapText(gap: Gap): string[] {
  const { begin, beginReason, certainUntil, endReason } = gap;
  const lines = [`  ${spanOf(gap)}`, `    begins: ${GAP_BEGIN[beginReason]}`];
  if (certainUntil < begin) lines.push(`    last event before it: ${moment(certainUntil)}`);
  if (endReason !== null) lines.push(`    ends: ${GAP_END[endReason]}`);
  return lines;
}

export function unreliableLines(report: AvailabilityReport): string[] {
  const { callsCutOff, sources, unreliableCalls } = report;
  if (sources.length === 0) return [NONE];
  if (unreliableCalls.length === 0) return ['Every call of IDB can be relied upon.'];
  const lines = unreliableCalls.map(({ callId, created, gap, reason, terminated }) => {
    const life = `${moment(created)} to ${terminated === null ? 'open' : moment(terminated)}`;
    const where = gap && `; gap ${spanOf(gap)}`;
    return `${callId} ${life}: ${UNRELIABLE[reason]}${where ?? ''}`;
  });
  return callsCutOff ? [...lines, 'There are more.'] : lines;
}
