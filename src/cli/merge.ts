import { readFile } from 'node:fs/promises';
import { type MergeTotals, merge, OtherRunError } from '../runtime/extract/merge.ts';
import { isMerged } from '../runtime/extract/merged-database.ts';
import type { AskedIdb } from '../runtime/idb/availability-report.ts';
import { replaceWhole } from '../runtime/store/replace-whole.ts';
import { momentsOf, openSnapshots, parseSeconds } from './gaps.ts';
import { parseCommandLine, UsageError } from './usage.ts';
import { placeOf, writableTarget } from './write-file.ts';

/** `duplexlab merge`: one extraction of the IDBs of two ICONs, each call from the better one. */
export async function mergeCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      into: { type: 'string' },
      at: { type: 'string' },
      'no-data': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length !== 2 || values.into === undefined) {
    throw new UsageError(
      'Name snapshots of two ICONs and where it goes, such as: ' +
        'duplexlab merge one.db two.db --into merged.db',
    );
  }
  const path = await writableTarget('--into', values.into);
  await refuseTarget(path, positionals);
  const idbs = await openSnapshots(positionals);
  refuseWithoutSessions(idbs, positionals);
  const moments = momentsOf(idbs, { at: values.at });
  const noDataSeconds = parseSeconds(values['no-data']);
  const { database, totals } = await merge(idbs, { ...moments, noDataSeconds }).catch((error) => {
    if (!(error instanceof OtherRunError)) throw error;
    throw new UsageError(
      `${positionals.join(' and ')} have no call in common, though both should have some: ` +
        'they are not of two ICONs of one lab and run.',
    );
  });
  await replaceWhole(path, database.image());
  const told = values.json ? JSON.stringify(totals) : tell(totals, idbs, values.into);
  process.stdout.write(`${told}\n`);
  database.close();
  for (const { idb } of idbs) idb.close();
  return 0;
}

/** Neither an input nor anything that no merge has made is written over. */
async function refuseTarget(path: string, inputs: readonly string[]): Promise<void> {
  const place = await placeOf(path);
  if ((await Promise.all(inputs.map(placeOf))).includes(place)) {
    throw new UsageError(`--into: ${path} is one of the two that are merged; name another file.`);
  }
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined || bytes.length === 0 || isMerged(bytes)) return;
  throw new UsageError(
    `${path} is there and was not made by "duplexlab merge": it is left as it is.`,
  );
}

function refuseWithoutSessions(idbs: readonly AskedIdb[], paths: readonly string[]): void {
  const none = idbs.findIndex(({ icon }) => icon === 0);
  if (none < 0) return;
  throw new UsageError(
    `${paths[none]} has no sessions of data sources: nobody can tell how good it is. ` +
      'ICON keeps them with the option use-dss-monitor.',
  );
}

function tell(
  { calls, sessions, taken, unreliable }: MergeTotals,
  idbs: readonly AskedIdb[],
  path: string,
): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const each = taken.map((value, at) => `${count(value)} from ${idbs[at].name}`).join(', ');
  return [
    `${count(calls)} calls: ${each}; ${count(unreliable)} of them cannot be relied upon.`,
    `${count(sessions)} login sessions. All of it is in ${path}; HA_CHOICE says which IDB is the ` +
      'better one when.',
  ].join('\n');
}
