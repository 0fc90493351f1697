import type { Message, SessionDelivery } from './events.ts';
import { createFifo, type Fifo } from './fifo.ts';
import type { Priority } from './network.ts';

/** A message that a sender has not seen delivered. */
export interface Outgoing {
  readonly number: number;
  readonly cause: number;
  readonly sizeBytes: number;
  readonly check: number;
  readonly message: Message;
}

export interface SessionEnd {
  readonly process: string;
  readonly incarnation: number;
  readonly host: string;
  open: boolean;
  readonly unsent: Fifo<Outgoing>;
  unsentBytes: number;
  readonly inFlight: Fifo<{ readonly ackUs: number; readonly sizeBytes: number }>;
  inFlightBytes: number;
  /** A message may not arrive before the one sent earlier. */
  lastArrivalUs: number;
  nextNumber: number;
  expectedNumber: number;
  /** Arrived ahead of one that has to be sent again. */
  readonly held: Map<number, SessionDelivery>;
  retryingSinceUs: number;
  /** Since when the peer has not been reachable, or -1. */
  silentSinceUs: number;
  pumpPending: boolean;
  drainWanted: boolean;
}

export interface SessionState {
  readonly id: number;
  readonly network: string;
  readonly port: number;
  readonly priority: Priority;
  readonly openedUs: number;
  sentBytes: number;
  /** The connecting end, then the accepting one. */
  readonly ends: [SessionEnd, SessionEnd];
}

export function createEnd(owner: { name: string; incarnation: number; host: string }): SessionEnd {
  return {
    process: owner.name,
    incarnation: owner.incarnation,
    host: owner.host,
    open: false,
    unsent: createFifo(),
    unsentBytes: 0,
    inFlight: createFifo(),
    inFlightBytes: 0,
    lastArrivalUs: 0,
    nextNumber: 0,
    expectedNumber: 0,
    held: new Map(),
    retryingSinceUs: -1,
    silentSinceUs: -1,
    pumpPending: false,
    drainWanted: false,
  };
}
