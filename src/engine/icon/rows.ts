import { PROVIDER_TAG } from '../idb/dictionary.ts';
import { addDelete, addInsert, addReplace, addUpdate, type RowStamp } from '../idb/row-batch.ts';
import { formatGmt, type NamedValues } from '../idb/row-changes.ts';
import { SECOND_US } from '../kernel/lab-time.ts';
import { domainOf } from './data-sources/source-sessions.ts';
import type { IconContext } from './icon-state.ts';
import { nextRow } from './icon-state.ts';

/** Rows of interactions and agents, prepared in the accumulator. */

/** Providers of data, each with a sequence of its own (docs/fidelity/icon.md §1). */
export type Provider = 'GCC' | 'GLS' | 'GUD' | 'GOS' | 'CFG';

/** A new row; `createdSeconds` says which partition it belongs to. Answers its id. */
export function insert(
  context: IconContext,
  provider: Provider,
  table: string,
  createdSeconds: number,
  named: NamedValues,
): number {
  if (!isWanted(context, provider, table)) return 0;
  const row = nextRow(context.state, table);
  insertAt(context, provider, table, row, createdSeconds, named);
  return row;
}

/** A new row under an id that another table has given. */
export function insertAt(
  context: IconContext,
  provider: Provider,
  table: string,
  row: number,
  createdSeconds: number,
  named: NamedValues,
): void {
  if (!isWanted(context, provider, table)) return;
  const { state, eventSeq } = context;
  const stamp: RowStamp = {
    domain: domainOf(context, provider),
    partition: partitionOf(state.options.partitionType, createdSeconds),
    sequence: nextSequence(context, provider),
  };
  addInsert(state.pipeline.accumulator, table, row, named, eventSeq, stamp);
}

export function update(
  context: IconContext,
  provider: Provider,
  table: string,
  row: number,
  named: NamedValues,
): void {
  if (row === 0 || !isWanted(context, provider, table)) return;
  domainOf(context, provider);
  const stamp: RowStamp = { partition: 0, sequence: nextSequence(context, provider) };
  addUpdate(context.state.pipeline.accumulator, table, row, named, context.eventSeq, stamp);
}

export function remove(context: IconContext, provider: Provider, table: string, row: number): void {
  if (row === 0 || !isWanted(context, provider, table)) return;
  addDelete(context.state.pipeline.accumulator, table, row, context.eventSeq);
}

const ROLES = { GCC: 'gcc', GLS: 'gls', GUD: 'gud', GOS: 'gos', CFG: 'cfg' } as const;
/** What License Resource Manager counts (emulator choice): who is logged in. */
const LICENSE_TABLES = ['G_LOGIN_SESSION', 'GX_SESSION_ENDPOINT'];

/** Each role alone writes only its tables. */
function isWanted({ state }: IconContext, provider: Provider, table: string): boolean {
  const { roles } = state.options;
  if (roles.includes(ROLES[provider])) return true;
  return roles.includes('lrm') && LICENSE_TABLES.includes(table);
}

function nextSequence(context: IconContext, provider: Provider): number {
  const { state } = context;
  const next = (state.sequences.get(provider) ?? 0) + 1;
  state.sequences.set(provider, next);
  if (!state.sequencesMoved) {
    state.sequencesMoved = true;
    context.setTimer('sequences', SEQUENCE_DELAY_US);
  }
  return next;
}

/** SEQCURRENT is refreshed with a delay of 60 s (confirmed). */
const SEQUENCE_DELAY_US = 60 * SECOND_US;
/** Emulator choice: how many numbers are reserved at a time. */
const SEQUENCE_BLOCK = 1000;

/** G_PROV_CONTROL: where the counters of GSYS_SEQ and GSYS_USEQ have come to. */
export function writeSequences({ state, eventSeq }: IconContext): void {
  state.sequencesMoved = false;
  for (const [provider, current] of state.sequences) {
    const tag = PROVIDER_TAG[provider as Provider];
    const named = {
      DOMAINID: 0,
      PRIMARYID: state.config.dbid,
      PROVIDERTAG: tag,
      SEQCOUNTER: Math.ceil((current + 1) / SEQUENCE_BLOCK) * SEQUENCE_BLOCK,
      SEQCURRENT: current,
    };
    addReplace(state.pipeline.accumulator, 'G_PROV_CONTROL', tag, named, eventSeq);
  }
}

/** Option partition-type: 0 the day as YYYYMMDD, 1 the second (confirmed; 2 is as 0 here). */
function partitionOf(type: number, createdSeconds: number): number {
  if (type === 1) return createdSeconds;
  const day = Math.floor(createdSeconds / 86_400);
  if (day !== lastDay.day) {
    lastDay.day = day;
    lastDay.partition = Number(formatGmt(createdSeconds).slice(0, 10).replaceAll('-', ''));
  }
  return lastDay.partition;
}

const lastDay = { day: Number.NaN, partition: 0 };
