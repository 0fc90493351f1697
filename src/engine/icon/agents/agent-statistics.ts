import { SECOND_US } from '../../kernel/lab-time.ts';
import type { IconContext } from '../icon-state.ts';
import { nextRow } from '../icon-state.ts';
import { orNull } from '../interactions/call-state.ts';
import { insertAt, update } from '../rows.ts';
import { type AgentSession, type AgentTotals, createAgentTotals } from './agent-session.ts';

/** GS_AGENT_STAT and GS_AGENT_STAT_WM: times of a session by state, in all and by work mode. */

export function beginStatistics(context: IconContext, session: AgentSession): void {
  insertAt(context, 'GLS', 'GS_AGENT_STAT', session.statRow, session.createdSeconds, {
    ...who(session),
    ...columns(session.totals, 0),
    LASTCHANGE: session.createdSeconds,
  });
}

function who(session: AgentSession) {
  return {
    LOGINSESSIONID: session.id,
    AGENTID: orNull(session.personDbid),
    ENDPOINTID: session.endpointDbid,
  };
}

function columns(totals: AgentTotals, loginSeconds: number) {
  return {
    TT_AGENT_LOGIN: loginSeconds,
    TT_AGENT_READY: totals.ready,
    TT_AGENT_NOTREADY: totals.notReady,
    TT_AGENT_BUSY: totals.busy,
    TT_AGENT_ACW: totals.afterCall,
    CNT_AGENT_READY: totals.entriesToReady,
  };
}

/** The totals of a work mode are kept from the first time that the session is in it. */
export function workModeTotals(
  context: IconContext,
  session: AgentSession,
  workMode: number,
  seconds: number,
): AgentTotals {
  const known = session.byWorkMode.get(workMode);
  if (known) return known.totals;
  const row = nextRow(context.state, 'GS_AGENT_STAT_WM');
  const totals = createAgentTotals();
  session.byWorkMode.set(workMode, { row, totals });
  insertAt(context, 'GLS', 'GS_AGENT_STAT_WM', row, session.createdSeconds, {
    ...who(session),
    WORKMODE: workMode,
    ...columns(totals, 0),
    LASTCHANGE: seconds,
  });
  return totals;
}

export function writeStatistics(
  context: IconContext,
  session: AgentSession,
  seconds: number,
): void {
  const login = seconds - session.createdSeconds;
  const named = { ...columns(session.totals, login), LASTCHANGE: seconds };
  update(context, 'GLS', 'GS_AGENT_STAT', session.statRow, named);
  for (const { row, totals } of session.byWorkMode.values()) {
    const all = totals.ready + totals.notReady + totals.busy + totals.afterCall;
    const mode = { ...columns(totals, all), LASTCHANGE: seconds };
    update(context, 'GLS', 'GS_AGENT_STAT_WM', row, mode);
  }
}

/** Option gls-stats-update: the statistics of open sessions, from time to time. */
export function scheduleStatistics(context: IconContext): void {
  const { glsStatsUpdateSeconds } = context.state.options;
  if (glsStatsUpdateSeconds > 0) {
    context.setTimer('agent statistics', glsStatsUpdateSeconds * SECOND_US);
  }
}

export function updateStatistics(context: IconContext): void {
  const seconds = Math.floor(context.utcSeconds);
  for (const session of context.state.sessions.values()) {
    writeStatistics(context, session, seconds);
  }
  scheduleStatistics(context);
}
