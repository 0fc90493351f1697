import { numberField } from '../../configuration/object-types.ts';
import {
  AGENT_CAUSE,
  AGENT_RECORD,
  AGENT_ROW_STATE,
  DND_STATE,
  RECORD_STATE,
} from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import { personOfLogin } from '../directory.ts';
import type { IconContext, TServerLink } from '../icon-state.ts';
import { nextRow } from '../icon-state.ts';
import { type IconCall, numberOf, orNull, secondsOf, textOf } from '../interactions/call-state.ts';
import { iconUuid } from '../interactions/calls.ts';
import { findEndpoint } from '../interactions/parties.ts';
import { insert, insertAt, update } from '../rows.ts';
import { type AgentSession, createAgentTotals } from './agent-session.ts';
import { connectCall, disconnectCall, enterState, onAgentState } from './agent-states.ts';
import { beginStatistics, writeStatistics } from './agent-statistics.ts';
import { keepSession } from './session-file.ts';

/** Login sessions of agents (role gls): which agent is logged in where, and for how long. */

/** True if the event was about an agent. */
export function onAgentTEvent(context: IconContext, link: TServerLink, event: Message): boolean {
  const { state } = context;
  const dn = textOf(event, 'ThisDN');
  const session = state.sessions.get(dn);
  const seconds = secondsOf(event);
  switch (event.type) {
    case 'EventAgentLogin':
      logIn(context, link, event);
      break;
    case 'EventAgentLogout':
      if (session) endSession(context, session, seconds, AGENT_CAUSE.agent);
      break;
    case 'EventQueueLogout':
      if (session) endEndpoint(context, session, textOf(event, 'ThisQueue'), seconds);
      break;
    case 'EventAgentReady':
    case 'EventAgentNotReady':
      if (session) onAgentState(context, session, event, seconds);
      break;
    case 'EventDNDOn':
    case 'EventDNDOff':
      noteDoNotDisturb(context, dn, session, event.type === 'EventDNDOn', seconds);
      break;
    default:
      return false;
  }
  keepSession(context, dn);
  return true;
}

/** Events of calls that change what an agent is. */
export function followCalls(context: IconContext, event: Message): void {
  const session = context.state.sessions.get(textOf(event, 'ThisDN'));
  if (!session) return;
  const uuid = textOf(event, 'CallUUID');
  switch (event.type) {
    case 'EventDialing':
    case 'EventEstablished':
      connectCall(context, session, uuid, secondsOf(event));
      return keepSession(context, session.dn);
    case 'EventReleased':
    case 'EventAbandoned':
      disconnectCall(context, session, uuid, secondsOf(event));
      return keepSession(context, session.dn);
    case 'EventPartyChanged': {
      // A transfer has taken the party from one call to another.
      const before = session.calls.findIndex((one) => one !== uuid);
      if (!session.calls.includes(uuid) && before >= 0) session.calls[before] = uuid;
    }
  }
}

/** A call is over, however that was learnt: nobody is busy with it any more. */
export function leaveCall(context: IconContext, call: IconCall, seconds: number): void {
  for (const dn of call.dnEvents.keys()) {
    const session = context.state.sessions.get(dn);
    if (!session?.calls.includes(call.uuid)) continue;
    disconnectCall(context, session, call.uuid, seconds);
    keepSession(context, session.dn);
  }
}

function logIn(context: IconContext, link: TServerLink, event: Message): void {
  const { state } = context;
  const dn = textOf(event, 'ThisDN');
  const login = textOf(event, 'AgentID');
  const seconds = secondsOf(event);
  const queue = textOf(event, 'ThisQueue');
  const known = state.sessions.get(dn);
  if (known && known.login === login) return addEndpoint(context, known, queue, seconds);
  if (known) endSession(context, known, seconds, AGENT_CAUSE.recovered);
  const session = createSession(context, link, dn, login, seconds);
  addEndpoint(context, session, queue, seconds);
  const row = { type: AGENT_RECORD.state, cause: AGENT_CAUSE.agent };
  enterState(context, session, AGENT_ROW_STATE.login, 0, seconds, row);
}

