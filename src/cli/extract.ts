import { readFile } from 'node:fs/promises';
import { extract, OtherSnapshotError } from '../runtime/extract/extract.ts';
import { Warehouse } from '../runtime/extract/warehouse.ts';
import { replaceWhole } from '../runtime/store/replace-whole.ts';
import { openSnapshot } from './gaps.ts';
import { parseCommandLine, UsageError } from './usage.ts';
import { writableTarget } from './write-file.ts';

const DEFAULT_BATCH = 5000;

/** `duplexlab extract`: interactions and agents' sessions of a snapshot, into another file. */
export async function extractCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      into: { type: 'string' },
      batch: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length !== 1 || values.into === undefined) {
    throw new UsageError(
      'Name a snapshot and where it goes, such as: duplexlab extract lab50.db --into facts.db',
    );
  }
  const batch = parseBatch(values.batch);
  const path = await writableTarget('--into', values.into);
  const source = await openSnapshot(positionals[0]);
  const target = await openTarget(values.into);
  try {
    const keep = () => replaceWhole(path, target.image());
    const totals = await extract(source, target, batch, keep);
    const facts = ['CALL_FACT', 'PARTY_FACT', 'SESSION_FACT'].map(
      (table) => [table, target.count(table)] as const,
    );
    const told = values.json
      ? JSON.stringify({ ...totals, facts: Object.fromEntries(facts) })
      : tell(totals, facts, values.into);
    process.stdout.write(`${told}\n`);
  } catch (error) {
    if (!(error instanceof OtherSnapshotError)) throw error;
    throw new UsageError(
      `${positionals[0]} is older than what ${values.into} holds, or of another lab or run. ` +
        'Name a newer snapshot of the same run, or another file for --into.',
    );
  } finally {
    source.close();
    target.close();
  }
  return 0;
}

function tell(
  { interactions, rows, sessions }: { interactions: number; rows: number; sessions: number },
  facts: readonly (readonly [table: string, rows: number])[],
  path: string,
): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const many = (value: number, what: string) => `${count(value)} ${what}${value === 1 ? '' : 's'}`;
  const all = facts.map(([table, value]) => `${table} ${count(value)}`).join(', ');
  return [
    `Taken: ${many(interactions, 'interaction')} and ${many(sessions, 'login session')}` +
      ` that may have come or changed; ${many(rows, 'row')} with the configuration.`,
    `${path} holds now: ${all}.`,
  ].join('\n');
}

function parseBatch(text: string | undefined): number {
  if (text === undefined) return DEFAULT_BATCH;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`--batch takes a number of interactions, such as ${DEFAULT_BATCH}.`);
}

async function openTarget(path: string): Promise<Warehouse> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UsageError(`The file ${path} cannot be read (${error.code ?? error.message}).`);
  });
  if (!bytes || bytes.length === 0) return Warehouse.create();
  const known = await Warehouse.open(bytes);
  // Without anything that tells one lab from another there is nothing to go on with.
  const isEmpty = known?.count('G_IR') === 0 && known.count('G_LOGIN_SESSION') === 0;
  if (isEmpty) return Warehouse.create();
  if (known) return known;
  throw new UsageError(
    `${path} is there and was not made by "duplexlab extract": it is left as it is.`,
  );
}
