import {
  createKeptFile,
  type KeptFile,
  keepEntry,
  readKept,
  writeKept,
} from '../../kernel/kept-map.ts';
import type { IconContext } from '../icon-state.ts';
import { isWritten } from '../kept-rows.ts';

/**
 * Campaign sessions and chains that are open, with their rows. They are in a file of ICON's host,
 * so that a later run can end them (emulator choice: how a real ICON does it is not known).
 */

export const OUTBOUND_FILE = 'outbound.db';

export type OpenRecord = {
  readonly kind: 'campaign' | 'chain';
  readonly row: number;
  readonly createdSeconds: number;
  /** Campaign sessions: their state in the last event. Chains: theirs. */
  state: number;
  /** Chains: rows of their fields by record handle and field. */
  readonly fields: Map<string, FieldRow>;
  /** Known from an earlier run, and not yet named by OCS in this one. */
  isFromBefore: boolean;
  /** Named since the connection with OCS was made. */
  isNamed: boolean;
};

export type FieldRow = {
  readonly table: 'GO_CUSTOM_FIELDS' | 'GO_SECURE_FIELDS';
  readonly row: number;
  sinceSeconds: number;
};

export type OutboundMemory = {
  /** Session with OCS; 0 without. */
  session: number;
  open: boolean;
  /** By SESSID or CHAINGUID. */
  readonly records: Map<string, OpenRecord>;
  readonly file: KeptFile;
  /** Sessions that the snapshot of now names as they were: their metrics are duplicates. */
  readonly repeated: Set<string>;
};

export function createOutboundMemory(): OutboundMemory {
  return {
    session: 0,
    open: false,
    records: new Map(),
    file: createKeptFile(),
    repeated: new Set(),
  };
}

export function keepRecord(context: IconContext, id: string): void {
  const { records, file } = context.state.outbound;
  keepEntry(context, OUTBOUND_FILE, file, records, id);
}

/** Once it is known what IDB and the queue have of an earlier run. */
export function readOutbound(context: IconContext): void {
  const { state } = context;
  const { records, file } = state.outbound;
  const kept = readKept<OpenRecord>(context, OUTBOUND_FILE);
  if (!kept) return;
  for (const [id, record] of kept) {
    const table = record.kind === 'campaign' ? 'GO_CAMPAIGN' : 'GO_CHAIN';
    if (!isWritten(state, table, record.row)) continue;
    for (const [key, { table: fields, row }] of record.fields) {
      if (!isWritten(state, fields, row)) record.fields.delete(key);
    }
    records.set(id, { ...record, isFromBefore: true, isNamed: false });
  }
  writeKept(context, OUTBOUND_FILE, file, records);
}
