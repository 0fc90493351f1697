import type { UntilWhat } from '../contract/limits.ts';
import type { Delivery, LabEvent, Message } from '../engine/kernel/events.ts';
import type { LogLine } from '../engine/kernel/journal.ts';
import type { RunningLab, Watch } from './running-lab.ts';

/** Something that a lab is run until. */
export type Awaited = {
  /** Asked after every event. */
  isSo(): boolean;
  end(): void;
};

/** A sentence instead, when it can never be. */
export function awaitIn(running: RunningLab, what: UntilWhat, text: string): Awaited | string {
  if (what === 'log line') return awaitLogLine(running, text.toLowerCase());
  if (what === 'message') return awaitMessage(running, text.toLowerCase());
  return awaitRow(running, text.toUpperCase());
}

function awaitLogLine(running: RunningLab, part: string): Awaited {
  let isSeen = false;
  const logLine = ({ event, severity, text }: LogLine) => {
    isSeen ||= severity !== 'trace' && `${event} ${text}`.toLowerCase().includes(part);
  };
  return watching(running, { logLine }, () => isSeen);
}

type Carrier = { readonly input?: { readonly message?: Message } };

/** By its type, or that of the message inside of one that synchronizers order. */
function awaitMessage(running: RunningLab, part: string): Awaited {
  let isSeen = false;
  const event = ({ data, kind }: LabEvent) => {
    if (kind !== 'sessionMessage' && kind !== 'datagram') return;
    const { message } = data as Delivery;
    const inner = (message as Carrier).input?.message?.type;
    isSeen ||= message.type.toLowerCase().includes(part);
    isSeen ||= typeof inner === 'string' && inner.toLowerCase().includes(part);
  };
  return watching(running, { event }, () => isSeen);
}

function watching({ history }: RunningLab, watch: Watch, isSo: () => boolean): Awaited {
  history.watch = watch;
  return {
    isSo,
    end() {
      // Another wait may have begun, which ended this one.
      if (history.watch === watch) history.watch = undefined;
    },
  };
}

/** Of any IDB; a row that went before its transaction was over never was in the table. */
function awaitRow({ idbs }: RunningLab, table: string): Awaited | string {
  if (!idbs[0].idb.hasTable(table)) return `IDB has no table "${table}".`;
  const added = () => idbs.reduce((sum, { idb }) => sum + idb.added(table), 0);
  const before = added();
  return { isSo: () => added() > before, end() {} };
}
