import type { Gap } from './gaps.ts';

/**
 * Calls whose data cannot be relied upon (source, Determining Data Reliability): ICON vouches for a
 * call only if it saw it from its creation to its end.
 */

export const UNRELIABLE = {
  notSeenThroughout: 'not visible for its whole life',
  openInSilence: 'still open when its data stopped coming',
  noSession: 'no session of a data source vouches for it',
  marked: 'marked by ICON as incomplete (GSYS_EXT_VCH2 of its interaction)',
} as const;

export type UnreliableReason = keyof typeof UNRELIABLE;

/** A call of IDB; moments are UTC seconds. */
export type StoredCall = {
  readonly callId: string;
  readonly created: number;
  /** Null: it goes on, as far as IDB knows. */
  readonly terminated: number | null;
  /** GSYS_EXT_VCH2 of its interaction says that something is missing. */
  readonly isMarked: boolean;
  /** Its GSYS_DOMAIN is a session of a data source. */
  readonly isVouchedFor: boolean;
};

export type UnreliableCall = {
  readonly callId: string;
  readonly reason: UnreliableReason;
  /** The gap that it was in, if there was one. */
  readonly gap: Gap | null;
};

/** `gaps` are those of the ICON and the source that have the calls. */
export function unreliableCalls(
  calls: readonly StoredCall[],
  gaps: readonly Gap[],
): UnreliableCall[] {
  const found: UnreliableCall[] = [];
  for (const call of calls) {
    const { callId } = call;
    const gap = gaps.find((one) => lived(call, one)) ?? null;
    if (gap) {
      const isOpen = call.terminated === null && gap.end === null;
      found.push({ callId, reason: isOpen ? 'openInSilence' : 'notSeenThroughout', gap });
    } else if (!call.isVouchedFor) found.push({ callId, reason: 'noSession', gap: null });
    else if (call.isMarked) found.push({ callId, reason: 'marked', gap: null });
  }
  return found;
}

/** It went on at some moment of the gap. */
export function lived(
  { created, terminated }: Pick<StoredCall, 'created' | 'terminated'>,
  { begin, certainUntil, end }: Gap,
): boolean {
  const beganBefore = end === null || created < end;
  // An end after the last event that is certain is none that ICON was told of.
  return beganBefore && (terminated === null || terminated > Math.min(begin, certainUntil));
}
