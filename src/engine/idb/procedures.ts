import { daysOf } from '../kernel/lab-time.ts';

/**
 * Stored procedures of IDB. gsysInitTimeCode, gsysIRMerge, gsysIRMerge2 and gsysIRMergeReset are
 * documented (docs/fidelity/icon.md §1, §4); names of the purge procedures are recalled, that they
 * exist is confirmed; gsysStuckCalls is an emulator choice for a procedure whose name is unknown.
 */

export type ProcedureName =
  | 'gsysInitTimeCode'
  | 'gsysIRMerge'
  | 'gsysIRMerge2'
  | 'gsysIRMergeReset'
  | 'gsysStuckCalls'
  | 'gsysPurgeIR'
  | 'gsysPurgeUDH'
  | 'gsysPurgeLS'
  | 'gsysPurgeOS';

export const PROCEDURES: readonly {
  readonly name: ProcedureName;
  readonly parameters: readonly string[];
  readonly about: string;
}[] = [
  {
    name: 'gsysInitTimeCode',
    parameters: ['BEGIN_DATE', 'END_DATE'],
    about: 'Fills G_TIMECODE with a row for every five minutes.',
  },
  {
    name: 'gsysIRMerge',
    parameters: [],
    about: 'Joins the interaction records of calls on several switches, by their IS-Links.',
  },
  {
    name: 'gsysIRMerge2',
    parameters: [],
    about: 'As gsysIRMerge, for records that wait for the other side no longer.',
  },
  {
    name: 'gsysIRMergeReset',
    parameters: [],
    about: 'Takes back what a merge has marked as failed, so that it is tried again.',
  },
  {
    name: 'gsysStuckCalls',
    parameters: ['TIMEOUT_SECONDS'],
    about: 'Ends parties and queue stays of calls that have ended, and marks them.',
  },
  {
    name: 'gsysPurgeIR',
    parameters: ['DAYS'],
    about: 'Deletes terminated interactions, their calls and parties, older than so many days.',
  },
  {
    name: 'gsysPurgeUDH',
    parameters: ['DAYS'],
    about: 'Deletes user data history older than so many days.',
  },
  {
    name: 'gsysPurgeLS',
    parameters: ['DAYS'],
    about: 'Deletes terminated login sessions and agent states older than so many days.',
  },
  {
    name: 'gsysPurgeOS',
    parameters: ['DAYS'],
    about: 'Deletes terminated outbound sessions and chains older than so many days.',
  },
];

/** Days since 1970-01-01 of `YYYY-MM-DD`; undefined for what is no date. */
export function dayOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const [year, month, day] = text.split('-').map(Number);
  return daysOf(year, month, day);
}

/** What is wrong with the parameters of a call, or nothing. */
export function refuseParameters(
  name: ProcedureName,
  parameters: readonly string[],
): string | undefined {
  const { parameters: wanted } = PROCEDURES.find((one) => one.name === name)!;
  if (parameters.length !== wanted.length) {
    return `it takes ${wanted.length} parameters, not ${parameters.length}`;
  }
  for (const [at, parameter] of wanted.entries()) {
    const value = parameters[at];
    if (parameter.endsWith('_DATE')) {
      if (dayOf(value) === undefined) return `${parameter} must be a date such as 2026-03-02`;
    } else if (!/^\d{1,6}$/.test(value)) return `${parameter} must be a whole number`;
  }
  if (name !== 'gsysInitTimeCode') return undefined;
  const [begin = 0, end = 0] = parameters.map(dayOf);
  const days = end - begin;
  return days > 0 && days <= 3660 ? undefined : 'END_DATE must be 1 to 3660 days after BEGIN_DATE';
}

/** What the RDBMS hands out when a procedure is called: it runs where the rows are. */
export type ProcedureCall = {
  readonly kind: 'idb procedure';
  readonly name: ProcedureName;
  readonly parameters: readonly string[];
  readonly utcSeconds: number;
  /** First of the row ids in G_LOG_MESSAGES and G_LOG_ATTRS that the call may use. */
  readonly firstMessageRow: number;
  readonly firstAttributeRow: number;
};
