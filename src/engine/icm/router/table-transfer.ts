import type { StateSection } from '../synchronized-client.ts';
import { createRouterState, type RouterState } from './router-state.ts';
import { ROUTER_TABLE_NAMES, type RouterTableName } from './tables.ts';

/** The tables as they are now: what a state transfer ships. */
export function snapshotTables(router: RouterState): StateSection[] {
  return ROUTER_TABLE_NAMES.map((name) => {
    const { words, used, count } = router.tables[name];
    return { name, numbers: [used, count], bytes: new Uint8Array(words.slice().buffer) };
  });
}

/** Tables whose bytes, handles included, are the sender's. */
export function recreateTables(sections: readonly StateSection[]): RouterState {
  const router = createRouterState();
  for (const { name, numbers, bytes } of sections) {
    const table = router.tables[name as RouterTableName];
    if (!table) continue;
    table.words = new Uint32Array(bytes.slice().buffer);
    [table.used, table.count] = numbers;
  }
  return router;
}
