import {
  createKeptFile,
  type KeptFile,
  keepEntry,
  readKept,
  writeKept,
} from '../../kernel/kept-map.ts';
import type { IconContext, IconState } from '../icon-state.ts';
import { holdRow } from '../kept-rows.ts';

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

export type FieldRow = { readonly row: number; sinceSeconds: number };

export type OutboundMemory = {
  /** Session with OCS; 0 without. */
  session: number;
  open: boolean;
  /** By SESSID or CHAINGUID. */
  readonly records: Map<string, OpenRecord>;
  readonly file: KeptFile;
  /** Last value of each metric of an open session: duplicates are known by it. */
  readonly metrics: Map<string, number>;
};

export function createOutboundMemory(): OutboundMemory {
  return {
    session: 0,
    open: false,
    records: new Map(),
    file: createKeptFile(),
    metrics: new Map(),
  };
}

export function keepRecord(context: IconContext, id: string): void {
  const { records, file } = context.state.outbound;
  keepEntry(context, OUTBOUND_FILE, file, records, id);
}

export function readOutbound(context: IconContext): void {
  const { state } = context;
  const { records, file } = state.outbound;
  const kept = readKept<OpenRecord>(context, OUTBOUND_FILE);
  if (!kept) return;
  for (const [id, record] of kept) {
    records.set(id, { ...record, isFromBefore: true, isNamed: false });
    holdRows(state, record);
  }
  writeKept(context, OUTBOUND_FILE, file, records);
}

function holdRows(state: IconState, { kind, row, fields }: OpenRecord): void {
  holdRow(state, kind === 'campaign' ? 'GO_CAMPAIGN' : 'GO_CHAIN', row);
  for (const field of fields.values()) {
    // Which of the two tables it is in is not kept: neither gives the id again.
    holdRow(state, 'GO_CUSTOM_FIELDS', field.row);
    holdRow(state, 'GO_SECURE_FIELDS', field.row);
  }
}
