import type { LadderClient } from './ladder.ts';

/** One state transfer of Figure 1, told from its cause to its end. */
export type TransferStory = {
  readonly client: LadderClient;
  /** Peripheral Gateway, or empty for the Central Controller. */
  readonly gateway: string;
  /** Journal sequence number of the initialization request. */
  readonly seq: number;
  readonly fromUs: number;
  /** Arrival of the last message so far. */
  readonly toUs: number;
  readonly sender: 'A' | 'B' | null;
  readonly outcome: 'complete' | 'under way' | 'broken off';
  /** Of records that arrived at the receiver. */
  readonly sizeBytes: number;
  readonly steps: readonly TransferStep[];
};

export type TransferStep = {
  readonly seq: number;
  readonly atUs: number;
  /** From the first to the last of what is told as one. */
  readonly durationUs: number;
  readonly text: string;
};

/** More are not told: the ladder has them. */
export const MAX_TRANSFERS = 50;
