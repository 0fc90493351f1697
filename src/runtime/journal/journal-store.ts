import { AlarmList } from '../../engine/icm/ems/alarms.ts';
import { EMS } from '../../engine/icm/ems/catalogue.ts';
import { ICON_EVENTS } from '../../engine/icon/events.ts';
import { LCA_EVENTS } from '../../engine/icon/management/lca-events.ts';
import { EVENT_KINDS, type EventKind, type LabEvent } from '../../engine/kernel/events.ts';
import type { LogLine } from '../../engine/kernel/journal.ts';

export interface JournalEntry {
  /** Place in execution order since the journal began. */
  readonly position: number;
  readonly seq: number;
  readonly cause: number;
  readonly atUs: number;
  readonly kind: EventKind;
  readonly target: string;
  /** The whole event while it is kept; heartbeats and the oldest keep only the rest. */
  readonly event: LabEvent | undefined;
}

/** An event, and how many steps it is away from the one that it follows from. */
export interface Effect {
  readonly entry: JournalEntry;
  readonly step: number;
}

export interface JournalLimits {
  /** Entries kept in columns; beyond it the older half goes. */
  readonly entries: number;
  /** Whole events kept. */
  readonly details: number;
  readonly logLines: number;
}

export const JOURNAL_LIMITS: JournalLimits = {
  entries: 4_000_000,
  details: 150_000,
  logLines: 100_000,
};

/** Commands are few, say most, and are kept whole when their neighbours no longer are. */
const MAX_COMMANDS = 10_000;

/** Longest chain of causes that is followed. */
const MAX_CHAIN = 100_000;
const KIND_OF_ID = new Map(
  (Object.keys(EVENT_KINDS) as EventKind[]).map((kind) => [EVENT_KINDS[kind].id as number, kind]),
);

/** The journal in memory: a few columns for every event, the whole of the recent ones. */
export class JournalStore {
  private atUs = new Float64Array(4096);
  private seqs = new Float64Array(4096);
  private causes = new Float64Array(4096);
  private kinds = new Uint8Array(4096);
  private targets = new Uint16Array(4096);
  /** Counts the whole events: which one this is, or 0. */
  private detailNumbers = new Float64Array(4096);
  private length = 0;
  /** Position of the first entry still kept. */
  private base = 0;
  private positionOfSeq = new Uint32Array(4096);
  /** The newest whole events, each in the place of the one that is too old by then. */
  private readonly details: LabEvent[] = [];
  private detailCount = 0;
  private readonly commands = new Map<number, LabEvent>();
  private readonly names: string[] = [];
  private readonly nameNumbers = new Map<string, number>();
  readonly logLines: LogLine[] = [];
  /** Log lines that were dropped to stay within the limit. */
  logLinesDropped = 0;

  constructor(private readonly limits: JournalLimits = JOURNAL_LIMITS) {}

  /** Entries ever recorded. */
  get count(): number {
    return this.base + this.length;
  }

  get firstPosition(): number {
    return this.base;
  }

  append(event: LabEvent, atUs: number): void {
    if (this.length === this.limits.entries) this.dropOldest();
    if (this.length === this.seqs.length) this.grow();
    const at = this.length++;
    this.atUs[at] = atUs;
    this.seqs[at] = event.seq;
    this.causes[at] = event.cause;
    this.kinds[at] = EVENT_KINDS[event.kind].id;
    this.targets[at] = this.nameNumber(event.target);
    if (event.seq >= this.positionOfSeq.length) this.growPositions(event.seq);
    this.positionOfSeq[event.seq] = this.base + at + 1;
    this.detailNumbers[at] = isRoutine(event) ? 0 : ++this.detailCount;
    if (event.kind === 'command' && event.data !== null) this.keepCommand(event);
    if (this.detailNumbers[at] > 0) this.details[this.detailPlace(this.detailCount)] = event;
  }

  /** Events raised and not cleared. */
  readonly alarms = new AlarmList([
    ...[...Object.values(EMS), ...Object.values(ICON_EVENTS)],
    ...Object.values(LCA_EVENTS),
  ]);

  addLogLine(line: LogLine): void {
    this.alarms.onLine(line);
    this.logLines.push(line);
    if (this.logLines.length <= this.limits.logLines) return;
    const dropped = Math.floor(this.limits.logLines / 2);
    this.logLines.splice(0, dropped);
    this.logLinesDropped += dropped;
  }

