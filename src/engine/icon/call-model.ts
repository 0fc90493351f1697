import { type ConfigurationObject, numberField, objectKey } from '../configuration/object-types.ts';
import {
  deleteRow,
  formatGmt,
  insertRow,
  type NamedValues,
  type RowChange,
  timeColumns,
  updateRow,
} from '../idb/row-changes.ts';
import type { Message } from '../kernel/events.ts';
import { connectionIdNumber, formatUuid } from '../telephony/identifiers.ts';
import {
  CALL_CHANGE,
  IR_CHANGE,
  PARTY_CHANGE,
  PARTY_ROW_STATE,
  PARTY_TYPE,
  partyRowState,
  RECORD_STATE,
} from './dictionary.ts';
import { personOfLogin } from './directory.ts';
import { type IconContext, type IconState, nextRow } from './icon-state.ts';

/** What ICON holds in memory of a call until it has ended. */
export type IconCall = {
  readonly uuid: string;
  readonly connId: string;
  readonly irid: string;
  readonly switchDbid: number;
  readonly createdSeconds: number;
  /** False until a DN event of the call has arrived: nothing is written before. */
  matched: boolean;
  /** Call-based events that arrived before the match. */
  readonly early: Message[];
  readonly created: Message;
  rows: { call: number; callActive: number; ir: number; irActive: number };
  sequence: number;
  readonly parties: Map<string, IconParty>;
  readonly lastDnEvent: Map<string, number>;
  connected: boolean;
  connectedInternally: boolean;
  abandoned: boolean;
  diverted: number;
  queued: number;
  firstConnectSeconds: number;
};

type IconParty = {
  readonly guid: string;
  readonly partyId: string;
  readonly dn: string;
  readonly row: number;
  readonly external: boolean;
  state: number;
  sinceSeconds: number;
  sequence: number;
  alertings: number;
  /** Whole seconds spent in each row state. */
  readonly seconds: number[];
};

/** Emulator choice: how long an EventCallCreated waits for a DN event of its call. */
export const CALL_MATCH_TIMEOUT_US = 30_000_000;

export function createCall(context: IconContext, event: Message, switchDbid: number): IconCall {
  const { state } = context;
  const call: IconCall = {
    uuid: String(event['CallUUID']),
    connId: String(event['ConnID']),
    irid: iconUuid(state),
    switchDbid,
    createdSeconds: secondsOf(event),
    matched: false,
    early: [],
    created: event,
    rows: { call: 0, callActive: 0, ir: 0, irActive: 0 },
    sequence: 0,
    parties: new Map(),
    lastDnEvent: new Map(),
    connected: false,
    connectedInternally: false,
    abandoned: false,
    diverted: 0,
    queued: 0,
    firstConnectSeconds: 0,
  };
  state.calls.set(call.uuid, call);
  return call;
}

/** The rows with which a matched call begins. */
export function beginCallRows(context: IconContext, call: IconCall): RowChange[] {
  const { state, eventSeq: cause } = context;
  call.rows = {
    call: nextRow(state, 'G_CALL'),
    callActive: nextRow(state, 'G_CALL_ACTIVE'),
    ir: nextRow(state, 'G_IR'),
    irActive: nextRow(state, 'G_IR_ACTIVE'),
  };
  call.sequence = 1;
  const lifetime = {
    STATE: RECORD_STATE.active,
    ...timeColumns('CREATED', call.createdSeconds),
    ...timeColumns('LASTCHANGE', call.createdSeconds),
    GSYS_PARTITION: partition(call.createdSeconds),
  };
  const ir = { IRID: call.irid, ROOTCALLID: call.uuid, ROOTIRID: call.irid, ...lifetime };
  const irRow = { ...ir, PARENTLINKTYPE: 0, CALLTYPE: Number(call.created['CallType']) };
  const callRow = { ...callColumns(state, call), ...lifetime };
  return [
    insertRow('G_IR', call.rows.ir, { ...irRow, MEDIATYPE: 0 }, cause),
    insertRow('G_IR_ACTIVE', call.rows.irActive, { ...irRow, MEDIATYPE: 0 }, cause),
    irHistory(context, call, IR_CHANGE.created, call.createdSeconds),
    insertRow('G_CALL', call.rows.call, { ...callRow, ROOTIRID: call.irid }, cause),
    insertRow('G_CALL_ACTIVE', call.rows.callActive, callRow, cause),
    callHistory(context, call, CALL_CHANGE.created, call.createdSeconds),
  ];
}

function callColumns(state: IconState, call: IconCall): NamedValues {
  const sw = state.objects.get(objectKey('switch', call.switchDbid));
  return {
    CALLID: call.uuid,
    CONNID: call.connId,
    CONNIDNUM: connectionIdNumber(call.connId),
    SWITCHCALLID: Number(call.created['CallID']),
    IRID: call.irid,
    CALLTYPE: Number(call.created['CallType']),
    MEDIATYPE: 0,
    CALLANI: String(call.created['ANI'] ?? ''),
    // By default the DNIS is AttributeDNIS; once defined it never changes.
    CALLDNIS: String(call.created['DNIS'] ?? ''),
    TENANTID: sw ? numberField(sw, 'tenant') : null,
    SWITCHID: call.switchDbid,
  };
}

