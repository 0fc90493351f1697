import type { TimelineMark } from '../../contract/metrics.ts';
import type { LabEvent } from '../../engine/kernel/events.ts';
import type { LogLine } from '../../engine/kernel/journal.ts';

/** More are a grey bar: older ones are thinned out, faults last. */
const MAX_MARKS = 3000;

/** Commands that break something, or mend it. */
const FAULTS =
  /^(stop|crash|hang|release|start|cut|repair|set-link|corrupt|boot|exit|distort|set link)/;

/** What stands on the time line: commands, faults, and events that were logged as such. */
export class TimelineIndex {
  private marks: TimelineMark[] = [];

  onEvent({ data, dueUs: us, kind, seq, target }: LabEvent): void {
    if (kind !== 'command') return;
    const { type, ...fields } = data as { type: string };
    const named = Object.values(fields).filter((value) => typeof value === 'string');
    const words = [type, ...(named.length > 0 ? named : [target])].join(' ').trim();
    this.add({ us, kind: FAULTS.test(type) ? 'fault' : 'command', text: words.slice(0, 160), seq });
  }

  onLogLine({ atUs: us, cause: seq, event, process, severity, text }: LogLine): void {
    if (event === '' || severity === 'trace' || severity === 'info') return;
    this.add({ us, kind: 'event', text: `${event} ${process}: ${text}`.slice(0, 160), seq });
  }

  absorb(later: TimelineIndex): void {
    for (const mark of later.marks) this.add(mark);
  }

  list(): readonly TimelineMark[] {
    return this.marks;
  }

  private add(mark: TimelineMark): void {
    this.marks.push(mark);
    if (this.marks.length <= MAX_MARKS) return;
    const half = this.marks.length / 2;
    this.marks = this.marks.filter(
      ({ kind }, at) => at >= half || kind === 'fault' || at % 2 === 0,
    );
    if (this.marks.length > MAX_MARKS) this.marks = this.marks.slice(-MAX_MARKS / 2);
  }
}