function createSession(
  context: IconContext,
  link: TServerLink,
  dn: string,
  login: string,
  seconds: number,
): AgentSession {
  const { state } = context;
  const { directory } = state;
  const endpoint = findEndpoint(state, dn);
  return openSession(context, {
    tServer: link.name,
    switchDbid: link.switchDbid,
    dn,
    login,
    loginDbid: directory.logins.get(login) ?? 0,
    personDbid: personOfLogin(state, login),
    placeDbid: directory.places.get(endpoint?.dbid ?? 0) ?? 0,
    endpointDbid: endpoint?.dbid ?? 0,
    endpointType: endpoint ? numberField(endpoint, 'dnType') : 0,
    createdSeconds: seconds,
  });
}

type NewSession = Pick<AgentSession, 'tServer' | 'switchDbid' | 'dn' | 'login' | 'loginDbid'> &
  Pick<AgentSession, 'personDbid' | 'placeDbid' | 'endpointDbid' | 'endpointType'> &
  Pick<AgentSession, 'createdSeconds'>;

/** A session with its rows; `dn` is the place for an agent of the Interaction Server. */
export function openSession(context: IconContext, from: NewSession): AgentSession {
  const { state } = context;
  const { dn, createdSeconds: seconds } = from;
  const session: AgentSession = {
    ...from,
    id: iconUuid(state),
    row: nextRow(state, 'G_LOGIN_SESSION'),
    statRow: nextRow(state, 'GS_AGENT_STAT'),
    endpoints: new Map(),
    state: AGENT_ROW_STATE.null,
    workMode: 0,
    sinceSeconds: seconds,
    sequence: 0,
    pendingState: -1,
    pendingWorkMode: 0,
    pendingReasons: null,
    calls: [],
    reasons: [],
    lastParties: [],
    totals: createAgentTotals(),
    byWorkMode: new Map(),
  };
  state.sessions.set(dn, session);
  insertAt(context, 'GLS', 'G_LOGIN_SESSION', session.row, seconds, {
    LOGINSESSIONID: session.id,
    AGENTID: session.personDbid,
    LOGINID: session.loginDbid,
    PLACEID: session.placeDbid,
    STATE: RECORD_STATE.active,
    PRIMARYDEVICEID: session.endpointDbid,
    PRIMARYDEVICETYPE: session.endpointType,
    SWITCHID: orNull(session.switchDbid),
    CREATED: seconds,
    LASTCHANGE: seconds,
  });
  beginStatistics(context, session);
  return session;
}

function addEndpoint(
  context: IconContext,
  session: AgentSession,
  queue: string,
  seconds: number,
): void {
  if (session.endpoints.has(queue)) return;
  const endpoint = queue === '' ? undefined : findEndpoint(context.state, queue);
  const row = insert(context, 'GLS', 'GX_SESSION_ENDPOINT', session.createdSeconds, {
    AGENTID: session.personDbid,
    ENDPOINTID: session.endpointDbid,
    ENDPOINTTYPE: session.endpointType,
    QUEUEID: endpoint?.dbid ?? null,
    QUEUETYPE: endpoint ? numberField(endpoint, 'dnType') : null,
    PLACEID: orNull(session.placeDbid),
    LOGINSESSIONID: session.id,
    STATE: RECORD_STATE.active,
    MEDIATYPE: 0,
    CREATED: seconds,
  });
  session.endpoints.set(queue, row);
}

