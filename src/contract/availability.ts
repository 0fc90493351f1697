import type { Choice } from '../engine/idb/availability/choice.ts';
import type { Gap } from '../engine/idb/availability/gaps.ts';
import type { Availability } from '../engine/idb/availability/idb-availability.ts';
import type {
  ProviderName,
  ProviderSession,
} from '../engine/idb/availability/provider-sessions.ts';
import type { UnreliableCall } from '../engine/idb/availability/unreliable-calls.ts';

/** How far the data of an IDB can be trusted. Moments are UTC seconds. */

export type ProviderAvailability = {
  readonly provider: ProviderName;
  /** DBID, and name as the configuration in IDB has it. */
  readonly icon: number;
  readonly iconName: string;
  readonly availability: Availability;
  /** The same in words. */
  readonly words: string;
  /** Unavailable, or only quiet: up to then silence is nothing unusual. Null: it is clear. */
  readonly quietUntil: number | null;
  readonly lastEvent: number | null;
  readonly noData: number | null;
};

export type { ProviderSession };

/** A gap with its reasons in words. */
export type NamedGap = Gap & { readonly beginWords: string; readonly endWords: string };

export type SourceAvailability = {
  /** Index of the IDB that has its rows. */
  readonly idb: number;
  /** Where the rows of its sessions are; their ids are DSS_ID. */
  readonly table: string;
  readonly provider: ProviderName;
  readonly icon: number;
  readonly iconName: string;
  readonly source: number;
  readonly sourceName: string;
  readonly sessions: readonly ProviderSession[];
  readonly gaps: readonly NamedGap[];
  /** What comes after this moment IDB cannot know: the last sign of life of the ICON in it. */
  readonly knownUntil: number;
};

export type NamedUnreliableCall = UnreliableCall & {
  /** Index of the IDB that has it. */
  readonly idb: number;
  readonly words: string;
  readonly created: number;
  readonly terminated: number | null;
};

/** An IDB that a report is about. */
export type ReportedIdb = {
  /** Of its ICON. */
  readonly name: string;
  /** DBID of its ICON; 0 while that is not known. */
  readonly icon: number;
  /** Process that holds it; empty for a file. */
  readonly database: string;
};

export type NamedChoice = Choice & {
  readonly betterName: string;
  /** The verdict, and one sentence for each data source that an IDB lacks. */
  readonly words: string;
  readonly lacks: readonly string[];
};

/** HA: which IDB is the better one, interval by interval. */
export type ProviderChoice = {
  readonly provider: ProviderName;
  /** Null: of all data sources together. */
  readonly source: number | null;
  readonly sourceName: string;
  readonly intervals: readonly NamedChoice[];
};

export type AvailabilityReport = {
  readonly idbs: readonly ReportedIdb[];
  /** Empty with one IDB. */
  readonly choices: readonly ProviderChoice[];
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly noDataSeconds: number;
  readonly windowSeconds: number;
  readonly providers: readonly ProviderAvailability[];
  readonly sources: readonly SourceAvailability[];
  readonly unreliableCalls: readonly NamedUnreliableCall[];
  /** There are more unreliable calls than are listed. */
  readonly callsCutOff: boolean;
};
