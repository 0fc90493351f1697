import type { StoredTransaction } from './configuration-server.ts';

/** Transactions that can be taken back, and those that can be made again. */
export type UndoStack = {
  readonly done: StoredTransaction[];
  readonly undone: StoredTransaction[];
};

/** How many transactions can be taken back. */
const MAX_UNDO = 100;

export function createUndoStack(): UndoStack {
  return { done: [], undone: [] };
}

export function noteTransaction({ done, undone }: UndoStack, stored: StoredTransaction): void {
  if (stored.kind === 'undo') {
    const taken = done.pop();
    if (taken) undone.push(taken);
    return;
  }
  if (stored.kind === 'redo') {
    const again = undone.pop();
    if (again) done.push(again);
    return;
  }
  undone.length = 0;
  done.push(stored);
  if (done.length > MAX_UNDO) done.shift();
}
