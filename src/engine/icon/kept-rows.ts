import { idbTable } from '../idb/schema.ts';
import type { IconState } from './icon-state.ts';

/**
 * True if a row that a kept file names got as far as the queue or IDB. What was only in the
 * accumulator when an earlier run ended is lost: its id is given again.
 */
export function isWritten({ lastRows }: IconState, table: string, row: number): boolean {
  return row <= (lastRows.get(idbTable(table).number) ?? 0);
}
