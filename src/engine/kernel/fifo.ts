/** A queue as plain data whose front is taken in constant time, however long it is. */
export type Fifo<T> = {
  items: T[];
  /** Index of the front; what lies before it has been taken. */
  head: number;
};

const COMPACT_AT = 64;

export function createFifo<T>(): Fifo<T> {
  return { items: [], head: 0 };
}

export function fifoLength<T>({ items, head }: Fifo<T>): number {
  return items.length - head;
}

export function fifoFront<T>({ items, head }: Fifo<T>): T | undefined {
  return items[head];
}

export function fifoPush<T>(fifo: Fifo<T>, item: T): void {
  fifo.items.push(item);
}

export function fifoTake<T>(fifo: Fifo<T>): T | undefined {
  const item = fifo.items[fifo.head];
  if (item === undefined) return undefined;
  fifo.head++;
  // What is taken is not kept: most queues of a lab are empty most of the time.
  const isEmpty = fifo.head === fifo.items.length;
  if (isEmpty || (fifo.head >= COMPACT_AT && fifo.head * 2 >= fifo.items.length)) {
    fifo.items.splice(0, fifo.head);
    fifo.head = 0;
  }
  return item;
}

/** Puts an item before the first one for which `isLater` holds, or at the end. */
export function fifoInsert<T>(fifo: Fifo<T>, item: T, isLater: (other: T) => boolean): void {
  let at = fifo.head;
  while (at < fifo.items.length && !isLater(fifo.items[at])) at++;
  fifo.items.splice(at, 0, item);
}
