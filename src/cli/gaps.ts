import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AvailabilityReport } from '../contract/availability.ts';
import {
  PROVIDERS,
  parseGmt,
  providerTable,
} from '../engine/idb/availability/provider-sessions.ts';
import {
  availabilityLines,
  choiceLines,
  gapLines,
  unreliableLines,
} from '../runtime/availability-lines.ts';
import { isMerged } from '../runtime/extract/merged-database.ts';
import {
  type AskedIdb,
  applicationNames,
  readSessions,
  reportAvailability,
} from '../runtime/idb/availability-report.ts';
import { IdbDatabase } from '../runtime/idb/idb-database.ts';
import { NO_DATA_SECONDS } from '../runtime/lab-availability.ts';
import { parseCommandLine, UsageError } from './usage.ts';

/** `duplexlab gaps`: how far the data of an IDB snapshot can be trusted. */
export async function gapsCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      at: { type: 'string' },
      from: { type: 'string' },
      'no-data': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length < 1 || positionals.length > 2) {
    throw new UsageError(
      'Name one IDB snapshot, such as: duplexlab gaps desk.db; or those of two ICONs.',
    );
  }
  const idbs = await openSnapshots(positionals);
  const { fromSeconds, toSeconds } = momentsOf(idbs, values);
  const noDataSeconds = parseSeconds(values['no-data']);
  const report = reportAvailability(idbs, { fromSeconds, toSeconds, noDataSeconds });
  process.stdout.write(`${values.json ? JSON.stringify(report, null, 2) : told(report)}\n`);
  for (const { idb } of idbs) idb.close();
  return 0;
}

export async function openSnapshot(path: string): Promise<IdbDatabase> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The file ${path} cannot be read (${error.code ?? error.message}).`);
  });
  const idb = await IdbDatabase.open(bytes).catch(() => undefined);
  if (idb) return idb;
  if (isMerged(bytes)) {
    throw new UsageError(`${path} is what a merge has made: name what it was made of.`);
  }
  throw new UsageError(
    `${path} is no IDB snapshot of Duplex Lab; "duplexlab run LAB --export FILE" makes one.`,
  );
}

/** Of two ICONs: the second file is no later state of the first. */
export async function openSnapshots(paths: readonly string[]): Promise<AskedIdb[]> {
  const asked: AskedIdb[] = [];
  for (const path of paths) {
    const idb = await openSnapshot(path);
    const icon = readSessions(idb)[0]?.icon ?? 0;
    // An IDB knows the names of data sources, and hardly that of its ICON.
    const name = new Map(applicationNames(idb)).get(icon) ?? basename(path);
    if (icon > 0 && asked.some((other) => other.icon === icon)) {
      throw new UsageError(
        `${path} is of the same ICON as ${paths[0]}. Name snapshots of two ICONs of one lab.`,
      );
    }
    asked.push({ idb, icon, name, database: '' });
  }
  return asked;
}

/** The range that is looked at: from the beginning of the data, to the newest thing in it. */
export function momentsOf(
  idbs: readonly AskedIdb[],
  { at, from }: { readonly at?: string | undefined; readonly from?: string | undefined },
): { readonly fromSeconds: number; readonly toSeconds: number } {
  const newest = idbs.map(({ idb }) => newestMoment(idb));
  const toSeconds = parseMoment('--at', at) ?? Math.max(...newest);
  const oldest = idbs.map(({ idb }) => oldestMoment(idb, toSeconds));
  const fromSeconds = parseMoment('--from', from) ?? Math.min(...oldest);
  if (fromSeconds < toSeconds) return { fromSeconds, toSeconds };
  throw new UsageError(
    'Nothing lies between the two moments: --from, or the beginning of the data, must be ' +
      'before --at.',
  );
}

function told(report: AvailabilityReport): string {
  // Without sessions all three say the same.
  if (report.sources.length === 0) return availabilityLines(report).join('\n');
  const parts = [availabilityLines(report), gapLines(report), unreliableLines(report)];
  if (report.idbs.length > 1) parts.push(choiceLines(report));
  return parts.map((lines) => lines.join('\n')).join('\n\n');
}

function parseMoment(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseGmt(text);
  if (seconds !== null) return seconds;
  throw new UsageError(`${option} takes a moment in GMT such as "2026-03-02 15:04:05".`);
}

export function parseSeconds(text: string | undefined): number {
  if (text === undefined) return NO_DATA_SECONDS;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--no-data takes whole seconds, such as ${NO_DATA_SECONDS}.`);
}

/** A snapshot does not say when it was made: the last thing that it knows of counts as now. */
function newestMoment(idb: IdbDatabase): number {
  const ofProviders = PROVIDERS.map(providerTable).flatMap((table) => [
    `SELECT max(LEVENT_ITS) AS t FROM ${table}`,
    `SELECT max(NODATA_IUTC) FROM ${table}`,
    `SELECT max(CAST(strftime('%s', DSCONN_ETIME) AS INTEGER)) FROM ${table}`,
  ]);
  const all = [...ofProviders, 'SELECT max(LASTCHANGE_TS) FROM G_CALL'];
  const [{ newest }] = idb.read(`SELECT max(t) AS newest FROM (${all.join(' UNION ALL ')})`);
  return Number(newest ?? 0) + 1;
}

function oldestMoment(idb: IdbDatabase, toSeconds: number): number {
  const ofProviders = PROVIDERS.map(providerTable).map(
    (table) => `SELECT min(FEVENT_ITS) AS t FROM ${table}`,
  );
  const all = [...ofProviders, 'SELECT min(CREATED_TS) FROM G_CALL'];
  const [{ oldest }] = idb.read(`SELECT min(t) AS oldest FROM (${all.join(' UNION ALL ')})`);
  return Number(oldest ?? toSeconds - 1);
}
