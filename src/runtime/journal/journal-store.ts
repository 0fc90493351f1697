import { AlarmList } from '../../engine/icm/ems/alarms.ts';
import { EMS } from '../../engine/icm/ems/catalogue.ts';
import { ICON_EVENTS } from '../../engine/icon/events.ts';
import { LCA_EVENTS } from '../../engine/icon/management/lca-events.ts';
import {
  EVENT_KINDS,
  type EventKind,
  type LabEvent,
  type SessionDelivery,
} from '../../engine/kernel/events.ts';
import type { LogLine } from '../../engine/kernel/journal.ts';
import { PagedColumn } from '../paged-column.ts';

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
  private readonly atUs = new PagedColumn(Float64Array);
  private readonly seqs = new PagedColumn(Float64Array);
  private readonly causes = new PagedColumn(Float64Array);
  private readonly kinds = new PagedColumn(Uint8Array);
  private readonly targets = new PagedColumn(Uint16Array);
  /** Counts the whole events: which one this is, or 0. */
  private readonly detailNumbers = new PagedColumn(Float64Array);
  /** 1 for a message that names a call: a story looks at these only. */
  private readonly callMarks = new PagedColumn(Uint8Array);
  /** By position. */
  private readonly columns = [
    this.atUs,
    this.seqs,
    this.causes,
    this.kinds,
    this.targets,
    this.detailNumbers,
    this.callMarks,
  ];
  /** Entries ever recorded. */
  private total = 0;
  /** Position of the first entry still kept. */
  private base = 0;
  /** One more than the position, by sequence number. */
  private readonly placeOfSeq = new PagedColumn(Uint32Array);
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
    return this.total;
  }

  get firstPosition(): number {
    return this.base;
  }

  /** How much memory the columns take, in pages. */
  get pageCount(): number {
    return [...this.columns, this.placeOfSeq].reduce((sum, { pageCount }) => sum + pageCount, 0);
  }

  append(event: LabEvent, atUs: number, callMark = namesCall(event) ? 1 : 0): void {
    if (this.total - this.base === this.limits.entries) this.dropOldest();
    const at = this.total++;
    const detail = isRoutine(event) ? 0 : ++this.detailCount;
    this.atUs.set(at, atUs);
    this.seqs.set(at, event.seq);
    this.causes.set(at, event.cause);
    this.kinds.set(at, EVENT_KINDS[event.kind].id);
    this.targets.set(at, this.nameNumber(event.target));
    this.placeOfSeq.set(event.seq, at + 1);
    this.detailNumbers.set(at, detail);
    this.callMarks.set(at, callMark);
    if (event.kind === 'command' && event.data !== null) this.keepCommand(event);
    if (detail > 0) this.details[this.detailPlace(detail)] = event;
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
    if (position < this.base || position >= this.total) return undefined;
    const seq = this.seqs.get(position);
    return {
      position,
      seq,
      cause: this.causes.get(position),
      atUs: this.atUs.get(position),
      kind: KIND_OF_ID.get(this.kinds.get(position))!,
      target: this.names[this.targets.get(position)],
      event: this.detail(this.detailNumbers.get(position)) ?? this.commands.get(seq),
    };
  }

  /** Position of the first entry that is not before a lab moment. */
  firstAt(atUs: number): number {
    let [low, high] = [this.base, this.total];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.atUs.get(middle) < atUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Commands after one moment and up to another, the latest first. */
  commandsBetween(afterUs: number, untilUs: number): JournalEntry[] {
    return [...this.commands.values()]
      .filter(({ dueUs }) => dueUs > afterUs && dueUs <= untilUs)
      .reverse()
      .flatMap(({ seq }) => this.bySeq(seq) ?? []);
  }

  /**
   * Messages that name a call, between two moments and in order, until `look` answers false;
   * undefined stands for each that is no longer kept whole.
   */
  forEachCallMessage(
    fromUs: number,
    untilUs: number,
    look: (event: LabEvent | undefined) => boolean,
  ): void {
    for (let at = this.firstAt(fromUs); at < this.total; at++) {
      if (this.callMarks.get(at) === 0) continue;
      if (this.atUs.get(at) > untilUs) return;
      if (!look(this.detail(this.detailNumbers.get(at)))) return;
    }
  }

  /** Place of an event in the order of execution; -1 for one that is not kept. */
  positionOf(seq: number): number {
    const position = this.placeOfSeq.get(seq) - 1;
    return position < this.base ? -1 : position;
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
    return this.at(this.positionOf(seq));
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
    const start = this.positionOf(seq);
    if (start < 0) return [];
    const steps = new Map([[seq, 0]]);
    const found: Effect[] = [];
    const end = Math.min(this.total, start + 1 + maxLooked);
    for (let position = start + 1; position < end; position++) {
      const step = steps.get(this.causes.get(position));
      if (step === undefined) continue;
      steps.set(this.seqs.get(position), step + 1);
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
      this.append(entry.event ?? frame, dueUs, later.callMarks.get(position));
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
    this.base += (this.total - this.base) >> 1;
    for (const column of this.columns) column.dropBefore(this.base);
    this.placeOfSeq.dropBelow(this.base + 1);
  }
}

/** Events that come many times a second and carry nothing to look at. */
function isRoutine(event: LabEvent): boolean {
  if (event.data === null) return true;
  if (event.kind === 'timer') return (event.data as { name: string }).name === 'heartbeat';
  if (event.kind !== 'datagram') return false;
  return (event.data as { message: { type: string } }).message.type === 'heartbeat';
}

/** By id, by the chain of a campaign, or by what a switch and its gateway call it. */
function namesCall({ data, kind }: LabEvent): boolean {
  if (kind !== 'sessionMessage' || data === null) return false;
  const { message } = data as SessionDelivery;
  const { CallUUID, ChainGUID, InteractionID, UserData, dialog } = message;
  return (CallUUID ?? InteractionID ?? dialog ?? ChainGUID ?? UserData) !== undefined;
}
