import type { LabError } from '../engine/lab/commands.ts';

/** A request that cannot be carried out, as a value for whoever asked. */
export class Refused extends Error {
  constructor(readonly error: LabError) {
    super(error.message);
  }
}
