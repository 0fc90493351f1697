import type { LabEvent } from './events.ts';

const SLOT_SPAN = 2 ** 21;

/**
 * Pending events in total order `(dueUs, seq)`: a binary heap over two Float64Arrays. The second
 * key packs `seq * 2^21 + slot`, so comparing keys compares sequence numbers.
 */
export class EventQueue {
  private due = new Float64Array(1024);
  private key = new Float64Array(1024);
  private length = 0;
  private slots: (LabEvent | undefined)[] = [];
  private readonly freeSlots: number[] = [];

  get size(): number {
    return this.length;
  }

  push(event: LabEvent): void {
    const slot = this.freeSlots.pop() ?? this.slots.length;
    if (slot >= SLOT_SPAN) throw new Error('more than 2^21 pending events');
    this.slots[slot] = event;
    if (this.length === this.due.length) this.grow();
    this.siftUp(this.length++, event.dueUs, event.seq * SLOT_SPAN + slot);
  }

  /** Due time of the next event, or Infinity. */
  peekDueUs(): number {
    return this.length === 0 ? Number.POSITIVE_INFINITY : this.due[0];
  }

  pop(): LabEvent | undefined {
    if (this.length === 0) return undefined;
    const slot = this.key[0] % SLOT_SPAN;
    const event = this.slots[slot];
    this.slots[slot] = undefined;
    this.freeSlots.push(slot);
    this.length--;
    if (this.length > 0) this.siftDown(this.due[this.length], this.key[this.length]);
    return event;
  }

  /** With the same events, to be emptied: nothing may be put into it. */
  copy(): EventQueue {
    const copy = new EventQueue();
    copy.due = this.due.slice(0, this.length);
    copy.key = this.key.slice(0, this.length);
    copy.length = this.length;
    copy.slots = this.slots.slice();
    return copy;
  }

  /** All pending events in order, as plain data. */
  toData(): LabEvent[] {
    const rest = this.copy();
    return Array.from({ length: rest.size }, () => rest.pop() as LabEvent);
  }

  private siftUp(start: number, due: number, key: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.due[parent] < due || (this.due[parent] === due && this.key[parent] < key)) break;
      this.due[at] = this.due[parent];
      this.key[at] = this.key[parent];
      at = parent;
    }
    this.due[at] = due;
    this.key[at] = key;
  }

  private siftDown(due: number, key: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.length) break;
      if (child + 1 < this.length && this.before(child + 1, child)) child++;
      if (due < this.due[child] || (due === this.due[child] && key < this.key[child])) break;
      this.due[at] = this.due[child];
      this.key[at] = this.key[child];
      at = child;
    }
    this.due[at] = due;
    this.key[at] = key;
  }

  private before(a: number, b: number): boolean {
    return this.due[a] < this.due[b] || (this.due[a] === this.due[b] && this.key[a] < this.key[b]);
  }

  private grow(): void {
    const due = new Float64Array(this.due.length * 2);
    const key = new Float64Array(this.key.length * 2);
    due.set(this.due);
    key.set(this.key);
    this.due = due;
    this.key = key;
  }
}
