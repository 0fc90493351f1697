import type { AvailabilityReport } from '../../contract/availability.ts';
import { DELIVERY_SECONDS } from '../../engine/idb/availability/gaps.ts';
import {
  type CallCopy,
  mergeCalls,
  mergeSessions,
  type Taken,
} from '../../engine/idb/availability/merge.ts';
import { UNRELIABLE } from '../../engine/idb/availability/unreliable-calls.ts';
import {
  type AskedIdb,
  type AvailabilityQuestion,
  reportAvailability,
} from '../idb/availability-report.ts';
import { reliabilityOfCalls, reliabilityOfSessions } from '../idb/unreliable-rows.ts';
import { MergedDatabase } from './merged-database.ts';

/**
 * HA: one extraction of the IDBs of two ICONs. Each call is taken from the IDB that has it
 * reliably, calls of one interaction together where that is possible; what neither has reliably is
 * taken all the same, and flagged. Made whole each time: the same IDBs give the same file.
 */

export type MergeQuestion = Pick<
  AvailabilityQuestion,
  'fromSeconds' | 'toSeconds' | 'noDataSeconds'
>;

export type MergeTotals = {
  readonly calls: number;
  /** Calls taken from each IDB. */
  readonly taken: readonly number[];
  readonly unreliable: number;
  readonly sessions: number;
};

type JudgedCall = ReturnType<typeof reliabilityOfCalls>[number];

function copyOf({ callId, interaction, terminated, why }: JudgedCall): CallCopy {
  return { callId, interaction, isEnded: terminated !== null, isReliable: why === '' };
}

/** The two are not of the same run of a lab. */
export class OtherRunError extends Error {}

export type Merged = { readonly database: MergedDatabase; readonly totals: MergeTotals };

export async function merge(idbs: readonly AskedIdb[], question: MergeQuestion): Promise<Merged> {
  const report = reportAvailability(idbs, question);
  const calls = idbs.map(({ idb }, at) => reliabilityOfCalls(idb, at, report));
  refuseOtherRun(calls, report);
  const takenCalls = mergeCalls(calls.map((all) => all.map(copyOf)));
  const takenSessions = mergeSessions(
    idbs.map(({ idb }, at) => reliabilityOfSessions(idb, at, report)),
  );
  const database = await MergedDatabase.create();
  for (const at of inOrder(idbs, report)) {
    const { icon, idb } = idbs[at];
    database.take(idb, icon, {
      calls: idsOf(takenCalls, at, ({ callId }) => callId),
      sessions: idsOf(takenSessions, at, ({ id }) => id),
    });
  }
  const reasons = calls.map((all) => new Map(all.map(({ callId, why }) => [callId, why])));
  database.makeFacts(
    takenCalls.map(({ copy: { callId }, from }) => {
      const why = reasons[from].get(callId) ?? '';
      return { id: callId, icon: idbs[from].icon, why };
    }),
    takenSessions.map(({ copy: { id, isReliable }, from }) => {
      const why = isReliable ? '' : UNRELIABLE.notSeenThroughout;
      return { id, icon: idbs[from].icon, why };
    }),
  );
  database.noteChoices(report.choices, (at) => idbs[at].icon);
  const isFrom = (index: number) => takenCalls.filter(({ from }) => from === index).length;
  const totals = {
    calls: takenCalls.length,
    taken: idbs.map((_, index) => isFrom(index)),
    unreliable: takenCalls.filter(({ copy }) => !copy.isReliable).length,
    sessions: takenSessions.length,
  };
  return { database, totals };
}

/**
 * T-Servers give the same identifiers to both ICONs: a call that went on while neither IDB had a
 * gap is in both.
 */
function refuseOtherRun(
  idbs: readonly (readonly JudgedCall[])[],
  { choices }: AvailabilityReport,
): void {
  const overall = choices.find(({ provider, source }) => provider === 'GCC' && source === null);
  const whole = (overall?.intervals ?? []).filter(({ verdict }) => verdict === 'allWhole');
  const isExpected = ({ created, terminated, why }: JudgedCall) =>
    why === '' &&
    terminated !== null &&
    whole.some(({ from, to }) => created >= from && terminated <= to - DELIVERY_SECONDS);
  const ids = idbs.map((all) => new Set(all.map(({ callId }) => callId)));
  const expected = idbs.flatMap((all) => all.filter(isExpected));
  const isShared = ({ callId }: JudgedCall) => ids.every((own) => own.has(callId));
  if (expected.length > 0 && !expected.some(isShared)) throw new OtherRunError();
}

/** The one with the better configuration comes last: its agents and switches count. */
function inOrder(idbs: readonly AskedIdb[], { choices }: AvailabilityReport): number[] {
  const found = choices.find(({ provider, source }) => provider === 'CFG' && source === null);
  const last = found?.intervals.at(-1)?.better ?? 0;
  return [...idbs.keys()].sort((a, b) => Number(a === last) - Number(b === last));
}

function idsOf<Copy>(taken: readonly Taken<Copy>[], at: number, idOf: (copy: Copy) => string) {
  return taken.flatMap(({ copy, from }) => (from === at ? [idOf(copy)] : []));
}