  /** Log lines from a moment on. */
  *logLinesFrom(atUs: number): Generator<LogLine> {
    let [low, high] = [0, this.logLines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.logLines[middle].atUs < atUs) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < this.logLines.length; at++) yield this.logLines[at];
  }

  at(position: number): JournalEntry | undefined {
    const at = position - this.base;
    if (at < 0 || at >= this.length) return undefined;
    const seq = this.seqs[at];
    return {
      position,
      seq,
      cause: this.causes[at],
      atUs: this.atUs[at],
      kind: KIND_OF_ID.get(this.kinds[at])!,
      target: this.names[this.targets[at]],
      event: this.detail(this.detailNumbers[at]) ?? this.commands.get(seq),
    };
  }

  /** Commands after one moment and up to another, the latest first. */
  commandsBetween(afterUs: number, untilUs: number): JournalEntry[] {
    return [...this.commands.values()]
      .filter(({ dueUs }) => dueUs > afterUs && dueUs <= untilUs)
      .reverse()
      .flatMap(({ seq }) => this.bySeq(seq) ?? []);
  }

  /** The next entry of a kind, from a position on. */
  nextOfKind(kind: EventKind, position: number): JournalEntry | undefined {
    const { id } = EVENT_KINDS[kind];
    for (let at = Math.max(0, position - this.base); at < this.length; at++) {
      if (this.kinds[at] === id) return this.at(at + this.base);
    }
    return undefined;
  }

  /** Place of an event in the order of execution; -1 for one that is not kept. */
  positionOf(seq: number): number {
    return (this.positionOfSeq[seq] ?? 0) - 1;
  }

  /** The whole events from a number on, in order; answers the number of the next one to come. */
  forEachDetail(from: number, look: (event: LabEvent) => void): number {
    const first = Math.max(from, this.detailCount - this.limits.details + 1, 1);
    for (let number = first; number <= this.detailCount; number++) {
      look(this.details[this.detailPlace(number)]);
    }
    return this.detailCount + 1;
  }

  bySeq(seq: number): JournalEntry | undefined {
    const position = this.positionOfSeq[seq] ?? 0;
    return position === 0 ? undefined : this.at(position - 1);
  }

  /** From an event back to the command or timer that began it all, nearest cause first. */
  causesOf(seq: number, limit = MAX_CHAIN): JournalEntry[] {
    const chain: JournalEntry[] = [];
    let entry = this.bySeq(seq);
    while (entry && chain.length < limit) {
      chain.push(entry);
      entry = entry.cause === 0 ? undefined : this.bySeq(entry.cause);
    }
    return chain;
  }

  /**
   * What an event has caused, and what that has caused, in the order in which it happened; each
   * with how many steps it is away. Looks at `maxLooked` later events at most.
   */
  effectsOf(seq: number, limit: number, maxLooked: number): Effect[] {
    const start = this.positionOfSeq[seq] ?? 0;
    if (start === 0) return [];
    const steps = new Map([[seq, 0]]);
    const found: Effect[] = [];
    const end = Math.min(this.count, start + maxLooked);
    for (let position = Math.max(start, this.base); position < end; position++) {
      const step = steps.get(this.causes[position - this.base]);
      if (step === undefined) continue;
      steps.set(this.seqs[position - this.base], step + 1);
      found.push({ entry: this.at(position)!, step: step + 1 });
      if (found.length === limit) break;
    }
    return found;
  }

  /** Takes over what a later journal recorded: `later` goes on where this one ends. */
  absorb(later: JournalStore): void {
    for (let position = later.firstPosition; position < later.count; position++) {
      const entry = later.at(position)!;
      const { seq, cause, atUs: dueUs, kind, target } = entry;
      const frame = { seq, cause, dueUs, kind, target, incarnation: 0, data: null };
      this.append(entry.event ?? frame, dueUs);
    }
    for (const line of later.logLines) this.addLogLine(line);
  }

  private keepCommand(event: LabEvent): void {
    this.commands.set(event.seq, event);
    if (this.commands.size <= MAX_COMMANDS) return;
    for (const oldest of this.commands.keys()) return void this.commands.delete(oldest);
  }

  private detail(number: number): LabEvent | undefined {
    if (number === 0 || number <= this.detailCount - this.limits.details) return undefined;
    return this.details[this.detailPlace(number)];
  }

  private detailPlace(number: number): number {
    return (number - 1) % this.limits.details;
  }

  private nameNumber(name: string): number {
    let number = this.nameNumbers.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.nameNumbers.set(name, number);
    }
    return number;
  }

  private dropOldest(): void {
    const half = this.length >> 1;
    const { atUs, seqs, causes, kinds, targets, detailNumbers } = this;
    for (const column of [atUs, seqs, causes, kinds, targets, detailNumbers]) {
      column.copyWithin(0, half, this.length);
    }
    this.length -= half;
    this.base += half;
  }

  private grow(): void {
    const size = this.seqs.length * 2;
    const longer = <T extends Float64Array | Uint8Array | Uint16Array>(column: T): T => {
      const grown = new (column.constructor as new (size: number) => T)(size);
      grown.set(column);
      return grown;
    };
    this.atUs = longer(this.atUs);
    this.seqs = longer(this.seqs);
    this.causes = longer(this.causes);
    this.kinds = longer(this.kinds);
    this.targets = longer(this.targets);
    this.detailNumbers = longer(this.detailNumbers);
  }

  private growPositions(seq: number): void {
    const grown = new Uint32Array(Math.max(seq + 1, this.positionOfSeq.length * 2));
    grown.set(this.positionOfSeq);
    this.positionOfSeq = grown;
  }
}

/** Events that come many times a second and carry nothing to look at. */
function isRoutine(event: LabEvent): boolean {
  if (event.data === null) return true;
  if (event.kind === 'timer') return (event.data as { name: string }).name === 'heartbeat';
  if (event.kind !== 'datagram') return false;
  return (event.data as { message: { type: string } }).message.type === 'heartbeat';
}
