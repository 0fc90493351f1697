import type { LogLine } from '../../kernel/journal.ts';
import { EMS, type EmsEvent } from './catalogue.ts';

/** An event that was raised and not cleared since, or one that nothing clears. */
export type Alarm = {
  readonly id: string;
  readonly process: string;
  readonly severity: LogLine['severity'];
  readonly sinceUs: number;
  readonly text: string;
  readonly about: string;
  /** A single-state event: it stays until the same comes again (ICM-EVT-03). */
  readonly single: boolean;
};

/** What an event is about: its process, or the device, process or peripheral that it names. */
function aboutOf(event: EmsEvent, line: LogLine): string {
  if (!event.key) return line.process;
  const marks = [...event.text.matchAll(/%(\d)/g)].map(([, number]) => Number(number));
  const literal = event.text
    .split(/%\d/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const found = new RegExp(`^${literal.join('(.*?)')}$`).exec(line.text);
  return found?.[marks.indexOf(event.key) + 1] ?? line.process;
}

/** Keeps the list of alarms as lines come in. */
export class AlarmList {
  private readonly raised = new Map<string, Alarm>();
  private readonly byId: ReadonlyMap<string, EmsEvent>;

  constructor(catalogue: readonly EmsEvent[] = Object.values(EMS)) {
    this.byId = new Map(catalogue.map((event) => [event.id, event]));
  }

  onLine(line: LogLine): void {
    const event = this.byId.get(line.event);
    if (!event) return;
    const about = aboutOf(event, line);
    if (event.type !== 'clear') {
      const { process, severity, atUs: sinceUs, text } = line;
      const key = `${event.id} ${about}`;
      const single = event.type === 'single';
      if (single || !this.raised.has(key)) {
        this.raised.set(key, { id: event.id, process, severity, sinceUs, text, about, single });
      }
    }
    for (const id of event.clears ?? []) this.raised.delete(`${id} ${about}`);
  }

  list(): Alarm[] {
    return [...this.raised.values()];
  }
}
