import { snapshotTable } from '../record-table.ts';
import type { StateSection } from '../state-section.ts';
import { createRouterState, type RouterState } from './router-state.ts';
import { ROUTER_TABLE_NAMES, type RouterTableName } from './tables.ts';

/** The tables as they are now: what a state transfer ships. Later changes do not reach it. */
export function snapshotTables(router: RouterState): StateSection[] {
  return ROUTER_TABLE_NAMES.map((name) => {
    const table = router.tables[name];
    return { name, numbers: [table.used, table.count], bytes: snapshotTable(table) };
  });
}

/**
 * Tables whose bytes, handles included, are the sender's. The tables live in the bytes they are
 * given, so these are the caller's no more; a snapshot of this process goes in as a copy.
 */
export function recreateTables(sections: readonly StateSection[]): RouterState {
  const router = createRouterState();
  for (const { name, numbers, bytes } of sections) {
    const table = router.tables[name as RouterTableName];
    if (!table) continue;
    const { buffer, byteOffset } = isAligned(bytes) ? bytes : bytes.slice();
    table.words = new Uint32Array(buffer, byteOffset, bytes.length >> 2);
    [table.used, table.count] = numbers;
  }
  return router;
}

const isAligned = ({ byteOffset }: Uint8Array) => byteOffset % 4 === 0;
