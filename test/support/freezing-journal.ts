import type { JournalSink } from '../../src/engine/kernel/journal.ts';
import { silentJournal } from '../../src/engine/kernel/journal.ts';

/**
 * Whoever changes what an event carries, which others may have too, throws. Typed arrays cannot be
 * frozen; of them the comparison of checkpoints tells.
 */
export const freezingJournal: JournalSink = {
  ...silentJournal,
  onEvent: ({ data }) => freeze(data),
};

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Object.isFrozen(value)) return;
  const isCollection = value instanceof Map || value instanceof Set;
  if (isCollection) Object.assign(value, { add: refuse, set: refuse, delete: refuse });
  for (const item of isCollection ? value.values() : Object.values(value)) freeze(item);
  Object.freeze(value);
}

function refuse(): never {
  throw new TypeError('what an event carries is not changed');
}
