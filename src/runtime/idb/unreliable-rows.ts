import type { AvailabilityReport, NamedUnreliableCall } from '../../contract/availability.ts';
import type { Gap } from '../../engine/idb/availability/gaps.ts';
import type { SessionCopy } from '../../engine/idb/availability/merge.ts';
import type { ProviderName } from '../../engine/idb/availability/provider-sessions.ts';
import {
  lived,
  type StoredCall,
  UNRELIABLE,
  unreliableCalls,
} from '../../engine/idb/availability/unreliable-calls.ts';
import type { IdbDatabase } from './idb-database.ts';

/** Whether calls and login sessions of an IDB can be relied upon, from the gaps of its sources. */

type Sourced = Pick<AvailabilityReport, 'sources' | 'fromSeconds' | 'toSeconds'>;
type CallRow = StoredCall & { readonly interaction: string };

/** Calls whose life touches a gap of their source, or that ICON itself has marked. */
export function unreliableOf(idb: IdbDatabase, at: number, report: Sourced): NamedUnreliableCall[] {
  const { fromSeconds: from, toSeconds: to } = report;
  const isIn = ({ created, terminated }: StoredCall) =>
    created < to && (terminated === null || terminated > from);
  const gaps = report.sources.filter((source) => source.idb === at && source.provider === 'GCC');
  // Without any session there is nothing to tell one call from another by.
  if (!report.sources.some((source) => source.idb === at)) return [];
  const suspicion = suspicionOf(gaps.flatMap((source) => source.gaps));
  return bySource(idb, at, report, suspicion).flatMap(({ calls, gaps }) => {
    const inRange = calls.filter(isIn);
    const byId = new Map(inRange.map((call) => [call.callId, call]));
    return unreliableCalls(inRange, gaps).map((one) => {
      const { created, terminated } = byId.get(one.callId)!;
      return { ...one, idb: at, words: UNRELIABLE[one.reason], created, terminated };
    });
  });
}

/** Every call of an IDB, with why it cannot be relied upon; empty: it can. */
export function reliabilityOfCalls(
  idb: IdbDatabase,
  at: number,
  report: Sourced,
): (CallRow & { readonly why: string })[] {
  return bySource(idb, at, report).flatMap(({ calls, gaps }) => {
    const found = new Map(unreliableCalls(calls, gaps).map((one) => [one.callId, one.reason]));
    return calls.map((call) => {
      const reason = found.get(call.callId);
      return { ...call, why: reason ? UNRELIABLE[reason] : '' };
    });
  });
}

/** Login sessions: of the same agent at the same switch they are the same in every IDB. */
export function reliabilityOfSessions(
  idb: IdbDatabase,
  at: number,
  { sources }: Sourced,
): SessionCopy[] {
  const rows = idb.read(
    `SELECT l.LOGINSESSIONID AS id, l.SWITCHID AS switch, l.LOGINID AS login, l.AGENTID AS agent,
       l.PRIMARYDEVICEID AS device,
       l.CREATED_TS AS created, l.TERMINATED_TS AS terminated, s.DS_DBID_PRIM AS source
     FROM G_LOGIN_SESSION l LEFT JOIN G_DSS_GLS_PROVIDER s ON s.DSS_ID = l.GSYS_DOMAIN
     ORDER BY l.rowid`,
  );
  const gaps = gapsBySource(sources, 'GLS', at);
  return rows.map(({ agent, created, device, id, login, source, switch: home, terminated }) => {
    const life = {
      created: Number(created),
      terminated: terminated === null ? null : Number(terminated),
    };
    const own = gaps.get(Number(source));
    const isReliable = own !== undefined && !own.some((gap) => lived(life, gap));
    return {
      id: String(id),
      login: [home, ...(login ? [login] : ['', agent, device])].join(),
      ...life,
      isReliable,
    };
  });
}

function gapsBySource(
  sources: Sourced['sources'],
  provider: ProviderName,
  at: number,
): ReadonlyMap<number, readonly Gap[]> {
  const own = sources.filter((one) => one.idb === at && one.provider === provider);
  return new Map(own.map(({ gaps, source }) => [source, gaps]));
}

/** Calls that may be unreliable, for the database: most are not, and need not be looked at. */
function suspicionOf(gaps: readonly Gap[]): string {
  const touched = gaps.map(({ begin, certainUntil, end }) => {
    const after = `(c.TERMINATED_TS IS NULL OR c.TERMINATED_TS > ${Math.min(begin, certainUntil)})`;
    return end === null ? after : `(c.CREATED_TS < ${end} AND ${after})`;
  });
  return ['s.DSS_ID IS NULL', 'i.GSYS_EXT_VCH2 IS NOT NULL', ...touched].join(' OR ');
}

/** Calls by the data source that told of them; for one without a session nobody vouches. */
function bySource(idb: IdbDatabase, at: number, { sources }: Sourced, where = '1') {
  const rows = idb.read(
    `SELECT c.CALLID AS id, c.IRID AS interaction, c.CREATED_TS AS created,
       c.TERMINATED_TS AS terminated, i.GSYS_EXT_VCH2 AS mark, s.DS_DBID_PRIM AS source
     FROM G_CALL c
     LEFT JOIN G_DSS_GCC_PROVIDER s ON s.DSS_ID = c.GSYS_DOMAIN
     LEFT JOIN G_IR i ON i.IRID = c.IRID
     WHERE ${where}
     ORDER BY c.CREATED_TS, c.rowid`,
  );
  const calls = new Map<number, CallRow[]>();
  for (const { created, id, interaction, mark, source, terminated } of rows) {
    const key = Number(source ?? 0);
    const call = {
      callId: String(id),
      interaction: String(interaction),
      created: Number(created),
      terminated: terminated === null ? null : Number(terminated),
      isMarked: !!mark,
      isVouchedFor: source !== null,
    };
    const known = calls.get(key);
    if (known) known.push(call);
    else calls.set(key, [call]);
  }
  const gaps = gapsBySource(sources, 'GCC', at);
  return [...calls].map(([source, own]) => ({ calls: own, gaps: gaps.get(source) ?? [] }));
}
