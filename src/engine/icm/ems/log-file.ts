import type { LogSeverity } from '../../kernel/process.ts';

/**
 * Binary log files (`.ems`), which `dumplog` turns into text. That they are binary is documented;
 * their layout is an emulator choice: mark, length, time, severity, event id, text.
 */

/** `PPP_YYMMDD_HHMMSS.ems` at the end of a path; the process is its first part (ICM-LOG-05). */
export const LOG_FILE_NAME = /(?:^|\/)([^/]+)_\d{6}_\d{6}\.ems$/i;

export type LogFileEntry = {
  /** UTC, milliseconds since 1970, microseconds behind the point: they keep lines in order. */
  readonly utcMs: number;
  readonly severity: LogSeverity;
  /** Catalogue id, or empty. */
  readonly event: string;
  readonly text: string;
};

const MARK = 0xe5;
/** Mark, payload length (2), time (8), severity (1), length of the event id (1). */
const HEAD_BYTES = 13;
const MAX_TEXT_BYTES = 4096;
const SEVERITIES: readonly LogSeverity[] = ['trace', 'info', 'warn', 'error'];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeLogEntry({ utcMs, severity, event, text }: LogFileEntry): Uint8Array {
  const id = encoder.encode(event);
  const words = encoder.encode(text).subarray(0, MAX_TEXT_BYTES);
  const bytes = new Uint8Array(HEAD_BYTES + id.length + words.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, MARK);
  view.setUint16(1, bytes.length - HEAD_BYTES);
  view.setFloat64(3, utcMs);
  view.setUint8(11, SEVERITIES.indexOf(severity));
  view.setUint8(12, id.length);
  bytes.set(id, HEAD_BYTES);
  bytes.set(words, HEAD_BYTES + id.length);
  return bytes;
}

/** Entries up to the first that is damaged; `damagedAt` is where reading had to stop, or -1. */
export function decodeLogEntries(bytes: Uint8Array): {
  readonly entries: LogFileEntry[];
  readonly damagedAt: number;
} {
  const entries: LogFileEntry[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    if (at + HEAD_BYTES > bytes.length || view.getUint8(at) !== MARK) {
      return { entries, damagedAt: at };
    }
    const end = at + HEAD_BYTES + view.getUint16(at + 1);
    const textAt = at + HEAD_BYTES + view.getUint8(at + 12);
    const severity = SEVERITIES[view.getUint8(at + 11)];
    if (end > bytes.length || textAt > end || !severity) return { entries, damagedAt: at };
    entries.push({
      utcMs: view.getFloat64(at + 3),
      severity,
      event: decoder.decode(bytes.subarray(at + HEAD_BYTES, textAt)),
      text: decoder.decode(bytes.subarray(textAt, end)),
    });
    at = end;
  }
  return { entries, damagedAt: -1 };
}
