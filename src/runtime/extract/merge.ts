import type { AvailabilityReport } from '../../contract/availability.ts';
import {
  type CallCopy,
  mergeCalls,
  mergeSessions,
  type SessionCopy,
  type Taken,
} from '../../engine/idb/availability/merge.ts';
import { UNRELIABLE } from '../../engine/idb/availability/unreliable-calls.ts';
import { type AskedIdb, reportAvailability } from '../idb/availability-report.ts';
import type { IdbDatabase } from '../idb/idb-database.ts';
import { reliabilityOfCalls, reliabilityOfSessions } from '../idb/unreliable-rows.ts';
import { MergedDatabase } from './merged-database.ts';

/**
 * HA: one extraction of the IDBs of two ICONs. Each call is taken from the IDB that has it
 * reliably, calls of one interaction together where that is possible; what neither has reliably is
 * taken all the same, and flagged. Made whole each time: the same IDBs give the same file.
 */

export type MergeQuestion = {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly noDataSeconds: number;
};

export type MergeTotals = {
  readonly calls: number;
  /** Calls taken from each IDB. */
  readonly taken: readonly number[];
  readonly unreliable: number;
  readonly sessions: number;
};

/** The two are not of the same run of a lab. */
export class OtherRunError extends Error {}

export type Merged = { readonly database: MergedDatabase; readonly totals: MergeTotals };

export async function merge(idbs: readonly AskedIdb[], question: MergeQuestion): Promise<Merged> {
  const report = reportAvailability(idbs, question);
  const calls = idbs.map(({ idb }, at) => callCopies(idb, at, report));
  const sessions = idbs.map(({ idb }, at) => sessionCopies(idb, at, report));
  const takenCalls = mergeCalls(calls.map((all) => all.map(({ copy }) => copy)));
  const takenSessions = mergeSessions(sessions);
  refuseOtherRun(calls.map((all) => all.map(({ copy }) => copy)));
  const database = await MergedDatabase.create();
  for (const at of inOrder(idbs, report)) {
    const { icon, idb } = idbs[at];
    database.take(idb, icon, {
      calls: idsOf(takenCalls, at, ({ callId }) => callId),
      sessions: idsOf(takenSessions, at, ({ id }) => id),
    });
  }
  const reasons = calls.map((all) => new Map(all.map(({ copy, why }) => [copy.callId, why])));
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

/** T-Servers give the same identifiers to both: what both have whole they have in common. */
function refuseOtherRun(idbs: readonly (readonly CallCopy[])[]): void {
  const ids = idbs.map((all) => all.filter((one) => one.isReliable).map(({ callId }) => callId));
  const [first, ...others] = ids.map((own) => new Set(own));
  const isShared = others.some((other) => [...first].some((id) => other.has(id)));
  if (!isShared && ids.every((own) => own.length > 0)) throw new OtherRunError();
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

function callCopies(idb: IdbDatabase, at: number, report: AvailabilityReport) {
  return reliabilityOfCalls(idb, at, report).map(({ callId, interaction, terminated, why }) => {
    const isEnded = terminated !== null;
    return { why, copy: { callId, interaction, isEnded, isReliable: why === '' } };
  }) satisfies { readonly why: string; readonly copy: CallCopy }[];
}

function sessionCopies(idb: IdbDatabase, at: number, report: AvailabilityReport): SessionCopy[] {
  return reliabilityOfSessions(idb, at, report);
}
