/** A call as the call view, the console and the manual tell it. */

export interface CallSummary {
  readonly uuid: string;
  /** Row in G_CALL. */
  readonly row: number;
  readonly type: string;
  readonly ani: string;
  readonly dnis: string;
  readonly switchName: string;
  readonly createdSeconds: number;
  /** Null while the call goes on. */
  readonly terminatedSeconds: number | null;
  /** CallUUID of the call that this one was made for, or empty. */
  readonly parent: string;
}

/** A search looks at so many of the newest calls; by its whole id any call is found. */
export const SEARCHED_CALLS = 20_000;

export interface CallList {
  readonly calls: readonly CallSummary[];
  readonly total: number;
}

/** What a search without a result says; it names what it has looked at. */
export function noCallSentence(text: string, total: number): string {
  const newest = SEARCHED_CALLS.toLocaleString('en-US');
  const where = total > SEARCHED_CALLS ? ` of the newest ${newest}` : '';
  return `No call${where} has "${text}" in a number or in its id.`;
}

/** A message about the call. */
export interface CallEvent {
  readonly seq: number;
  readonly atUs: number;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  /** DN, dialed number or label that it is about; empty for call-based events of no party. */
  readonly dn: string;
  /** What the caller hears or has entered, of a treatment; else empty. */
  readonly treatment: string;
  /** Short name of the call (C1), where the message tells. */
  readonly call: string;
}

export interface PartySpan {
  /** Short names of party and call. */
  readonly party: string;
  readonly call: string;
  readonly dn: string;
  readonly role: string;
  /** Row in G_PARTY. */
  readonly row: number;
  readonly spans: readonly {
    /** Row in G_PARTY_HISTORY. */
    readonly row: number;
    readonly state: string;
    readonly fromSeconds: number;
    readonly untilSeconds: number | null;
  }[];
}

export interface CallCell {
  readonly column: string;
  /** Short names stand for ids. */
  readonly value: string;
  /** What the number means, where a dictionary has a word for it. */
  readonly word: string;
  /** No source confirms this column for this table. */
  readonly isInferred: boolean;
}

export interface CallStoryRow {
  readonly table: string;
  readonly row: number;
  /** Why the row is there. */
  readonly sentence: string;
  readonly cells: readonly CallCell[];
  /** Events that made and changed it, first to last. */
  readonly causes: readonly { readonly op: string; readonly seq: number }[];
}

export interface CallStory {
  readonly uuid: string;
  /** Calls of the interaction with their short names; the one asked for comes first. */
  readonly calls: readonly { readonly uuid: string; readonly name: string }[];
  readonly events: readonly CallEvent[];
  /** Older messages are not kept any more. */
  readonly eventsCutOff: boolean;
  readonly parties: readonly PartySpan[];
  readonly rows: readonly CallStoryRow[];
}