/** Call-based events about parties, once the call is matched. */
export function partyRows(context: IconContext, call: IconCall, event: Message): RowChange[] {
  if (event.type === 'EventCallPartyAdded') return addParty(context, call, event);
  const party = call.parties.get(String(event['PartyUUID']));
  if (!party) return [];
  if (event.type === 'EventCallPartyState') {
    const next = partyRowState(Number(event['PartyState']));
    if (next === party.state) return [];
    return changeParty(context, call, party, next, secondsOf(event));
  }
  return event.type === 'EventCallPartyDeleted' ? endParty(context, call, party, event) : [];
}

function addParty(context: IconContext, call: IconCall, event: Message): RowChange[] {
  const { state, eventSeq: cause } = context;
  const dn = String(event['ThisDN']);
  const endpoint = findEndpoint(state, dn);
  const seconds = secondsOf(event);
  const party: IconParty = {
    guid: String(event['PartyUUID']),
    partyId: iconUuid(state),
    dn,
    row: nextRow(state, 'G_PARTY'),
    external: !endpoint,
    state: partyRowState(Number(event['PartyState'])),
    sinceSeconds: seconds,
    sequence: 1,
    alertings: 0,
    seconds: [0, 0, 0, 0, 0, 0],
  };
  call.parties.set(party.guid, party);
  call.sequence++;
  noteState(call, party, seconds);
  const row = {
    PARTYID: party.partyId,
    PARTYGUID: party.guid,
    TYPE: party.external ? PARTY_TYPE.external : PARTY_TYPE.internal,
    PROLE: party.external ? 1 : 2,
    CALLID: call.uuid,
    STATE: party.state,
    PREVSTATE: PARTY_ROW_STATE.null,
    ENDPOINTDN: dn,
    ENDPOINTID: endpoint?.dbid ?? 0,
    ENDPOINTTYPE: endpoint ? numberField(endpoint, 'dnType') : 0,
    AGENTID: personOfLogin(state, String(event['AgentID'])),
    PLACEID: state.directory.places.get(endpoint?.dbid ?? 0) ?? null,
    CCEVENT: call.lastDnEvent.get(dn) ?? null,
    SWITCHID: call.switchDbid,
    CSEQ: call.sequence,
    PSEQ: party.sequence,
    ...timeColumns('CREATED', seconds),
    ...timeColumns('LASTCHANGE', seconds),
    GSYS_PARTITION: partition(call.createdSeconds),
  };
  const previous = PARTY_ROW_STATE.null;
  const history = partyHistory(context, call, party, PARTY_CHANGE.created, previous, seconds);
  return [insertRow('G_PARTY', party.row, row, cause), history];
}

function changeParty(
  context: IconContext,
  call: IconCall,
  party: IconParty,
  next: number,
  seconds: number,
): RowChange[] {
  const previous = leaveState(party, seconds);
  party.state = next;
  party.sequence++;
  call.sequence++;
  noteState(call, party, seconds);
  const row = { ...partyUpdate(call, party, previous), ...timeColumns('LASTCHANGE', seconds) };
  return [
    updateRow('G_PARTY', party.row, row, context.eventSeq),
    partyHistory(context, call, party, PARTY_CHANGE.changed, previous, seconds),
  ];
}

function endParty(
  context: IconContext,
  call: IconCall,
  party: IconParty,
  event: Message,
): RowChange[] {
  const seconds = secondsOf(event);
  const previous = leaveState(party, seconds);
  party.state = PARTY_ROW_STATE.null;
  party.sequence++;
  call.sequence++;
  call.parties.delete(party.guid);
  const row = {
    ...partyUpdate(call, party, previous),
    ...timeColumns('TERMINATED', seconds),
    ...timeColumns('LASTCHANGE', seconds),
  };
  const totals = {
    PARTYID: party.partyId,
    TT_ALERTING: party.seconds[PARTY_ROW_STATE.alerting],
    TT_CONNECTED: party.seconds[PARTY_ROW_STATE.connected],
    TT_HOLD: party.seconds[PARTY_ROW_STATE.hold],
    TT_QUEUED: party.seconds[PARTY_ROW_STATE.queued],
    TT_ACW: 0,
    CNT_HOLD: 0,
    CNT_ALERTING: party.alertings,
    GSYS_PARTITION: partition(call.createdSeconds),
  };
  const statRow = nextRow(context.state, 'G_PARTY_STAT');
  return [
    updateRow('G_PARTY', party.row, row, context.eventSeq),
    partyHistory(context, call, party, PARTY_CHANGE.terminated, previous, seconds),
    insertRow('G_PARTY_STAT', statRow, totals, context.eventSeq),
  ];
}

