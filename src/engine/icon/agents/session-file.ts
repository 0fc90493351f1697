import { keepEntry, readKept, writeKept } from '../../kernel/kept-map.ts';
import type { IconContext, IconState } from '../icon-state.ts';
import { isWritten } from '../kept-rows.ts';
import type { AgentSession } from './agent-session.ts';

/**
 * The open login sessions in a file of ICON's host (apstorage.db): after a restart ICON goes on
 * with them. Without the file they stay open in IDB for ever: stuck records (source).
 */

/** The session at a DN has changed, or is no more. */
export function keepSession(context: IconContext, dn: string): void {
  const { options, sessionFile, sessions } = context.state;
  keepEntry(context, options.agentPstorageName, sessionFile, sessions, dn);
}

/** Once it is known what IDB and the queue have of an earlier run. */
export function readSessions(context: IconContext): void {
  const { state } = context;
  const path = state.options.agentPstorageName;
  const kept = readKept<AgentSession>(context, path);
  if (!kept) return;
  for (const [dn, session] of kept) {
    if (!isWritten(state, 'G_LOGIN_SESSION', session.row)) continue;
    dropLostRows(state, session);
    // Calls of an earlier run are not known to this one.
    state.sessions.set(dn, { ...session, calls: [], lastParties: [] });
  }
  writeKept(context, path, state.sessionFile, state.sessions);
}

function dropLostRows(state: IconState, { endpoints, byWorkMode, reasons }: AgentSession): void {
  for (const [key, row] of endpoints) {
    if (!isWritten(state, 'GX_SESSION_ENDPOINT', row)) endpoints.delete(key);
  }
  for (const [mode, { row }] of byWorkMode) {
    if (!isWritten(state, 'GS_AGENT_STAT_WM', row)) byWorkMode.delete(mode);
  }
  const written = reasons.filter(({ row }) => isWritten(state, 'G_AGENT_STATE_RC', row));
  reasons.splice(0, reasons.length, ...written);
}
