import { readFile } from 'node:fs/promises';
import type { AvailabilityReport } from '../contract/availability.ts';
import {
  PROVIDERS,
  parseGmt,
  providerTable,
} from '../engine/idb/availability/provider-sessions.ts';
import { availabilityLines, gapLines, unreliableLines } from '../runtime/availability-lines.ts';
import { reportAvailability } from '../runtime/idb/availability-report.ts';
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
  if (positionals.length !== 1) {
    throw new UsageError('Name one IDB snapshot, such as: duplexlab gaps desk.db');
  }
  const idb = await openSnapshot(positionals[0]);
  const toSeconds = parseMoment('--at', values.at) ?? newestMoment(idb);
  const fromSeconds = parseMoment('--from', values.from) ?? oldestMoment(idb, toSeconds);
  if (fromSeconds >= toSeconds) {
    throw new UsageError(
      'Nothing lies between the two moments: --from, or the beginning of the data, must be ' +
        'before --at.',
    );
  }
  const noDataSeconds = parseSeconds(values['no-data']);
  const report = reportAvailability(idb, { fromSeconds, toSeconds, noDataSeconds });
  process.stdout.write(`${values.json ? JSON.stringify(report, null, 2) : told(report)}\n`);
  idb.close();
  return 0;
}

export async function openSnapshot(path: string): Promise<IdbDatabase> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The file ${path} cannot be read (${error.code ?? error.message}).`);
  });
  const idb = await IdbDatabase.open(bytes).catch(() => undefined);
  if (idb) return idb;
  throw new UsageError(
    `${path} is no IDB snapshot of Duplex Lab; "duplexlab run LAB --export FILE" makes one.`,
  );
}

function told(report: AvailabilityReport): string {
  // Without sessions all three say the same.
  if (report.sources.length === 0) return availabilityLines(report).join('\n');
  const parts = [availabilityLines(report), gapLines(report), unreliableLines(report)];
  return parts.map((lines) => lines.join('\n')).join('\n\n');
}

function parseMoment(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseGmt(text);
  if (seconds !== null) return seconds;
  throw new UsageError(`${option} takes a moment in GMT such as "2026-03-02 15:04:05".`);
}

function parseSeconds(text: string | undefined): number {
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
