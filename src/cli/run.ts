import { parseDurationUs } from '../contract/units.ts';
import { iconPlaces } from '../engine/lab/icons.ts';
import { areFull, IDB_FULL } from '../runtime/idb/idb-limit.ts';
import { formatProblem, readLabFile } from '../runtime/lab-file.ts';
import { formatReport, reportLab } from '../runtime/lab-report.ts';
import { RunningLab } from '../runtime/running-lab.ts';
import { replaceWhole } from '../runtime/store/replace-whole.ts';
import { findLabFile, parseCommandLine, UsageError } from './usage.ts';
import { writableTargets } from './write-file.ts';

const DEFAULT_UNTIL = '15m';
/** Exit code of a lab file with mistakes: the run has failed. */
const FAILED = 1;
/** Lab time between looks at what IDB has become. */
const LOOK_US = 10_000_000;

/** `duplexlab run`: a lab without a screen. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      until: { type: 'string', default: DEFAULT_UNTIL },
      export: { type: 'string', multiple: true, default: [] },
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
  const targets = await writableTargets('--export', values.export);
  const file = await readLabFile(findLabFile(positionals[0]));
  if (!file.ok) {
    for (const problem of file.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    return FAILED;
  }
  const definition = seed === undefined ? file.definition : { ...file.definition, seed };
  const icons = iconPlaces(definition);
  if (targets.length > icons.length) {
    throw new UsageError(
      `--export is there ${targets.length} times, and ${definition.name} has ` +
        `${icons.length === 1 ? 'one IDB' : `${icons.length} IDBs`}.`,
    );
  }
  const running = await RunningLab.create(definition);
  if (!runUntil(running, untilUs)) {
    const at = Math.floor(running.nowUs / 1e6);
    process.stderr.write(`After ${at} s of lab time: ${IDB_FULL}\n`);
    return FAILED;
  }
  const report = reportLab(running);
  for (const [at, target] of targets.entries()) {
    await replaceWhole(target, running.idbs[at].idb.snapshot());
  }
  const text = values.json
    ? JSON.stringify(report, null, 2)
    : formatReport(report, running).join('\n');
  process.stdout.write(`${text}\n`);
  for (const [at, target] of targets.entries()) {
    const whose = icons.length > 1 ? ` of ${icons[at].name}` : '';
    process.stderr.write(`IDB snapshot${whose}: ${target}\n`);
  }
  const left = targets.length === 0 ? [] : icons.slice(targets.length);
  for (const { name } of left) {
    process.stderr.write(`The IDB of ${name} is not exported: a second --export FILE takes it.\n`);
  }
  running.close();
  return 0;
}

/** False: IDB became too large before. */
function runUntil(running: RunningLab, untilUs: number): boolean {
  const { simulation } = running.lab;
  while (simulation.nowUs < untilUs) {
    if (areFull(running.idbs)) return false;
    simulation.runUntil(Math.min(simulation.nowUs + LOOK_US, untilUs));
  }
  return true;
}

function parseSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed;
  throw new UsageError(`--seed takes a whole number from 0 to 2147483647, not "${text}".`);
}
