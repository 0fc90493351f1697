import { access, constants, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDurationUs } from '../contract/units.ts';
import { formatProblem, readLabFile } from '../runtime/lab-file.ts';
import { formatReport, reportLab } from '../runtime/lab-report.ts';
import { RunningLab } from '../runtime/running-lab.ts';
import { findLabFile, parseCommandLine, UsageError } from './usage.ts';
import { replaceWhole } from './write-file.ts';

const DEFAULT_UNTIL = '15m';
/** Exit code of a lab file with mistakes: the run has failed. */
const FAILED = 1;

/** `duplexlab run`: a lab without a screen. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      until: { type: 'string', default: DEFAULT_UNTIL },
      export: { type: 'string' },
      json: { type: 'boolean', default: false },
      seed: { type: 'string' },
    },
  });
  if (positionals.length !== 1) {
    throw new UsageError('Name one lab, such as: duplexlab run resources/labs/lab50.yaml');
  }
  const untilUs = parseDurationUs(values.until ?? DEFAULT_UNTIL);
  if (untilUs === undefined) {
    throw new UsageError(`--until takes lab time such as 90s, 15m or 2h, not "${values.until}".`);
  }
  const seed = parseSeed(values.seed);
  const target = values.export === undefined ? undefined : await exportTarget(values.export);
  const file = await readLabFile(findLabFile(positionals[0]));
  if (!file.ok) {
    for (const problem of file.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    return FAILED;
  }
  const definition = seed === undefined ? file.definition : { ...file.definition, seed };
  const running = await RunningLab.create(definition);
  running.lab.simulation.runUntil(untilUs);
  const report = reportLab(running);
  if (target) await replaceWhole(target, running.idb.snapshot());
  const text = values.json
    ? JSON.stringify(report, null, 2)
    : formatReport(report, running).join('\n');
  process.stdout.write(`${text}\n`);
  if (target) process.stderr.write(`IDB snapshot: ${target}\n`);
  running.close();
  return 0;
}

function parseSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed;
  throw new UsageError(`--seed takes a whole number from 0 to 2147483647, not "${text}".`);
}

const SQLITE_MAGIC = 'SQLite format 3\0';

/** Checks before the run that the snapshot can be written and replaces nothing but a snapshot. */
async function exportTarget(path: string): Promise<string> {
  if (path === '') throw new UsageError('--export needs a file name, such as lab50.sqlite.');
  const folder = dirname(resolve(path));
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) throw new UsageError(`--export: the folder ${folder} is missing or read-only.`);
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UsageError(`--export: ${path} cannot be replaced (${error.code}).`);
  });
  if (!file) return path;
  try {
    const head = Buffer.alloc(SQLITE_MAGIC.length);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead === 0 || head.toString('latin1') === SQLITE_MAGIC) return path;
  } catch {
    throw new UsageError(`--export: ${path} is a folder; name a file in it.`);
  } finally {
    await file.close();
  }
  throw new UsageError(`--export: ${path} exists and is no SQLite file; it is not overwritten.`);
}
