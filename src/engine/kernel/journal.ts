import type { LabEvent } from './events.ts';
import type { PlainData } from './plain-data.ts';
import type { LogSeverity } from './process.ts';

export interface LogLine {
  /** Sequence number of the event during which the line was written. */
  readonly cause: number;
  readonly atUs: number;
  readonly process: string;
  readonly severity: LogSeverity;
  readonly text: string;
  /** Catalogue id of an event, such as `1040022`; empty for an ordinary line. */
  readonly event: string;
}

/** Receives what the lab does, in order. The engine keeps none of it. */
export interface JournalSink {
  /** An executed event; its journal identity is `event.seq`. */
  onEvent(event: LabEvent): void;
  onLogLine(line: LogLine): void;
  /** Derived output of a process, such as row changes. */
  onOutput(process: string, cause: number, atUs: number, output: PlainData): void;
}

export const silentJournal: JournalSink = {
  onEvent() {},
  onLogLine() {},
  onOutput() {},
};
