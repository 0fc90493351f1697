import type { LogLine } from './journal.ts';
import type { ProcessState } from './process.ts';
import type { WorldState } from './world.ts';

/** What becomes of the log lines of a process, besides going to the journal. */
export interface LogPolicy {
  /** Trace groups with which a run of the process begins. */
  traceMask(world: WorldState, process: ProcessState): number;
  /** Keeps a line where the process keeps its log, such as a file of its host. */
  keep(world: WorldState, process: ProcessState, line: LogLine): void;
}

export const keepNoLogs: LogPolicy = {
  traceMask: () => 0,
  keep() {},
};
