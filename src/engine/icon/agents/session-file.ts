import { idbTable } from '../../idb/schema.ts';
import { decodeRecords, encodeRecord } from '../../kernel/record-log.ts';
import type { IconContext, IconState } from '../icon-state.ts';
import type { AgentSession } from './agent-session.ts';

/**
 * The open login sessions in a file of ICON's host (apstorage.db): after a restart ICON goes on
 * with them. Without the file they stay open in IDB for ever: stuck records (source).
 */

type StoredSession = { readonly dn: string; readonly session: AgentSession | null };

/** The file is written anew when it has grown to this. */
const REWRITE_BYTES = 262_144;

/** The session at a DN has changed, or is no more. */
export function keepSession(context: IconContext, dn: string): void {
  const { state } = context;
  const path = state.options.agentPstorageName;
  const stored: StoredSession = { dn, session: state.sessions.get(dn) ?? null };
  const record = encodeRecord(stored);
  state.sessionFileBytes += record.length;
  if (state.sessionFileBytes > REWRITE_BYTES) return writeWhole(context);
  context.appendFile(path, record);
  context.syncFile(path);
}

function writeWhole(context: IconContext): void {
  const { state } = context;
  const path = state.options.agentPstorageName;
  const records = [...state.sessions.values()].map((session) =>
    encodeRecord({ dn: session.dn, session } satisfies StoredSession),
  );
  const bytes = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  context.replaceFile(path, bytes);
  context.syncFile(path);
  state.sessionFileBytes = bytes.length;
}

export function readSessions(context: IconContext): void {
  const { state } = context;
  const stored = context.readFile(state.options.agentPstorageName);
  if (!stored) return;
  const { records, goodBytes } = decodeRecords(stored);
  if (goodBytes < stored.length) {
    context.log('warn', 'The file of login sessions is damaged: some stay open in IDB.');
  }
  for (const { dn, session } of records as unknown as StoredSession[]) {
    // Calls of an earlier run are not known to this one.
    if (session) state.sessions.set(dn, { ...session, calls: [], lastParties: [] });
    else state.sessions.delete(dn);
  }
  for (const session of state.sessions.values()) keepRows(state, session);
  writeWhole(context);
}

/** Rows that a session has must not be given again, whether IDB has them yet or not. */
function keepRows(state: IconState, session: AgentSession): void {
  const used: readonly (readonly [string, number])[] = [
    ['G_LOGIN_SESSION', session.row],
    ['GS_AGENT_STAT', session.statRow],
    ...[...session.endpoints.values()].map((row) => ['GX_SESSION_ENDPOINT', row] as const),
    ...[...session.byWorkMode.values()].map(({ row }) => ['GS_AGENT_STAT_WM', row] as const),
  ];
  for (const [table, row] of used) {
    const { number } = idbTable(table);
    state.lastRows.set(number, Math.max(state.lastRows.get(number) ?? 0, row));
  }
}
