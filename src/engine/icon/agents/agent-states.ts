import { AGENT_CAUSE, AGENT_RECORD, AGENT_ROW_STATE } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import { WORK_MODE } from '../../telephony/t-library.ts';
import type { IconContext } from '../icon-state.ts';
import { numberOf, orNull } from '../interactions/call-state.ts';
import { partyOf } from '../interactions/parties.ts';
import { insert, remove, update } from '../rows.ts';
import { gtsOption } from '../switch-options.ts';
import type { AgentSession, AgentTotals } from './agent-session.ts';
import { workModeTotals } from './agent-statistics.ts';

/**
 * States of agents: what T-Server says, and what their calls make of it. During a call a change is
 * pending: the agent is busy until the call is over.
 */

type HistoryRow = {
  readonly type: number;
  readonly cause: number;
  readonly uuid?: string;
  readonly partyId?: string;
};

/** EventAgentReady and EventAgentNotReady. */
export function onAgentState(
  context: IconContext,
  session: AgentSession,
  event: Message,
  seconds: number,
): void {
  const isReady = event.type === 'EventAgentReady';
  const next = isReady ? AGENT_ROW_STATE.ready : AGENT_ROW_STATE.notReady;
  const workMode = numberOf(event, 'AgentWorkMode');
  if (session.calls.length > 0) {
    session.pendingState = next;
    session.pendingWorkMode = workMode;
    session.pendingReasons = reasonsOf(event);
    const row = { type: AGENT_RECORD.pendingState, cause: AGENT_CAUSE.agent };
    return writeHistory(context, session, row, session.state, session.workMode, seconds);
  }
  const isWork = workMode === WORK_MODE.afterCallWork;
  const cause = isWork ? AGENT_CAUSE.call : AGENT_CAUSE.agent;
  const work = isWork ? workOf(context, session) : undefined;
  enterState(context, session, next, workMode, seconds, {
    type: next === session.state ? AGENT_RECORD.workMode : AGENT_RECORD.state,
    cause,
    uuid: work?.uuid,
    partyId: work?.partyId,
  });
  noteReasons(context, session, reasonsOf(event), seconds);
}

type Reasons = ReadonlyMap<string, string | number> | null;

function reasonsOf(event: Message): Reasons {
  return (event['Reasons'] as Reasons | undefined) ?? null;
}

/** A call at the agent's DN begins: the agent is busy. */
export function connectCall(
  context: IconContext,
  session: AgentSession,
  uuid: string,
  seconds: number,
): void {
  if (session.calls.includes(uuid)) return;
  session.calls.push(uuid);
  const call = context.state.calls.get(uuid);
  const partyId = call && partyOf(call, session.dn)?.partyId;
  const row = { type: AGENT_RECORD.callConnect, cause: AGENT_CAUSE.call, uuid, partyId };
  if (session.calls.length > 1) {
    return writeHistory(context, session, row, session.state, session.workMode, seconds);
  }
  session.pendingState = -1;
  session.lastParties = [];
  session.pendingWorkMode = session.workMode;
  const before = session.state;
  enterState(context, session, AGENT_ROW_STATE.busy, WORK_MODE.unknown, seconds, row);
  // Without another word the agent is afterwards what he was before.
  session.pendingState = before;
}

export function disconnectCall(
  context: IconContext,
  session: AgentSession,
  uuid: string,
  seconds: number,
): void {
  const at = session.calls.indexOf(uuid);
  if (at < 0) return;
  session.calls.splice(at, 1);
  const row = { type: AGENT_RECORD.callDisconnect, cause: AGENT_CAUSE.call, uuid };
  if (session.calls.length > 0) {
    return writeHistory(context, session, row, session.state, session.workMode, seconds);
  }
  const { pendingState, pendingWorkMode } = session;
  session.pendingState = -1;
  const next = pendingState < 0 ? AGENT_ROW_STATE.notReady : pendingState;
  enterState(context, session, next, pendingWorkMode, seconds, row);
  noteReasons(context, session, session.pendingReasons, seconds);
  session.pendingReasons = null;
}

export function enterState(
  context: IconContext,
  session: AgentSession,
  next: number,
  workMode: number,
  seconds: number,
  row: HistoryRow,
): void {
  const { state: previous, workMode: previousMode, sinceSeconds } = session;
  countTime(context, session, seconds);
  session.state = next;
  session.workMode = workMode;
  session.sinceSeconds = seconds;
  if (next === AGENT_ROW_STATE.ready) session.totals.entriesToReady++;
  endReasons(context, session, seconds);
  writeHistory(context, session, row, previous, previousMode, seconds, sinceSeconds);
}

