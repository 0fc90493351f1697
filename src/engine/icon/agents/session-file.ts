import { keepEntry, readKept, writeKept } from '../../kernel/kept-map.ts';
import type { IconContext, IconState } from '../icon-state.ts';
import { holdRow } from '../kept-rows.ts';
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

export function readSessions(context: IconContext): void {
  const { state } = context;
  const path = state.options.agentPstorageName;
  const kept = readKept<AgentSession>(context, path);
  if (!kept) return;
  for (const [dn, session] of kept) {
    // Calls of an earlier run are not known to this one.
    state.sessions.set(dn, { ...session, calls: [], lastParties: [] });
    holdRows(state, session);
  }
  writeKept(context, path, state.sessionFile, state.sessions);
}

function holdRows(state: IconState, session: AgentSession): void {
  holdRow(state, 'G_LOGIN_SESSION', session.row);
  holdRow(state, 'GS_AGENT_STAT', session.statRow);
  for (const row of session.endpoints.values()) holdRow(state, 'GX_SESSION_ENDPOINT', row);
  for (const { row } of session.byWorkMode.values()) holdRow(state, 'GS_AGENT_STAT_WM', row);
}
