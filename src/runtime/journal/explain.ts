import type { Consequences, EventSummary, Explanation, MessageDetail } from '../../contract/rpc.ts';
import { type Delivery, EVENT_KINDS, type LabEvent } from '../../engine/kernel/events.ts';
import { encodePlainData } from '../../engine/kernel/plain-data.ts';
import { formatPackedList } from '../../engine/telephony/packed-list.ts';
import type { JournalEntry, JournalStore } from './journal-store.ts';

const MAX_VALUE_LENGTH = 160;

/** Of a longer chain the middle is left out: what is near and where it began matter. */
const NEAR = 60;
const ORIGIN = 10;
const MAX_MEANWHILE = 3;

/** From an event back to where it began, in words. */
export function explain(journal: JournalStore, seq: number): Explanation {
  const entries = journal.causesOf(seq);
  const last = entries.at(-1);
  const folded = foldRounds(entries, journal);
  const omitted = Math.max(0, folded.length - NEAR - ORIGIN);
  return {
    chain: omitted > 0 ? folded.slice(0, NEAR) : folded,
    omitted,
    origin: omitted > 0 ? folded.slice(-ORIGIN) : [],
    cutOff: last === undefined || last.cause !== 0,
  };
}

/**
 * A timer that sets itself again (the next caller, the next attempt to connect) says nothing new
 * each time: of its rounds the nearest stays, then what came before the first.
 */
function foldRounds(entries: readonly JournalEntry[], journal: JournalStore): EventSummary[] {
  const lastPlace = new Map<string, number>();
  for (const [at, entry] of entries.entries()) {
    if (entry.kind === 'timer') lastPlace.set(timerOf(entry), at);
  }
  const folded: EventSummary[] = [];
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at];
    const first = entry.kind === 'timer' ? (lastPlace.get(timerOf(entry)) ?? at) : at;
    folded.push(summarize(entry, first - at));
    if (first > at) folded.push(...meanwhile(entries, at, journal));
    at = first;
  }
  return folded;
}

/** What was commanded since the round before: this one would have gone as that one did. */
function meanwhile(
  entries: readonly JournalEntry[],
  at: number,
  journal: JournalStore,
): EventSummary[] {
  const timer = timerOf(entries[at]);
  // A chain can have a hundred thousand entries: it is not copied for each timer in it.
  let next = at + 1;
  while (entries[next].kind !== 'timer' || timerOf(entries[next]) !== timer) next++;
  const commands = journal.commandsBetween(entries[next].atUs, entries[at].atUs);
  return commands
    .slice(0, MAX_MEANWHILE)
    .map((command) => ({ ...summarize(command), isMeanwhile: true }));
}

function timerOf(entry: JournalEntry): string {
  return `${entry.target} ${titleOf(entry, entry.event)}`;
}

export function summarize(entry: JournalEntry, rounds = 0): EventSummary {
  const { seq, cause, atUs, kind, target, event } = entry;
  const delivery = event && isDelivery(event) ? (event.data as Delivery) : undefined;
  return {
    seq,
    cause,
    atUs,
    kind: EVENT_KINDS[kind].name,
    process: target || 'lab',
    from: delivery?.from ?? null,
    title: titleOf(entry, event),
    rounds,
    fields: event ? fieldsOf(event) : null,
  };
}

function isDelivery(event: LabEvent): boolean {
  return event.kind === 'sessionMessage' || event.kind === 'datagram';
}

function titleOf(entry: JournalEntry, event: LabEvent | undefined): string {
  if (!event) return EVENT_KINDS[entry.kind].name;
  if (isDelivery(event)) return (event.data as Delivery).message.type;
  if (event.kind === 'timer') return `timer ${(event.data as { name: string }).name}`;
  if (event.kind === 'command') return `command ${(event.data as { type: string }).type}`;
  return EVENT_KINDS[event.kind].name;
}

/** Attributes of TEvents that are key-value lists. */
const PACKED: ReadonlySet<string> = new Set(['UserData', 'Reasons', 'Extensions']);

function fieldsOf(event: LabEvent): { name: string; value: string }[] {
  const source = isDelivery(event) ? (event.data as Delivery).message : event.data;
  if (typeof source !== 'object' || source === null) return [];
  return Object.entries(source)
    .filter(([name]) => name !== 'type')
    .map(([name, value]) => ({
      name,
      value: PACKED.has(name) && value instanceof Map ? formatPackedList(value) : shorten(value),
    }));
}

function shorten(value: unknown, maxLength = MAX_VALUE_LENGTH): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value, (_key, inner) => {
          if (inner instanceof Map) return Object.fromEntries(inner);
          if (inner instanceof Uint8Array) return `${inner.length} bytes`;
          return inner;
        });
  if (text === undefined) return '';
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

const MAX_EFFECTS = 200;
/** Later events that are looked at: some lab seconds of a busy lab. */
const MAX_LOOKED = 300_000;

/** What followed from an event, nearest first. */
export function follow(journal: JournalStore, seq: number): Consequences {
  const found = journal.effectsOf(seq, MAX_EFFECTS + 1, MAX_LOOKED);
  return {
    events: found.slice(0, MAX_EFFECTS).map(({ entry, step }) => ({ ...summarize(entry), step })),
    isCut: found.length > MAX_EFFECTS,
  };
}

const MAX_HEX_BYTES = 4096;
const MAX_WHOLE_VALUE = 4000;

/** A message as a whole; null for what is no message, or is kept as a frame only. */
export function detailMessage(journal: JournalStore, seq: number): MessageDetail | null {
  const entry = journal.bySeq(seq);
  const { event } = entry ?? {};
  if (!entry || !event || !isDelivery(event)) return null;
  const { from, message, sentUs, sizeBytes } = event.data as Delivery;
  const bytes = encodePlainData(message);
  return {
    title: message.type,
    from,
    to: entry.target,
    sentUs,
    atUs: entry.atUs,
    sizeBytes,
    fields: Object.entries(message)
      .filter(([name]) => name !== 'type')
      .flatMap(([name, value]) => wholeFields(name, value)),
    hex: digitsOf(bytes.subarray(0, MAX_HEX_BYTES)),
    hexIsCut: bytes.length > MAX_HEX_BYTES,
  };
}

const MAX_DEPTH = 4;

/** What is inside of a field stands under its own name, such as `input.message.type`. */
function wholeFields(name: string, value: unknown, depth = 1): { name: string; value: string }[] {
  if (!isRecord(value) || depth === MAX_DEPTH) return [{ name, value: wholeText(name, value) }];
  return Object.entries(value).flatMap(([inner, of]) =>
    wholeFields(`${name}.${inner}`, of, depth + 1),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length > 0;
}

function wholeText(name: string, value: unknown): string {
  if (PACKED.has(name) && value instanceof Map) return formatPackedList(value);
  return shorten(value, MAX_WHOLE_VALUE);
}

function digitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