/** Time in the present state goes to the totals; after-call work also to its party. */
function countTime(context: IconContext, session: AgentSession, seconds: number): void {
  const spent = seconds - session.sinceSeconds;
  addTime(session.totals, session, spent);
  if (session.state !== AGENT_ROW_STATE.null) {
    const mode = workModeTotals(context, session, session.workMode, session.sinceSeconds);
    addTime(mode, session, spent);
  }
  const isWork =
    session.state === AGENT_ROW_STATE.notReady && session.workMode === WORK_MODE.afterCallWork;
  const work = isWork ? workOf(context, session) : undefined;
  if (work && work.statRow > 0) {
    update(context, 'GCC', 'G_PARTY_STAT', work.statRow, { TT_ACW: spent });
  }
}

function addTime(totals: AgentTotals, { state, workMode }: AgentSession, spent: number): void {
  if (state === AGENT_ROW_STATE.ready) totals.ready += spent;
  else if (state === AGENT_ROW_STATE.busy) totals.busy += spent;
  else if (workMode === WORK_MODE.afterCallWork) totals.afterCall += spent;
  else if (state !== AGENT_ROW_STATE.null) totals.notReady += spent;
}

/** Which call the after-call work belongs to: the last one, or the first since ready. */
function workOf({ state }: IconContext, session: AgentSession) {
  const own = gtsOption(state, session.switchDbid, 'gls-acw-first');
  const first = own === '-1' ? state.options.glsAcwFirst : own === '1';
  return first ? session.lastParties[0] : session.lastParties.at(-1);
}

function noteReasons(
  context: IconContext,
  session: AgentSession,
  reasons: Reasons,
  seconds: number,
): void {
  for (const [key, value] of reasons ?? []) {
    const named = {
      SESSIONID: session.id,
      ENDPOINTID: session.endpointDbid,
      QUEUEID: 0,
      AGENTSTATE: session.state,
      WORKMODE: session.workMode,
      HWFLAG: key === 'ReasonCode' ? 1 : 0,
      KEYNAME: key,
      VALUE: String(value).slice(0, 255),
      CREATED: seconds,
    };
    const row = insert(context, 'GLS', 'G_AGENT_STATE_RC', seconds, named);
    const isActive = context.state.options.glsActiveReasonCodes;
    const activeRow = isActive ? insert(context, 'GLS', 'G_AGENT_STATE_RC_A', seconds, named) : 0;
    session.reasons.push({ row, activeRow });
  }
}

function endReasons(context: IconContext, session: AgentSession, seconds: number): void {
  for (const { row, activeRow } of session.reasons.splice(0)) {
    update(context, 'GLS', 'G_AGENT_STATE_RC', row, { TERMINATED: seconds });
    if (activeRow > 0) remove(context, 'GLS', 'G_AGENT_STATE_RC_A', activeRow);
  }
}

function writeHistory(
  context: IconContext,
  session: AgentSession,
  { type, cause, uuid = '', partyId = '' }: HistoryRow,
  previous: number,
  previousMode: number,
  seconds: number,
  enteredSeconds = session.sinceSeconds,
): void {
  const { state } = context;
  const [queue = ''] = [...session.endpoints.keys()].filter((dn) => dn !== '');
  const queueDbid = state.options.glsQueue ? 0 : (state.directory.endpoints.get(queue) ?? 0);
  session.sequence++;
  insert(context, 'GLS', 'G_AGENT_STATE_HISTORY', seconds, {
    TYPE: type,
    STATE: session.state,
    PENDINGSTATE: session.pendingState < 0 ? null : session.pendingState,
    SEQ: session.sequence,
    LOGINSESSIONID: session.id,
    LOGINID: orNull(session.loginDbid),
    ADDED: seconds,
    PREVSTATE: previous,
    WORKMODE: session.workMode,
    PREVWORKMODE: previousMode,
    AGENTID: orNull(session.personDbid),
    PLACEID: orNull(session.placeDbid),
    ENDPOINTID: session.endpointDbid,
    QUEUEID: orNull(queueDbid),
    CAUSE: cause,
    CALLID: orNull(uuid),
    PARTYID: orNull(partyId),
    PREVSENTER: enteredSeconds,
  });
}
