import type {
  AvailabilityReport,
  NamedUnreliableCall,
  ProviderAvailability,
  SourceAvailability,
} from '../../contract/availability.ts';
import {
  DELIVERY_SECONDS,
  GAP_BEGIN,
  GAP_END,
  type GapRange,
  gapsOf,
  knownUntil,
} from '../../engine/idb/availability/gaps.ts';
import {
  AVAILABILITY,
  AVAILABILITY_WINDOW_SECONDS,
  availabilityAt,
  sampleOf,
} from '../../engine/idb/availability/idb-availability.ts';
import {
  groupBySource,
  PROVIDERS,
  type ProviderSession,
  providerTable,
  readSession,
} from '../../engine/idb/availability/provider-sessions.ts';
import {
  type StoredCall,
  UNRELIABLE,
  unreliableCalls,
} from '../../engine/idb/availability/unreliable-calls.ts';
import type { IdbDatabase } from './idb-database.ts';

/** The analyses of how far data can be trusted, of an IDB of a running lab or of a file. */

export type AvailabilityQuestion = {
  readonly fromSeconds: number;
  /** The present moment, or the last one that the IDB may know of. */
  readonly toSeconds: number;
  /** Option dss-no-data-tout of the ICON. */
  readonly noDataSeconds: number;
  readonly windowSeconds?: number;
  /** Names of applications by DBID that are known besides those that IDB has. */
  readonly names?: ReadonlyMap<number, string>;
};

const MAX_CALLS = 200;

export function reportAvailability(
  idb: IdbDatabase,
  {
    fromSeconds,
    toSeconds,
    noDataSeconds,
    windowSeconds = AVAILABILITY_WINDOW_SECONDS,
    names: known = new Map(),
  }: AvailabilityQuestion,
): AvailabilityReport {
  const sessions = readSessions(idb);
  const names = applicationNames(idb);
  const nameOf = (dbid: number) => names.get(dbid) ?? known.get(dbid) ?? `Application ${dbid}`;
  const range = { from: fromSeconds, to: toSeconds, noDataSeconds };
  const sources = groupBySource(sessions).map((history): SourceAvailability => {
    const { icon, provider, source } = history;
    const named = { iconName: nameOf(icon), sourceName: nameOf(source) };
    const gaps = gapsOf(history, range).map((gap) => ({
      ...gap,
      beginWords: GAP_BEGIN[gap.beginReason],
      endWords: gap.endReason ? GAP_END[gap.endReason] : '',
    }));
    const { sessions: own } = history;
    const table = providerTable(provider);
    const until = knownUntil(history);
    return { provider, icon, source, ...named, table, sessions: own, gaps, knownUntil: until };
  });
  const calls = sources.flatMap((source) =>
    source.provider === 'GCC' ? unreliableOf(idb, source, range) : [],
  );
  calls.sort((a, b) => a.created - b.created);
  return {
    fromSeconds,
    toSeconds,
    noDataSeconds,
    windowSeconds,
    providers: providersOf(sessions, nameOf, range, windowSeconds),
    sources,
    unreliableCalls: calls.slice(0, MAX_CALLS),
    callsCutOff: calls.length > MAX_CALLS,
  };
}

function readSessions(idb: IdbDatabase): ProviderSession[] {
  return PROVIDERS.flatMap((provider) =>
    idb
      .read(`SELECT * FROM ${providerTable(provider)} ORDER BY rowid`)
      .map((cells) => readSession(provider, cells)),
  );
}

/** IDB knows the names of data sources, and only with the role cfg. */
function applicationNames(idb: IdbDatabase): Map<number, string> {
  const rows = idb.read('SELECT ID, NAME FROM GC_APPLICATION');
  return new Map(rows.map(({ ID, NAME }) => [Number(ID), String(NAME)]));
}

function providersOf(
  sessions: readonly ProviderSession[],
  nameOf: (dbid: number) => string,
  { noDataSeconds, to }: GapRange,
  windowSeconds: number,
): ProviderAvailability[] {
  const icons = [...new Set(sessions.map(({ icon }) => icon))];
  return icons.flatMap((icon) =>
    PROVIDERS.flatMap((provider) => {
      const own = sessions.filter((one) => one.icon === icon && one.provider === provider);
      if (own.length === 0) return [];
      const sample = sampleOf(own);
      const availability = availabilityAt(sample, to, windowSeconds);
      const words = AVAILABILITY[availability];
      const sign = Math.max(sample.lastEvent ?? 0, sample.noData ?? 0);
      const due = sign + noDataSeconds + DELIVERY_SECONDS;
      const quietUntil = availability === 'notAvailable' && due > to ? due : null;
      const named = { provider, icon, iconName: nameOf(icon) };
      return [{ ...named, availability, words, quietUntil, ...sample }];
    }),
  );
}

/** Calls of one source whose life touches a gap, or that ICON itself has marked. */
function unreliableOf(
  idb: IdbDatabase,
  { gaps, icon, source }: SourceAvailability,
  { from, to }: { readonly from: number; readonly to: number },
): NamedUnreliableCall[] {
  const rows = idb.read(
    `SELECT c.CALLID AS id, c.CREATED_TS AS created, c.TERMINATED_TS AS terminated,
       i.GSYS_EXT_VCH2 AS mark
     FROM G_CALL c
     JOIN G_DSS_GCC_PROVIDER s ON s.DSS_ID = c.GSYS_DOMAIN
     LEFT JOIN G_IR i ON i.IRID = c.IRID
     WHERE s.ICON_DBID = ?1 AND s.DS_DBID = ?2
       AND c.CREATED_TS < ?3 AND (c.TERMINATED_TS IS NULL OR c.TERMINATED_TS > ?4)
     ORDER BY c.CREATED_TS`,
    [icon, source, to, from],
  );
  const calls = rows.map(({ id, created, terminated, mark }): StoredCall => {
    const ended = terminated === null ? null : Number(terminated);
    return { callId: String(id), created: Number(created), terminated: ended, isMarked: !!mark };
  });
  const byId = new Map(calls.map((call) => [call.callId, call]));
  return unreliableCalls(calls, gaps).map((one) => {
    const { created, terminated } = byId.get(one.callId)!;
    return { ...one, words: UNRELIABLE[one.reason], created, terminated };
  });
}
