import type { AvailabilityReport, NamedGap, SourceAvailability } from '../contract/availability.ts';
import type { Gap } from '../engine/idb/availability/gaps.ts';
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
  const lines = providers.map(({ iconName, lastEvent, noData, provider, words }) => {
    const seen = `last event ${moment(lastEvent)}, last "no data" ${moment(noData)}`;
    return `${provider} ${iconName}: ${words} (${seen})`;
  });
  const what = `What has changed in the last ${windowSeconds} s`;
  if (windowSeconds >= noDataSeconds) return [...lines, `${what} counts.`];
  const late = `"no data" is told after ${noDataSeconds} s`;
  return [...lines, `${what} counts; ${late}, and before that a quiet source looks unavailable.`];
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

function gapText(gap: NamedGap): string[] {
  const { begin, beginWords, certainUntil, endWords } = gap;
  const lines = [`  ${spanOf(gap)}`, `    begins: ${beginWords}`];
  if (certainUntil < begin) lines.push(`    last event before it: ${moment(certainUntil)}`);
  if (endWords !== '') lines.push(`    ends: ${endWords}`);
  return lines;
}

export function unreliableLines(report: AvailabilityReport): string[] {
  const { callsCutOff, sources, unreliableCalls } = report;
  if (sources.length === 0) return [NONE];
  if (unreliableCalls.length === 0) return ['Every call of IDB can be relied upon.'];
  const lines = unreliableCalls.map(({ callId, created, gap, terminated, words }) => {
    const life = `${moment(created)} to ${terminated === null ? 'open' : moment(terminated)}`;
    const where = gap && `; gap ${spanOf(gap)}`;
    return `${callId} ${life}: ${words}${where ?? ''}`;
  });
  return callsCutOff ? [...lines, 'There are more.'] : lines;
}
