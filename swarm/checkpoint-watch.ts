import type { CheckpointTaking } from '../src/engine/kernel/checkpoint-taking.ts';
import { hashBytes } from '../src/engine/kernel/hash.ts';
import type { Simulation } from '../src/engine/kernel/simulation.ts';

const LOOKS_BETWEEN = 40;
/** The rest is taken when it is about to change. */
const STEPS_AT_A_LOOK = 20;

/** Takes checkpoints while faults happen, and compares them with those taken at once. */
export class CheckpointWatch {
  private looks = 0;
  private taking: CheckpointTaking | undefined;
  private expected = '';
  private begunUs = 0;
  /** How many were compared. */
  compared = 0;

  constructor(private readonly simulation: Simulation) {}

  /** A sentence when a checkpoint is not what the lab was when it was begun. */
  look(): string | undefined {
    if (!this.taking) {
      if (this.looks++ % LOOKS_BETWEEN !== 0) return undefined;
      this.expected = this.simulation.stateHash();
      this.begunUs = this.simulation.nowUs;
      this.taking = this.simulation.beginCheckpoint();
      return undefined;
    }
    for (let count = 0; count < STEPS_AT_A_LOOK; count++) this.taking.step();
    if (!this.taking.isWhole) return undefined;
    const found = hashBytes(Buffer.concat(this.taking.parts()));
    this.taking = undefined;
    this.compared++;
    if (found === this.expected) return undefined;
    return `the checkpoint begun at ${this.begunUs / 1e6} s has what happened later`;
  }
}