/** At the Interaction Server the endpoint is 0, and a row stands for a medium (confirmed). */
export function addMediaEndpoint(
  context: IconContext,
  session: AgentSession,
  medium: number,
  seconds: number,
): void {
  const row = insert(context, 'GLS', 'GX_SESSION_ENDPOINT', session.createdSeconds, {
    AGENTID: session.personDbid,
    ENDPOINTID: 0,
    ENDPOINTTYPE: 0,
    QUEUEID: null,
    QUEUETYPE: null,
    PLACEID: orNull(session.placeDbid),
    LOGINSESSIONID: session.id,
    STATE: RECORD_STATE.active,
    MEDIATYPE: medium,
    CREATED: seconds,
  });
  session.endpoints.set(`medium ${medium}`, row);
}

function endEndpoint(
  context: IconContext,
  session: AgentSession,
  queue: string,
  seconds: number,
): void {
  const row = session.endpoints.get(queue);
  if (row === undefined) return;
  session.endpoints.delete(queue);
  const ended = { STATE: RECORD_STATE.terminated, TERMINATED: seconds };
  update(context, 'GLS', 'GX_SESSION_ENDPOINT', row, ended);
}

export function endSession(
  context: IconContext,
  session: AgentSession,
  seconds: number,
  cause: number,
): void {
  session.calls.length = 0;
  session.pendingState = -1;
  const row = { type: AGENT_RECORD.state, cause };
  enterState(context, session, AGENT_ROW_STATE.null, 0, seconds, row);
  for (const queue of [...session.endpoints.keys()]) {
    endEndpoint(context, session, queue, seconds);
  }
  const ended = { STATE: RECORD_STATE.terminated, TERMINATED: seconds, LASTCHANGE: seconds };
  update(context, 'GLS', 'G_LOGIN_SESSION', session.row, ended);
  writeStatistics(context, session, seconds);
  context.state.sessions.delete(session.dn);
}

function noteDoNotDisturb(
  context: IconContext,
  dn: string,
  session: AgentSession | undefined,
  isOn: boolean,
  seconds: number,
): void {
  const { state } = context;
  const endpoint = findEndpoint(state, dn);
  const sequence = (state.dndSequences.get(dn) ?? 0) + 1;
  state.dndSequences.set(dn, sequence);
  insert(context, 'GLS', 'G_DND_HISTORY', seconds, {
    LOGINSESSIONID: session?.id ?? null,
    AGENTID: session?.personDbid ?? null,
    ENDPOINTID: endpoint?.dbid ?? null,
    PLACEID: state.directory.places.get(endpoint?.dbid ?? 0) ?? null,
    STATE: isOn ? DND_STATE.on : DND_STATE.off,
    SEQ: sequence,
    ADDED: seconds,
  });
}

/**
 * What T-Server says of a DN when ICON registers: who is logged in now. A session that has ended
 * meanwhile ends now; one of which nothing was known begins now.
 */
export function reconcileSession(context: IconContext, link: TServerLink, event: Message): void {
  const { state } = context;
  const dn = textOf(event, 'ThisDN');
  const login = textOf(event, 'AgentID');
  const session = state.sessions.get(dn);
  const seconds = secondsOf(event);
  if (session && session.login !== login) {
    endSession(context, session, seconds, AGENT_CAUSE.recovered);
  }
  if (login === '') return void (session && keepSession(context, dn));
  if (session?.login !== login) logIn(context, link, event);
  const now = state.sessions.get(dn)!;
  const present = [
    ...((event['Extensions'] as ReadonlyMap<string, unknown> | undefined)?.values() ?? []),
  ];
  for (const uuid of [...now.calls]) {
    const call = state.calls.get(uuid);
    if (!call || !present.includes(call.connId)) disconnectCall(context, now, uuid, seconds);
  }
  const isReady = textOf(event, 'AgentState') === 'ready';
  const next = isReady ? AGENT_ROW_STATE.ready : AGENT_ROW_STATE.notReady;
  const workMode = numberOf(event, 'AgentWorkMode');
  if (now.calls.length === 0 && (now.state !== next || now.workMode !== workMode)) {
    const row = { type: AGENT_RECORD.state, cause: AGENT_CAUSE.recovered };
    enterState(context, now, next, workMode, seconds, row);
  }
  keepSession(context, dn);
}
