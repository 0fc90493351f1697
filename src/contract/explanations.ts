/** What the journal answers: why something happened, what followed, what a message carries. */

export interface EventSummary {
  readonly seq: number;
  readonly cause: number;
  readonly atUs: number;
  readonly kind: string;
  readonly process: string;
  readonly from: string | null;
  readonly title: string;
  /** Events left out behind this one: earlier rounds of the same timer. */
  readonly rounds: number;
  /** A command between this round of a timer and the one before: the round went another way. */
  readonly isMeanwhile?: true;
  /** Fields of the message or timer, shortened; null when only the frame is kept. */
  readonly fields: readonly { readonly name: string; readonly value: string }[] | null;
}

export interface Explanation {
  /** Nearest first; a timer that set itself again and again stands once. */
  readonly chain: readonly EventSummary[];
  /** Events between `chain` and `origin` that are left out. */
  readonly omitted: number;
  /** The far end of a long chain, ending with the command or start that began it all. */
  readonly origin: readonly EventSummary[];
  /** True when the chain goes back beyond the journal that is kept. */
  readonly cutOff: boolean;
}

/** The event after which a process is as it is. */
export interface StateChange {
  readonly seq: number;
  readonly title: string;
}

/** What followed from an event. */
export interface Consequences {
  /** In the order in which they happened; `step` 1 is a direct consequence. */
  readonly events: readonly (EventSummary & { readonly step: number })[];
  /** There is more. */
  readonly isCut: boolean;
}

/** A message with all that it carries. */
export interface MessageDetail {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly sentUs: number;
  readonly atUs: number;
  readonly sizeBytes: number;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Two digits a byte, in the emulator's own encoding; the beginning of it for a long one. */
  readonly hex: string;
  readonly hexIsCut: boolean;
}
