import type {
  CloseReason,
  Delivery,
  ExitKind,
  LabEvent,
  Message,
  ProcessExit,
  SessionDelivery,
} from './events.ts';
import type { Priority } from './network.ts';
import type { PlainData } from './plain-data.ts';

export interface ProcessState {
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  readonly config: PlainData;
  /** Process of the same host that is told when this one ends; empty for none. */
  readonly supervisor: string;
  running: boolean;
  /** A hung process keeps its sessions and handles nothing: what is for it waits in `held`. */
  hung: boolean;
  readonly held: LabEvent[];
  /** Counts the runs of this process; events of an earlier run are dropped. */
  incarnation: number;
  startedUs: number;
  /** When the last run ended. */
  endedUs: number;
  /** Sequence number of the start that is awaited, or 0: a stop takes it back. */
  pendingStart: number;
  /** Named timers and the sequence number of the event that will fire each. */
  readonly timers: Map<string, number>;
  /** Groups of trace lines that this run writes, one bit each; what the bits mean is the kind's. */
  traceMask: number;
  /** Log file on the host's disk that is being written; empty before the first line. */
  logFile: string;
  /** The behaviour's own state; undefined while stopped. */
  state: unknown;
}

/** What was worked out about a command before it is given. */
export type WorkedOut = {
  /** The command with its large parts encoded. */
  readonly encoded?: unknown;
  /** For the process that takes it. */
  readonly prepared?: unknown;
};

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly network: string;
  readonly priority?: Priority;
}

export type LogSeverity = 'trace' | 'info' | 'warn' | 'error';

/** What a process may do. Everything it does is caused by the event being handled. */
export interface Context<S> {
  readonly self: string;
  readonly host: string;
  readonly state: S;
  readonly nowUs: number;
  /** UTC seconds of now, fraction included. */
  readonly utcSeconds: number;
  /** Sequence number of the event being handled. */
  readonly eventSeq: number;
  setTimer(name: string, delayUs: number, data?: PlainData): void;
  cancelTimer(name: string): void;
  /** False if another process of the host has the port. */
  listen(port: number): boolean;
  unlisten(port: number): void;
  connect(options: ConnectOptions): number;
  /** False if the session is closed or its send buffer is over the high-water mark. */
  send(session: number, message: Message): boolean;
  close(session: number): void;
  sendDatagram(to: { process: string; network: string }, message: Message): void;
  readFile(path: string): Uint8Array | undefined;
  appendFile(path: string, bytes: Uint8Array): void;
  replaceFile(path: string, bytes: Uint8Array): void;
  deleteFile(path: string): void;
  /** Files whose path begins so, with the lab moment of their last write. */
  filesUnder(path: string): readonly { readonly path: string; readonly modifiedUs: number }[];
  /** Makes the file durable; `onDiskSynced` tells when. */
  syncFile(path: string): void;
  /** Uniform in [0, 1) from the stream of this process and purpose. */
  uniform(purpose: string): number;
  exponential(purpose: string, mean: number): number;
  /** True if trace lines of this group are wanted: asked before a text is made. */
  traces(group: number): boolean;
  /** A line in this process's log; `event` is the id of a catalogued event. */
  log(severity: LogSeverity, text: string, event?: string): void;
  /** Ends this run of the process; its supervisor decides what follows. */
  exit(how: ExitKind): void;
  /** Starts, ends or looks at another process of the same host. */
  startProcess(name: string, afterUs?: number): void;
  stopProcess(name: string, how: ExitKind): void;
  isRunning(name: string): boolean;
  /** A value of this host's registry; undefined when it is not there. */
  readRegistry(path: string): RegistryValue | undefined;
  writeRegistry(path: string, value: RegistryValue): void;
  /** Values whose path begins so, in the order they were written. */
  registryUnder(path: string): readonly (readonly [string, RegistryValue])[];
  /** Hands derived output (row changes) to whoever keeps it, tied to the current event. */
  emit(output: PlainData): void;
}

/** REG_SZ or REG_DWORD. */
export type RegistryValue = string | number;

export interface SessionPeer {
  readonly session: number;
  readonly peer: string;
  readonly port: number;
}

/**
 * The code of one kind of process. Methods get the context of the run; the state they change is
 * plain data. An exception here is a broken invariant and stops the lab.
 */
export interface Behaviour<S> {
  readonly kind: string;
  create(config: PlainData): S;
  onStart(context: Context<S>): void;
  /** It is asked to end, as an operator does: the last it can do. Nobody asks one that hangs. */
  onStop?(context: Context<S>): void;
  onTimer?(context: Context<S>, name: string, data: PlainData): void;
  onDatagram?(context: Context<S>, delivery: Delivery): void;
  onAccepted?(context: Context<S>, peer: SessionPeer): void;
  onOpened?(context: Context<S>, peer: SessionPeer): void;
  onMessage?(context: Context<S>, delivery: SessionDelivery): void;
  onDrained?(context: Context<S>, session: number): void;
  onClosed?(context: Context<S>, session: number, reason: CloseReason): void;
  onDiskSynced?(context: Context<S>, path: string): void;
  /** A process that this one supervises has ended. */
  onChildExited?(context: Context<S>, exit: ProcessExit): void;
  /** A command aimed at this process, already validated by the contract. */
  /** `prepared`: what was worked out about it before, if anything. */
  onCommand?(context: Context<S>, command: Message, prepared?: unknown): void;
}
