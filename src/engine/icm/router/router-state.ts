import { Hash } from '../../kernel/hash.ts';
import {
  addRecord,
  findText,
  findWord,
  getText,
  getWord,
  type Handle,
  handlesBetween,
  handlesOf,
  hashTable,
  removeRecord,
  reserveRecords,
  setText,
  setWord,
  tableBytes,
  viewWords,
} from '../record-table.ts';
import {
  createRouterTables,
  ROUTER_TABLE_NAMES,
  ROUTER_TABLES,
  type RouterTableName,
  type RouterTables,
} from './tables.ts';

/**
 * Everything a CallRouter knows. Two routers that applied the same ordered input hold equal tables,
 * byte for byte.
 */
export type RouterState = {
  readonly tables: RouterTables;
  /** High-water mark of the allocated bytes since the router came up. */
  maxBytes: number;
};

export function createRouterState(): RouterState {
  const state = { tables: createRouterTables(), maxBytes: 0 };
  new RouterTable(state, 'system').add();
  return state;
}

/** The bytes that the tables have allocated: the "State size now" of `rttest`. */
export function stateBytes(state: RouterState): number {
  let total = 0;
  for (const name of ROUTER_TABLE_NAMES) total += tableBytes(state.tables[name]);
  return total;
}

/** Objects that the router holds, of all tables. */
export function recordCount(state: RouterState): number {
  let total = 0;
  for (const name of ROUTER_TABLE_NAMES) total += state.tables[name].count;
  return total;
}

export function hashState(state: RouterState): string {
  const hash = new Hash();
  for (const name of ROUTER_TABLE_NAMES) hashTable(hash, state.tables[name]);
  return hash.hex();
}

export function noteSize(state: RouterState): void {
  state.maxBytes = Math.max(state.maxBytes, stateBytes(state));
}

/** Short-hands over one table of a router. */
export class RouterTable {
  private readonly layout;
  private readonly table;

  constructor(
    state: RouterState,
    readonly name: RouterTableName,
  ) {
    this.layout = ROUTER_TABLES[name];
    this.table = state.tables[name];
  }

  add(): Handle {
    return addRecord(this.layout, this.table);
  }

  /** Room for a table that is filled at once. */
  reserve(records: number): void {
    reserveRecords(this.layout, this.table, records);
  }

  remove(handle: Handle): void {
    removeRecord(this.layout, this.table, handle);
  }

  handles(): Generator<Handle> {
    return handlesOf(this.layout, this.table);
  }

  get count(): number {
    return this.table.count;
  }

  get(handle: Handle, field: string): number {
    return getWord(this.layout, this.table, handle, field);
  }

  set(handle: Handle, field: string, value: number): void {
    setWord(this.layout, this.table, handle, field, value);
  }

  increment(handle: Handle, field: string): void {
    this.set(handle, field, this.get(handle, field) + 1);
  }

  text(handle: Handle, field: string): string {
    return getText(this.layout, this.table, handle, field);
  }

  setText(handle: Handle, field: string, value: string): void {
    setText(this.layout, this.table, handle, field, value);
  }

  words(handle: Handle, field: string): Uint32Array {
    return viewWords(this.layout, this.table, handle, field);
  }

  /** The record whose word field has this value, or 0. */
  find(field: string, value: number): Handle {
    return findWord(this.layout, this.table, field, value);
  }

  between(field: string, low: number, high: number): Handle[] {
    return handlesBetween(this.layout, this.table, field, low, high);
  }

  findText(field: string, value: string): Handle {
    return findText(this.layout, this.table, field, value);
  }
}
