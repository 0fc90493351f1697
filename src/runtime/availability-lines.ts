import type { AvailabilityReport, NamedGap, SourceAvailability } from '../contract/availability.ts';
import type { Gap } from '../engine/idb/availability/gaps.ts';
import { formatGmt } from '../engine/idb/row-changes.ts';

/** The words `availability`, `gaps` and `unreliable` of console and program. Moments are GMT. */

export const AVAILABILITY_HELP = [
  'availability                   is IDB available, and is new data arriving',
  'gaps                           intervals without reliable data, with the reason of each edge',
  'unreliable                     calls whose data cannot be relied upon, with the reason',
  'choice                         with two ICONs: which IDB is the better one when, and why',
];

const NONE =
  'IDB has no sessions of data sources. They are kept with the option use-dss-monitor of ICON, ' +
  'from the first event that is stored.';

/** The console shows the lab's own clock elsewhere. */
const asOf = ({ toSeconds }: AvailabilityReport) =>
  `As of ${moment(toSeconds)} GMT, as the rows of IDB are:`;

const moment = (seconds: number | null) => (seconds === null ? 'never' : formatGmt(seconds));

export function availabilityLines(report: AvailabilityReport): string[] {
  const { noDataSeconds, providers, windowSeconds } = report;
  if (providers.length === 0) return [NONE];
  const lines = providers.map(({ iconName, lastEvent, noData, provider, words }) => {
    const seen = `last event ${moment(lastEvent)}, last "no data" ${moment(noData)}`;
    return `${provider} ${iconName}: ${words} (${seen})`;
  });
  const what = `What has changed in the last ${windowSeconds} s`;
  lines.unshift(asOf(report));
  if (windowSeconds >= noDataSeconds) return [...lines, `${what} counts.`];
  const late = `"no data" is told after ${noDataSeconds} s`;
  return [...lines, `${what} counts; ${late}, and before that a quiet source looks unavailable.`];
}

export function gapLines(report: AvailabilityReport): string[] {
  const { sources } = report;
  if (sources.length === 0) return [NONE];
  const lines = sources.flatMap((source) => {
    const { gaps, knownUntil } = source;
    const none = [`  no gap, as far as IDB knows: up to ${moment(knownUntil)}`];
    return [`${titleOf(source)}:`, ...(gaps.length > 0 ? gaps.flatMap(gapText) : none)];
  });
  return [asOf(report), ...lines];
}

/** Up to when each IDB shows a sign of life of its ICON. */
function knownLines({ idbs, sources }: AvailabilityReport): string[] {
  return idbs.map(({ name }, at) => {
    const own = sources.filter(({ idb }) => idb === at).map(({ knownUntil }) => knownUntil);
    return `${name} knows up to ${moment(own.length > 0 ? Math.max(...own) : null)}.`;
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
  else lines.push('    goes on until a first event of another session is stored');
  return lines;
}

export function unreliableLines(report: AvailabilityReport): string[] {
  const { callsCutOff, idbs, sources, unreliableCalls } = report;
  if (sources.length === 0) return [NONE];
  if (unreliableCalls.length === 0) {
    if (idbs.length > 1)
      return ['No call of either IDB, as far as each knows:', ...knownLines(report)];
    const until = Math.max(...sources.map(({ knownUntil }) => knownUntil));
    return [`No call of IDB, as far as it knows: up to ${moment(until)} GMT.`];
  }
  const lines = unreliableCalls.map(({ callId, created, gap, idb, terminated, words }) => {
    const whose = idbs.length > 1 ? `${idbs[idb].name}: ` : '';
    const life = `${moment(created)} to ${terminated === null ? 'open' : moment(terminated)}`;
    const where = gap && `; gap ${spanOf(gap)}`;
    return `${whose}${callId} ${life}: ${words}${where ?? ''}`;
  });
  return [asOf(report), ...lines, ...(callsCutOff ? ['There are more.'] : [])];
}

/** HA: interval by interval, of each provider all data sources together. */
export function choiceLines(report: AvailabilityReport): string[] {
  const { choices, idbs } = report;
  if (idbs.length < 2) return ['There is one ICON with one IDB: nothing to choose between.'];
  if (choices.length === 0) return [NONE];
  const overall = choices.filter(({ source }) => source === null);
  const lines = overall.flatMap(({ intervals, provider }) => [
    `${provider}, all data sources:`,
    ...intervals.flatMap(({ betterName, from, lacks, to, words }) => [
      `  ${moment(from)} to ${moment(to)}  ${betterName}: ${words}`,
      ...lacks.map((one) => `    ${one}`),
    ]),
  ]);
  return [asOf(report), ...lines, ...knownLines(report)];
}
