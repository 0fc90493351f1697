import { Hash } from '../../kernel/hash.ts';
import { hashTableHead, snapshotTable } from '../record-table.ts';
import type { StateSection } from '../synchronized-client.ts';
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

export type TableHead = {
  readonly numbers: readonly number[];
  readonly sizeBytes: number;
};

/**
 * The `hashState` of tables that go or come as runs of bytes, however these are cut: no second walk
 * over the state when the last run has passed. Heads are those of all tables in their order.
 */
export class TransferHash {
  private readonly hash = new Hash();
  private table = -1;
  private left = 0;

  constructor(private readonly heads: readonly TableHead[]) {
    this.nextTable();
  }

  bytes(run: Uint8Array): void {
    let at = 0;
    while (at < run.length) {
      if (this.left === 0) throw new Error('more bytes than the tables have');
      const part = run.subarray(at, at + this.left);
      this.hash.bytes(part);
      at += part.length;
      this.left -= part.length;
      if (this.left === 0) this.nextTable();
    }
  }

  /** 32 hexadecimal digits; the hash of what is missing is not guessed. */
  hex(): string {
    if (this.left > 0) throw new Error('bytes of the tables are missing');
    return this.hash.hex();
  }

  private nextTable(): void {
    while (this.left === 0 && ++this.table < this.heads.length) {
      const { numbers, sizeBytes } = this.heads[this.table];
      hashTableHead(this.hash, numbers[0], numbers[1], sizeBytes >> 2);
      this.left = sizeBytes;
    }
  }
}

const isAligned = ({ byteOffset }: Uint8Array) => byteOffset % 4 === 0;
