import type { StateChange } from '../../contract/rpc.ts';
import type { LabEvent } from '../../engine/kernel/events.ts';
import { summarize } from './explain.ts';
import type { JournalStore } from './journal-store.ts';

/** What made a process what it is now: its latest start, end, command, or state of its own. */
export function stateChange(journal: JournalStore, process: string): StateChange | null {
  const line = journal.logLines.findLast(
    (one) => one.process === process && one.text.startsWith('Synchronizer: '),
  );
  const said = line ? journal.positionOf(line.cause) : -1;
  for (let position = journal.count - 1; position > said; position--) {
    if (position < journal.firstPosition) return null;
    const entry = journal.at(position)!;
    const { event, kind, seq, target } = entry;
    if (kind === 'start' ? target === process : isAbout(event, process)) {
      return { seq, title: summarize(entry).title };
    }
  }
  return line ? { seq: line.cause, title: line.text } : null;
}

/** The end of a process as its manager learns it, or a command that names it. */
function isAbout(event: LabEvent | undefined, process: string): boolean {
  if (event?.kind !== 'processExited' && event?.kind !== 'command') return false;
  return (event.data as { process?: unknown } | null)?.process === process;
}
