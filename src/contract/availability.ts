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
  readonly words: string;
  readonly created: number;
  readonly terminated: number | null;
};

export type AvailabilityReport = {
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
