import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8 gives collected memory back in the background: nobody runs beside that. */
const SETTLE_MS = 250;

/** One way of doing the work of a benchmark. */
export type Contestant = {
  readonly name: string;
  readonly role: 'ours' | 'peer' | 'limit';
} & (
  | { readonly run: Work }
  /** What must be there before the clock starts; what it answers is then timed. */
  | { readonly prepare: () => Work | Promise<Work> }
);

type Work = () => unknown | Promise<unknown>;

export interface Measured {
  readonly name: string;
  readonly role: Contestant['role'];
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
  /** Work done a second. */
  readonly perSecond: number;
  /** Our time over this one's time within the same round, median of the rounds: above 1, faster. */
  readonly ratioToOurs: number;
}

export interface BenchResult {
  readonly bench: string;
  readonly what: string;
  readonly unit: string;
  readonly amount: number;
  readonly rounds: number;
  readonly node: string;
  readonly measured: readonly Measured[];
}

/**
 * Runs all contestants in turn, several rounds after one that is thrown away. Each starts on a
 * collected heap: nobody pays for the garbage of the one before.
 */
export async function compare(
  bench: string,
  what: string,
  { amount, unit, rounds }: { amount: number; unit: string; rounds: number },
  contestants: readonly Contestant[],
): Promise<BenchResult> {
  const times = contestants.map(() => [] as number[]);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = -1; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const work = 'run' in contestant ? contestant.run : await contestant.prepare();
      collect();
      await setTimeout(SETTLE_MS);
      const startMs = performance.now();
      await work();
      const elapsedMs = performance.now() - startMs;
      if (round >= 0) times[index].push(elapsedMs);
    }
  }
  const ours = times[contestants.findIndex(({ role }) => role === 'ours')];
  const measured = contestants.map(({ name, role }, index) => {
    const mine = times[index];
    const medianMs = median(mine);
    return {
      name,
      role,
      medianMs,
      fastestMs: Math.min(...mine),
      slowestMs: Math.max(...mine),
      perSecond: (amount / medianMs) * 1000,
      ratioToOurs: median(ours.map((time, round) => time / mine[round])),
    };
  });
  return { bench, what, unit, amount, rounds, node: process.version, measured };
}

export function formatResult(result: BenchResult): string[] {
  const { bench, what, unit, amount, rounds, measured } = result;
  const width = Math.max(...measured.map(({ name }) => name.length));
  const lines = [
    `${bench}: ${what}`,
    `${amount.toLocaleString('en-US')} ${unit}, ${rounds} rounds`,
  ];
  for (const { name, role, medianMs, fastestMs, slowestMs, perSecond, ratioToOurs } of measured) {
    const range = `${medianMs.toFixed(1)} ms [${fastestMs.toFixed(1)}..${slowestMs.toFixed(1)}]`;
    const rate = `${Math.round(perSecond).toLocaleString('en-US')} ${unit}/s`;
    const ratio =
      role === 'ours' ? 'ours' : `${role}, ours is ${(1 / ratioToOurs).toFixed(2)} of it`;
    lines.push(`  ${name.padEnd(width)}  ${range.padEnd(26)} ${rate.padEnd(28)} ${ratio}`);
  }
  return lines;
}

/** The middle one, or what lies between the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
