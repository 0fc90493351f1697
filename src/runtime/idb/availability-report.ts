import type {
  AvailabilityReport,
  NamedChoice,
  ProviderAvailability,
  ProviderChoice,
  ReportedIdb,
  SourceAvailability,
} from '../../contract/availability.ts';
import { type Choice, chooseIdbs, VERDICT } from '../../engine/idb/availability/choice.ts';
import {
  DELIVERY_SECONDS,
  GAP_BEGIN,
  GAP_END,
  type GapRange,
  gapsOf,
  knownUntil,
  newestElsewhere,
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
  type SourceHistory,
} from '../../engine/idb/availability/provider-sessions.ts';
import type { IdbDatabase } from './idb-database.ts';
import { unreliableOf } from './unreliable-rows.ts';

/** The analyses of how far data can be trusted, of the IDBs of a running lab or of files. */

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

/** One of the IDBs that are asked; with two they are of an HA pair. */
export type AskedIdb = ReportedIdb & {
  readonly idb: IdbDatabase;
  /** Where that of its ICON is known. */
  readonly noDataSeconds?: number;
};

/** All that is known of one IDB. */
type Known = {
  readonly idb: IdbDatabase;
  readonly sessions: readonly ProviderSession[];
  readonly histories: readonly SourceHistory[];
};

const MAX_CALLS = 200;

export function reportAvailability(
  idbs: readonly AskedIdb[],
  {
    fromSeconds,
    toSeconds,
    noDataSeconds,
    windowSeconds = AVAILABILITY_WINDOW_SECONDS,
    names: known = new Map(),
  }: AvailabilityQuestion,
): AvailabilityReport {
  const all = idbs.map(({ idb }): Known => {
    const sessions = readSessions(idb);
    return { idb, sessions, histories: groupBySource(sessions) };
  });
  // Of two ICONs each is to have a name.
  const own = idbs.length > 1 ? idbs.map(({ icon, name }) => [icon, name] as const) : [];
  const names = new Map([...own, ...known, ...all.flatMap(({ idb }) => applicationNames(idb))]);
  const nameOf = (dbid: number) => names.get(dbid) ?? `Application ${dbid}`;
  const range = { from: fromSeconds, to: toSeconds, noDataSeconds };
  const rangeOf = (at: number) => {
    return { ...range, noDataSeconds: idbs[at].noDataSeconds ?? noDataSeconds };
  };
  const sources = all.flatMap(({ histories }, at) =>
    histories.map((history) => {
      const newest = newestElsewhere(
        all.map((one) => one.histories),
        at,
        history,
      );
      return sourceOf(history, at, nameOf, { ...rangeOf(at), newestElsewhere: newest });
    }),
  );
  const calls = all.flatMap(({ idb }, at) => {
    return unreliableOf(idb, at, { sources, fromSeconds, toSeconds });
  });
  calls.sort((a, b) => a.created - b.created || a.idb - b.idb);
  return {
    idbs: idbs.map(({ database, icon, name }) => ({ database, icon, name })),
    choices: choicesOf(idbs, all, nameOf, range),
    fromSeconds,
    toSeconds,
    noDataSeconds,
    windowSeconds,
    providers: all.flatMap(({ sessions }, at) =>
      providersOf(sessions, nameOf, rangeOf(at), windowSeconds),
    ),
    sources,
    unreliableCalls: calls.slice(0, MAX_CALLS),
    callsCutOff: calls.length > MAX_CALLS,
  };
}

export function readSessions(idb: IdbDatabase): ProviderSession[] {
  return PROVIDERS.flatMap((provider) =>
    idb
      .read(`SELECT * FROM ${providerTable(provider)} ORDER BY rowid`)
      .map((cells) => readSession(provider, cells)),
  );
}

/** IDB knows the names of data sources, and only with the role cfg. */
export function applicationNames(idb: IdbDatabase): [dbid: number, name: string][] {
  const rows = idb.read('SELECT ID, NAME FROM GC_APPLICATION');
  return rows.map(({ ID, NAME }) => [Number(ID), String(NAME)]);
}

type NameOf = (dbid: number) => string;

function sourceOf(
  history: SourceHistory,
  idb: number,
  nameOf: NameOf,
  range: GapRange,
): SourceAvailability {
  const { icon, provider, sessions, source } = history;
  const named = { iconName: nameOf(icon), sourceName: nameOf(source) };
  const gaps = gapsOf(history, range).map((gap) => ({
    ...gap,
    beginWords: GAP_BEGIN[gap.beginReason],
    endWords: gap.endReason ? GAP_END[gap.endReason] : '',
  }));
  const table = providerTable(provider);
  const until = knownUntil(history);
  return { idb, provider, icon, source, ...named, table, sessions, gaps, knownUntil: until };
}

function providersOf(
  sessions: readonly ProviderSession[],
  nameOf: NameOf,
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

/** Of each provider all sources together, and each of them where there are several. */
function choicesOf(
  idbs: readonly AskedIdb[],
  all: readonly Known[],
  nameOf: NameOf,
  range: GapRange,
): ProviderChoice[] {
  if (idbs.length < 2) return [];
  const histories = all.map((one) => one.histories);
  const noDataOf = idbs.map(({ noDataSeconds }) => noDataSeconds ?? range.noDataSeconds);
  return PROVIDERS.flatMap((provider) => {
    const own = histories.flat().filter((history) => history.provider === provider);
    const sources = [...new Set(own.map(({ source }) => source))];
    if (sources.length === 0) return [];
    const wanted = [null, ...(sources.length > 1 ? sources : [])];
    return wanted.map((source): ProviderChoice => {
      const one = source === null ? {} : { source };
      const choices = chooseIdbs(histories, { ...range, noDataOf, provider, ...one });
      return {
        provider,
        source,
        sourceName: source === null ? '' : nameOf(source),
        intervals: choices.map((choice) => named(choice, idbs, nameOf)),
      };
    });
  });
}

function named(choice: Choice, idbs: readonly ReportedIdb[], nameOf: NameOf): NamedChoice {
  const { better, missing, verdict } = choice;
  const lacks = missing.flatMap((sources, at) =>
    sources.map(({ reason, source }) => {
      return `${idbs[at].name} lacks ${nameOf(source)}: ${GAP_BEGIN[reason]}`;
    }),
  );
  return { ...choice, betterName: idbs[better].name, words: VERDICT[verdict], lacks };
}
