import { addInsert, addUpdate } from '../../idb/row-batch.ts';
import type { NamedValues } from '../../idb/row-changes.ts';
import { keepEntry, readKept, writeKept } from '../../kernel/kept-map.ts';
import type { IconContext } from '../icon-state.ts';
import { nextRow } from '../icon-state.ts';
import { isWritten } from '../kept-rows.ts';
import type { EventMark, KeptSession, SourceSession } from './source-sessions.ts';

/** The rows of sessions of data sources, and ICON's file that says which of them are open. */

/** Emulator choice: the real product keeps the like in its persistent queue. */
const SESSIONS_FILE = 'dss-sessions.db';

/** The first event that is stored. */
export function beginRow(context: IconContext, session: SourceSession, first: EventMark): void {
  const { state, eventSeq } = context;
  const { source, connectedSeconds, connectionType } = session;
  const table = tableOf(session);
  session.row = nextRow(state, table);
  const named = {
    DSS_ID: session.row,
    ICON_DBID: state.config.dbid,
    DS_DBID: source.dbid,
    DS_DBID_PRIM: source.primaryDbid ?? source.dbid,
    DS2_DBID: source.switchDbid || null,
    DS_TYPE: source.type,
    ICON_STIME: state.startedSeconds,
    DSCONN_STIME: connectedSeconds,
    // The clocks of a lab agree.
    DSCONN_SDSTIME: connectedSeconds,
    DSCONN_SDSTS: connectedSeconds,
    DSCONN_TYPE: connectionType,
    FEVENT_ITIME: first.iconSeconds,
    FEVENT_ITS: first.iconSeconds,
    FEVENT_DSTIME: first.sourceSeconds,
    FEVENT_DSTS: first.sourceSeconds,
    FEVENT_DSSEQ: first.sequence || null,
  };
  addInsert(state.pipeline.accumulator, table, session.row, named, eventSeq);
  keep(context, session, { table, row: session.row, stoppedSeconds: 0 });
}

/** `named` and, if the row does not say it yet, which event was the last. */
export function changeRow(context: IconContext, session: SourceSession, named: NamedValues): void {
  const { state, eventSeq } = context;
  const all = { ...lastEvent(session), ...named };
  addUpdate(state.pipeline.accumulator, tableOf(session), session.row, all, eventSeq);
}

/** The connection is gone. */
export function endRow(context: IconContext, session: SourceSession): void {
  changeRow(context, session, { DSCONN_ETIME: Math.floor(context.utcSeconds) });
  keep(context, session, null);
}

function lastEvent(session: SourceSession): NamedValues {
  const { isBehind, last } = session;
  session.isBehind = false;
  if (!last || !isBehind) return {};
  return {
    LEVENT_ITIME: last.iconSeconds,
    LEVENT_ITS: last.iconSeconds,
    LEVENT_DSTIME: last.sourceSeconds,
    LEVENT_DSTS: last.sourceSeconds,
    LEVENT_DSSEQ: last.sequence || null,
  };
}

function tableOf({ provider }: SourceSession): string {
  return `G_DSS_${provider}_PROVIDER`;
}

function keep(
  context: IconContext,
  { provider, source }: SourceSession,
  entry: KeptSession | null,
): void {
  const { file, kept } = context.state.dataSources;
  const key = `${provider} ${source.name}`;
  if (entry) kept.set(key, entry);
  else kept.delete(key);
  keepEntry(context, SESSIONS_FILE, file, kept, key);
}

/** ICON has been asked to end: its rows are told when it starts again (source). */
export function keepStop(context: IconContext): void {
  const { file, kept } = context.state.dataSources;
  const stoppedSeconds = Math.floor(context.utcSeconds);
  for (const [key, entry] of [...kept]) {
    kept.set(key, { ...entry, stoppedSeconds });
    keepEntry(context, SESSIONS_FILE, file, kept, key);
  }
}

/**
 * What an earlier run left, once it is known what IDB and the queue have of it: after an end that
 * it was asked for ICON and connection ended then; after any other nobody knows, and the row stays.
 */
export function endEarlierRows(context: IconContext): void {
  const { state, eventSeq } = context;
  const earlier = readKept<KeptSession>(context, SESSIONS_FILE) ?? new Map<string, KeptSession>();
  for (const { table, row, stoppedSeconds } of earlier.values()) {
    if (stoppedSeconds === 0 || !isWritten(state, table, row)) continue;
    const named = { ICON_ETIME: stoppedSeconds, DSCONN_ETIME: stoppedSeconds };
    addUpdate(state.pipeline.accumulator, table, row, named, eventSeq);
  }
}

/** What the earlier run left is in the queue. */
export function forgetEarlierRows(context: IconContext): void {
  const { file, kept } = context.state.dataSources;
  writeKept(context, SESSIONS_FILE, file, kept);
}
