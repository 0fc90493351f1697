import { idbTable } from '../idb/schema.ts';
import type { IconState } from './icon-state.ts';

/** A row that is kept must not be given again, whether IDB has it yet or not. */
export function holdRow({ lastRows }: IconState, table: string, row: number): void {
  const { number } = idbTable(table);
  lastRows.set(number, Math.max(lastRows.get(number) ?? 0, row));
}
