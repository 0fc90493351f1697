import { z } from 'zod';
import type { Gap } from '../engine/idb/availability/gaps.ts';
import type { Availability } from '../engine/idb/availability/idb-availability.ts';
import type {
  ProviderName,
  ProviderSession,
} from '../engine/idb/availability/provider-sessions.ts';
import type { UnreliableCall } from '../engine/idb/availability/unreliable-calls.ts';

/** How far the data of an IDB can be trusted. Moments are UTC seconds. */

export const availabilityRequestSchema = z.strictObject({
  /** Beginning of what is looked at; by default that of the lab. */
  fromSeconds: z.number().int().min(0).optional(),
});

export type ProviderAvailability = {
  readonly provider: ProviderName;
  /** DBID, and name as the configuration in IDB has it. */
  readonly icon: number;
  readonly iconName: string;
  readonly availability: Availability;
  readonly lastEvent: number | null;
  readonly noData: number | null;
};

export type SourceAvailability = {
  readonly provider: ProviderName;
  readonly icon: number;
  readonly iconName: string;
  readonly source: number;
  readonly sourceName: string;
  readonly sessions: readonly ProviderSession[];
  readonly gaps: readonly Gap[];
};

export type NamedUnreliableCall = UnreliableCall & {
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
