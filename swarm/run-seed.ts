import { allCheckers } from '../src/engine/checkers/all-checkers.ts';
import { CheckedRun } from '../src/engine/checkers/checker.ts';
import { type JournalSink, silentJournal } from '../src/engine/kernel/journal.ts';
import { createRandomState } from '../src/engine/kernel/random.ts';
import type { BehaviourTable } from '../src/engine/kernel/simulation.ts';
import { BEHAVIOURS } from '../src/engine/lab/behaviours.ts';
import { Lab } from '../src/engine/lab/lab.ts';
import { CheckpointWatch } from './checkpoint-watch.ts';
import { shortcomings } from './convergence.ts';
import { draw } from './draw.ts';
import { FaultSource, healEverything, startStopped } from './faults.ts';
import { GenesysFaults } from './genesys-faults.ts';

export interface SeedResult {
  readonly seed: number;
  readonly events: number;
  readonly labSeconds: number;
  readonly faults: number;
  /** Lab seconds from the healing until nothing was missing. */
  readonly healedSeconds: number;
  /** Checkpoints taken while the lab went on, and compared with those taken at once. */
  readonly checkpoints: number;
  /** What went wrong; empty when nothing did. */
  readonly problems: readonly string[];
  /** Every command, with its lab second. */
  readonly told: readonly string[];
}

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
/** Sides that start together or a minute apart are paired by then. */
const START_US = 75 * SECOND;
/** Two delayed restarts, a connect timeout, tests and transfers fit into it. */
const CONVERGE_US = 6 * MINUTE;
/** What is in service must stay so for a while: the promises are watched meanwhile. */
const PEACE_US = 60 * SECOND;

/** Faults for as long as the seed draws, then healing, then the pair must be whole again. */
export function runSeed(
  seed: number,
  minutes?: number,
  inner: JournalSink = silentJournal,
  behaviours: BehaviourTable = BEHAVIOURS,
): SeedResult {
  const { definition, faultMinutes, meanFaultSeconds } = draw(seed, minutes);
  const checked = new CheckedRun(allCheckers(definition));
  const lab = Lab.create(definition, checked.sink(inner), behaviours);
  const { simulation } = lab;
  const told: string[] = [];
  const problems: string[] = [];
  const checkpoints = new CheckpointWatch(simulation);
  checked.runUntil(simulation, START_US);
  const source = new FaultSource(lab, createRandomState(seed, 'faults'));
  const isPair = definition.icon.second !== undefined;
  const genesys = isPair && new GenesysFaults(lab, createRandomState(seed, 'genesys faults'));
  const endUs = START_US + faultMinutes * MINUTE;
  while (simulation.nowUs < endUs && checked.violations.length === 0) {
    for (const command of [...source.next(), ...(genesys ? genesys.next() : [])]) {
      lab.execute(command);
      told.push(`${(simulation.nowUs / SECOND).toFixed(6)} ${JSON.stringify(command)}`);
    }
    checked.runUntil(simulation, simulation.nowUs + source.pauseUs(meanFaultSeconds));
    const spoilt = checkpoints.look();
    if (spoilt) problems.push(spoilt);
  }
  const healedUs = simulation.nowUs;
  const convergedUs = checked.violations.length > 0 ? 0 : converge(lab, checked, problems);
  for (const { checker, atUs, sentence } of checked.violations) {
    problems.push(`${checker}, at ${(atUs / SECOND).toFixed(6)} s: ${sentence}`);
  }
  return {
    seed,
    events: simulation.world.eventCount,
    labSeconds: simulation.nowUs / SECOND,
    faults: told.length,
    healedSeconds: Math.max(0, convergedUs - healedUs) / SECOND,
    problems,
    checkpoints: checkpoints.compared,
    told,
  };
}

/** Lab time at which nothing was missing any more. */
function converge(lab: Lab, checked: CheckedRun, problems: string[]): number {
  const { simulation } = lab;
  healEverything(lab);
  checked.runUntil(simulation, simulation.nowUs + SECOND);
  startStopped(lab);
  const limitUs = simulation.nowUs + CONVERGE_US;
  let missing = shortcomings(lab);
  while (missing.length > 0 && simulation.nowUs < limitUs && checked.violations.length === 0) {
    checked.runUntil(simulation, simulation.nowUs + 5 * SECOND);
    missing = shortcomings(lab);
  }
  const convergedUs = simulation.nowUs;
  problems.push(...missing.map((one) => `not healed after ${CONVERGE_US / MINUTE} min: ${one}`));
  if (missing.length > 0) return convergedUs;
  checked.runUntil(simulation, simulation.nowUs + PEACE_US);
  problems.push(...shortcomings(lab).map((one) => `not whole after a while in peace: ${one}`));
  return convergedUs;
}
