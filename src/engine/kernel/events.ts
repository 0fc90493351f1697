import type { PlainData } from './plain-data.ts';

/** Every kind of event the kernel knows. `name` is what the journal and the screen show. */
export const EVENT_KINDS = {
  command: { id: 1, name: 'command' },
  start: { id: 2, name: 'start' },
  processExited: { id: 3, name: 'process exited' },
  timer: { id: 4, name: 'timer' },
  datagram: { id: 5, name: 'datagram' },
  sessionRequest: { id: 6, name: 'session request' },
  sessionAccepted: { id: 7, name: 'session accepted' },
  sessionOpened: { id: 8, name: 'session opened' },
  sessionMessage: { id: 9, name: 'message' },
  sessionDrained: { id: 10, name: 'session drained' },
  sessionClosed: { id: 11, name: 'session closed' },
  sessionPump: { id: 12, name: 'session pump' },
  diskSynced: { id: 13, name: 'disk synced' },
} as const;

export type EventKind = keyof typeof EVENT_KINDS;

/** What one process says to another: a type and fields, plain data throughout. */
export interface Message {
  readonly type: string;
  readonly [field: string]: PlainData;
}

/** Where a message went from and to, kept with the event that delivers it. */
export interface Delivery {
  readonly from: string;
  readonly network: string;
  readonly sentUs: number;
  readonly sizeBytes: number;
  /** Check word of the message as it was sent. */
  readonly check: number;
  readonly message: Message;
}

export interface SessionDelivery extends Delivery {
  readonly session: number;
  /** Place in the session's byte order, counted in messages. */
  readonly number: number;
}

/** How a run of a process ended. Only an operator's stop is meant to last. */
export type ExitKind = 'stopped' | 'crashed' | 'failure' | 'restart';

/** What the supervisor of a process hears when it has ended. */
export type ProcessExit = {
  readonly process: string;
  readonly how: ExitKind;
  /** Lab time the run lasted. */
  readonly ranUs: number;
};

export type CloseReason = 'closed' | 'reset' | 'refused' | 'timeout';

/** A pending or executed event. Plain data: behaviour lives in code, never in the queue. */
export interface LabEvent {
  readonly dueUs: number;
  readonly seq: number;
  /** Sequence number of the event that produced this one; 0 for a command. */
  readonly cause: number;
  readonly kind: EventKind;
  /** Process the event is for; empty for the world itself. */
  readonly target: string;
  /** The event dies with the process run it was meant for; 0 means any run. */
  readonly incarnation: number;
  readonly data: PlainData | Delivery | SessionDelivery;
}
