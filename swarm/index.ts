import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { runSeed, type SeedResult } from './run-seed.ts';

interface Options {
  readonly first: number;
  readonly seeds: number;
  /** Lab minutes of faults; drawn for each seed when left out. */
  readonly minutes: number | undefined;
  readonly verbose: boolean;
}

const USAGE = `Usage:
  npm run swarm -- [--seeds N] [--first SEED] [--minutes LAB_MINUTES] [--verbose]

Draws a topology, traffic and faults for each seed, runs them with every checker on, heals,
and demands that the pairs are whole again. Without --minutes each seed draws how long its
faults last, 10 minutes to 2 hours of lab time. Exit code 0: nothing was found, 1: something
was, 2: wrong usage.
`;

/** The options, or a sentence about what is wrong with them. */
function readOptions(args: readonly string[]): Options | string {
  const numbers = new Map([
    ['--seeds', 20],
    ['--first', 1],
    ['--minutes', 0],
  ]);
  let verbose = false;
  for (let at = 0; at < args.length; at++) {
    const option = args[at];
    if (option === '--verbose') verbose = true;
    else if (!numbers.has(option)) return `Unknown option "${option}".`;
    else {
      const value = Number(args[++at]);
      if (!Number.isInteger(value) || value < 1) return `${option} needs a whole number from 1 on.`;
      numbers.set(option, value);
    }
  }
  const minutes = numbers.get('--minutes')! || undefined;
  return { first: numbers.get('--first')!, seeds: numbers.get('--seeds')!, minutes, verbose };
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options} npm run swarm -- --help shows the usage.\n`);
    return 2;
  }
  const startMs = performance.now();
  const threads = Math.max(1, Math.min(availableParallelism(), options.seeds));
  const none = { events: 0, labSeconds: 0, faults: 0, checkpoints: 0 };
  const totals = { seeds: 0, failed: 0, slowest: 0, ...none };
  const onResult = (result: SeedResult) => {
    totals.seeds++;
    totals.events += result.events;
    totals.labSeconds += result.labSeconds;
    totals.faults += result.faults;
    totals.checkpoints += result.checkpoints;
    totals.slowest = Math.max(totals.slowest, result.healedSeconds);
    if (result.problems.length > 0) {
      totals.failed++;
      process.stdout.write(`${describeFailure(result, options).join('\n')}\n`);
    }
    if (totals.seeds % 500 === 0) process.stdout.write(`${totals.seeds} seeds done\n`);
  };
  await Promise.all(
    Array.from({ length: threads }, (_, index) => runThread(index, threads, options, onResult)),
  );
  const seconds = (performance.now() - startMs) / 1000;
  process.stdout.write(
    `${totals.seeds} seeds, ${totals.failed} failed: ${(totals.labSeconds / 3600).toFixed(1)} ` +
      `lab hours with start and healing, ${totals.faults.toLocaleString('en-US')} faults, ` +
      `${totals.events.toLocaleString('en-US')} events, ${totals.checkpoints} checkpoints taken ` +
      `meanwhile as if at once; healed within ${totals.slowest} lab seconds; ` +
      `${seconds.toFixed(0)} s on ${threads} threads\n`,
  );
  return totals.failed > 0 ? 1 : 0;
}

function describeFailure(result: SeedResult, { minutes, verbose }: Options): string[] {
  const again = `npm run swarm -- --first ${result.seed} --seeds 1`;
  const limit = minutes ? ` --minutes ${minutes}` : '';
  return [
    `Seed ${result.seed} failed after ${result.labSeconds} lab seconds:`,
    ...result.problems.map((problem) => `  ${problem}`),
    ...(verbose ? result.told.map((line) => `    ${line}`) : []),
    `  Repeat it with: ${again}${limit} --verbose`,
  ];
}

/** Every n-th seed runs in this thread. */
function runThread(
  index: number,
  threads: number,
  options: Options,
  onResult: (result: SeedResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { ...options, index, threads },
    });
    worker.on('message', onResult);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

function work({ first, seeds, minutes, index, threads }: Options & Record<string, number>): void {
  for (let seed = first + index; seed < first + seeds; seed += threads) {
    let result: SeedResult;
    try {
      result = runSeed(seed, minutes);
    } catch (error) {
      const problem = `the engine stopped: ${(error as Error).stack}`;
      const none = { events: 0, labSeconds: 0, faults: 0, healedSeconds: 0 };
      result = { seed, ...none, checkpoints: 0, told: [], problems: [problem] };
    }
    parentPort!.postMessage(result);
  }
}

if (isMainThread) process.exitCode = await main();
else work(workerData);