/** The rows with which a call ends; the active rows go. */
export function endCallRows(context: IconContext, call: IconCall, event: Message): RowChange[] {
  const { eventSeq: cause, state } = context;
  const seconds = secondsOf(event);
  call.sequence++;
  const ended = {
    STATE: RECORD_STATE.terminated,
    ...timeColumns('TERMINATED', seconds),
    ...timeColumns('LASTCHANGE', seconds),
  };
  const totals = {
    CALLID: call.uuid,
    F_CONN: call.connected ? 1 : 0,
    F_CONN_EXTN: call.connectedInternally ? 1 : 0,
    F_TE_ABND: call.abandoned ? 1 : 0,
    CNT_HOLD: 0,
    CNT_DIVERT: call.diverted,
    CNT_TRANSFER: 0,
    CNT_CONFERENCE: 0,
    CNT_CONSULT: 0,
    CNT_QUEUED: call.queued,
    T_DURATION: seconds - call.createdSeconds,
    T_TO_CONN: call.connected ? call.firstConnectSeconds - call.createdSeconds : null,
    GSYS_PARTITION: partition(call.createdSeconds),
  };
  state.calls.delete(call.uuid);
  return [
    updateRow('G_CALL', call.rows.call, ended, cause),
    callHistory(context, call, CALL_CHANGE.terminated, seconds),
    insertRow('G_CALL_STAT', nextRow(state, 'G_CALL_STAT'), totals, cause),
    deleteRow('G_CALL_ACTIVE', call.rows.callActive, cause),
    updateRow('G_IR', call.rows.ir, ended, cause),
    irHistory(context, call, IR_CHANGE.terminated, seconds),
    deleteRow('G_IR_ACTIVE', call.rows.irActive, cause),
  ];
}

/** Totals that only DN events tell. */
export function noteDnEvent(call: IconCall, type: string): void {
  if (type === 'EventAbandoned') call.abandoned = true;
  else if (type === 'EventDiverted') call.diverted++;
  else if (type === 'EventQueued') call.queued++;
}

function noteState(call: IconCall, party: IconParty, seconds: number): void {
  if (party.state === PARTY_ROW_STATE.alerting) party.alertings++;
  if (party.state !== PARTY_ROW_STATE.connected || party.external) return;
  if (!call.connected) call.firstConnectSeconds = seconds;
  call.connected = true;
  call.connectedInternally = true;
}

function leaveState(party: IconParty, seconds: number): number {
  const previous = party.state;
  party.seconds[previous] += seconds - party.sinceSeconds;
  party.sinceSeconds = seconds;
  return previous;
}

function partyUpdate(call: IconCall, party: IconParty, previous: number): NamedValues {
  return {
    STATE: party.state,
    PREVSTATE: previous,
    CCEVENT: call.lastDnEvent.get(party.dn) ?? null,
    CSEQ: call.sequence,
    PSEQ: party.sequence,
  };
}

function partyHistory(
  context: IconContext,
  call: IconCall,
  party: IconParty,
  change: number,
  previous: number,
  seconds: number,
): RowChange {
  const named = {
    PARTYID: party.partyId,
    PSEQ: party.sequence,
    CSEQ: call.sequence,
    CCEVENT: call.lastDnEvent.get(party.dn) ?? null,
    STATE: party.state,
    PREVSTATE: previous,
    CALLID: call.uuid,
    ENDPOINTID: findEndpoint(context.state, party.dn)?.dbid ?? 0,
  };
  return historyRow(context, call, 'G_PARTY_HISTORY', named, change, seconds);
}

function callHistory(
  context: IconContext,
  call: IconCall,
  change: number,
  seconds: number,
): RowChange {
  const named = { CALLID: call.uuid, CSEQ: call.sequence };
  return historyRow(context, call, 'G_CALL_HISTORY', named, change, seconds);
}

function irHistory(
  context: IconContext,
  call: IconCall,
  change: number,
  seconds: number,
): RowChange {
  return historyRow(context, call, 'G_IR_HISTORY', { IRID: call.irid }, change, seconds);
}

/** What every row of a _HISTORY table has: the change, its moment, the call's partition. */
function historyRow(
  context: IconContext,
  call: IconCall,
  table: string,
  named: NamedValues,
  change: number,
  seconds: number,
): RowChange {
  const row = {
    ...named,
    CHANGETYPE: change,
    ...timeColumns('ADDED', seconds),
    GSYS_PARTITION: partition(call.createdSeconds),
  };
  return insertRow(table, nextRow(context.state, table), row, context.eventSeq);
}

/** Default of option partition-type: YYYYMMDD of CREATED_TS (confirmed). */
function partition(createdSeconds: number): number {
  return Number(formatGmt(createdSeconds).slice(0, 10).replaceAll('-', ''));
}

function secondsOf(event: Message): number {
  return Number(event['TimeinSecs']);
}

function iconUuid(state: IconState): string {
  return formatUuid(state.uuidPrefix, state.nextUuid++);
}

function findEndpoint(state: IconState, dn: string): ConfigurationObject | undefined {
  const dbid = state.directory.endpoints.get(dn);
  return dbid === undefined ? undefined : state.objects.get(objectKey('dn', dbid));
}
