import type { UntilWhat } from '../contract/limits.ts';
import type { Delivery, LabEvent, Message } from '../engine/kernel/events.ts';
import type { RunningLab } from './running-lab.ts';

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

function awaitLogLine({ journal }: RunningLab, part: string): Awaited {
  let seen = journal.logLinesDropped + journal.logLines.length;
  return {
    isSo() {
      const count = journal.logLinesDropped + journal.logLines.length;
      const fresh = count > seen ? journal.logLines.slice(seen - count) : [];
      seen = count;
      return fresh.some(
        ({ event, severity, text }) =>
          severity !== 'trace' && `${event} ${text}`.toLowerCase().includes(part),
      );
    },
    end() {},
  };
}

type Carrier = { readonly input?: { readonly message?: Message } };

/** By its type, or that of the message inside of one that synchronizers order. */
function awaitMessage({ history }: RunningLab, part: string): Awaited {
  let isSeen = false;
  const watch = ({ data, kind }: LabEvent) => {
    if (kind !== 'sessionMessage' && kind !== 'datagram') return;
    const { message } = data as Delivery;
    const inner = (message as Carrier).input?.message?.type;
    isSeen ||= message.type.toLowerCase().includes(part);
    isSeen ||= typeof inner === 'string' && inner.toLowerCase().includes(part);
  };
  history.watch = watch;
  return {
    isSo: () => isSeen,
    end() {
      // Another wait may have begun, which ended this one.
      if (history.watch === watch) history.watch = undefined;
    },
  };
}

/** A row more than there are in a table, in any IDB. */
function awaitRow({ idbs }: RunningLab, table: string): Awaited | string {
  if (!idbs[0].idb.hasTable(table)) return `IDB has no table "${table}".`;
  const count = () => idbs.reduce((sum, { idb }) => sum + idb.count(table), 0);
  let before = count();
  return {
    isSo() {
      const now = count();
      const isMore = now > before;
      before = now;
      return isMore;
    },
    end() {},
  };
}
