import { numberField, objectKey } from '../../configuration/object-types.ts';
import {
  CALL_CHANGE,
  IR_CHANGE,
  LOW_RELIABILITY,
  MERGE_TYPE,
  RECORD_STATE,
} from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import { connectionIdNumber, formatUuid } from '../../telephony/identifiers.ts';
import { CALL_TYPE } from '../../telephony/t-library.ts';
import type { IconContext, IconState } from '../icon-state.ts';
import { nextRow } from '../icon-state.ts';
import { insert, insertAt, remove, update } from '../rows.ts';
import { createTotals, type IconCall, numberOf, orNull, secondsOf, textOf } from './call-state.ts';

/** The call-based track: G_CALL with its interaction record G_IR, their histories and totals. */

export function iconUuid(state: IconState): string {
  return formatUuid(state.uuidPrefix, state.nextUuid++);
}

/** A call that T-Server has announced. Nothing is written of it until a DN event matches. */
export function createCall(
  context: IconContext,
  event: Message,
  source: { readonly tServer: string; readonly switchDbid: number; readonly mediaType?: number },
): IconCall {
  const { state } = context;
  const irid = iconUuid(state);
  const call: IconCall = {
    uuid: textOf(event, 'CallUUID'),
    tServer: source.tServer,
    switchDbid: source.switchDbid,
    irid,
    rootIrid: irid,
    connId: textOf(event, 'ConnID'),
    switchCallId: numberOf(event, 'CallID'),
    callType: numberOf(event, 'CallType'),
    mediaType: source.mediaType ?? 0,
    ani: textOf(event, 'ANI'),
    dnis: textOf(event, 'DNIS'),
    parentUuid: textOf(event, 'OrigCallUUID'),
    createdSeconds: numberOf(event, 'CreationTimeinSecs') || secondsOf(event),
    matched: false,
    early: [],
    partlySeen: false,
    synchronized: true,
    ended: false,
    row: 0,
    irRow: 0,
    sequence: 0,
    parties: new Map(),
    dnEvents: new Map(),
    departed: null,
    userData: new Map(),
    dataBy: '',
    links: [],
    stays: [],
    routing: new Map(),
    totals: createTotals(),
    mergedInto: '',
    mergeType: MERGE_TYPE.none,
  };
  state.calls.set(call.uuid, call);
  if (call.callType === CALL_TYPE.consult) {
    const parent = state.calls.get(call.parentUuid);
    if (parent) parent.totals.consults++;
  }
  return call;
}

/** The rows with which a matched call begins. */
export function beginCall(context: IconContext, call: IconCall): void {
  const { state } = context;
  const { createdSeconds: created } = call;
  call.row = nextRow(state, 'G_CALL');
  call.irRow = nextRow(state, 'G_IR');
  call.sequence = 1;
  const ir = {
    IRID: call.irid,
    STATE: RECORD_STATE.active,
    PARENTLINKTYPE: 0,
    ROOTCALLID: call.uuid,
    ROOTIRID: call.rootIrid,
    MEDIATYPE: call.mediaType,
    CALLTYPE: call.callType,
    CREATED: created,
    LASTCHANGE: created,
    GSYS_EXT_VCH2: call.partlySeen ? LOW_RELIABILITY.notWhole : null,
  };
  insertAt(context, 'GCC', 'G_IR', call.irRow, created, ir);
  insertAt(context, 'GCC', 'G_IR_ACTIVE', call.irRow, created, ir);
  irHistory(context, call, IR_CHANGE.created, created);
  const sw = state.objects.get(objectKey('switch', call.switchDbid));
  const row = {
    CALLID: call.uuid,
    PARENTCALLID: orNull(call.parentUuid),
    CONNID: orNull(call.connId),
    CONNIDNUM: call.connId === '' ? null : connectionIdNumber(call.connId),
    SWITCHCALLID: orNull(call.switchCallId),
    IRID: call.irid,
    STATE: RECORD_STATE.active,
    CALLTYPE: call.callType,
    MEDIATYPE: call.mediaType,
    CALLANI: orNull(call.ani),
    CALLDNIS: orNull(call.dnis),
    TENANTID: sw ? numberField(sw, 'tenant') : null,
    SWITCHID: orNull(call.switchDbid),
    CREATED: created,
    LASTCHANGE: created,
  };
  const whole = { ...row, ROOTIRID: call.rootIrid };
  insertAt(context, 'GCC', 'G_CALL', call.row, created, whole);
  insertAt(context, 'GCC', 'G_CALL_ACTIVE', call.row, created, row);
  callHistory(context, call, CALL_CHANGE.created, created);
}

/** Taken from the event that option gts-dnis-detection names; once defined it never changes. */
export function setDnis(context: IconContext, call: IconCall, dnis: string): void {
  if (call.dnis !== '' || dnis === '') return;
  call.dnis = dnis;
  if (call.row > 0) update(context, 'GCC', 'G_CALL', call.row, { CALLDNIS: dnis });
}

export function changeConnection(context: IconContext, call: IconCall, connId: string): void {
  if (connId === '' || connId === call.connId) return;
  call.connId = connId;
  const named = { CONNID: connId, CONNIDNUM: connectionIdNumber(connId) };
  if (call.row > 0) update(context, 'GCC', 'G_CALL', call.row, named);
}

/** The parties have gone over to another call: both calls belong to one interaction. */
export function mergeCall(
  context: IconContext,
  call: IconCall,
  into: IconCall,
  seconds: number,
): void {
  if (call.mergedInto !== '') return;
  call.mergedInto = into.uuid;
  if (call.mergeType === MERGE_TYPE.transfer) into.totals.transfers++;
  else if (call.mergeType === MERGE_TYPE.conference) into.totals.conferences++;
  call.rootIrid = into.rootIrid;
  call.sequence++;
  update(context, 'GCC', 'G_CALL', call.row, {
    MERGECALLID: into.uuid,
    MERGETYPE: call.mergeType,
    ROOTIRID: into.rootIrid,
    LASTCHANGE: seconds,
  });
  callHistory(context, call, CALL_CHANGE.merged, seconds, into.uuid);
  update(context, 'GCC', 'G_IR', call.irRow, {
    PARENTIRID: into.irid,
    ROOTIRID: into.rootIrid,
    LASTCHANGE: seconds,
  });
  irHistory(context, call, IR_CHANGE.merged, seconds);
}

/** The rows with which a call ends; the active rows go. */
export function endCall(
  context: IconContext,
  call: IconCall,
  seconds: number,
  reliability: string | null = null,
): void {
  const { createdSeconds: created, totals } = call;
  call.sequence++;
  const ended = { STATE: RECORD_STATE.terminated, TERMINATED: seconds, LASTCHANGE: seconds };
  update(context, 'GCC', 'G_CALL', call.row, ended);
  callHistory(context, call, CALL_CHANGE.terminated, seconds, call.mergedInto);
  if (!context.state.options.callMetrics) {
    insert(context, 'GCC', 'G_CALL_STAT', created, {
      CALLID: call.uuid,
      F_CONN: totals.connected ? 1 : 0,
      F_CONN_EXTN: totals.connectedInside ? 1 : 0,
      F_TE_ABND: totals.abandoned ? 1 : 0,
      CNT_HOLD: totals.holds,
      CNT_DIVERT: totals.diverted,
      CNT_TRANSFER: totals.transfers,
      CNT_CONFERENCE: totals.conferences,
      CNT_CONSULT: totals.consults,
      CNT_QUEUED: totals.queued,
      T_DURATION: seconds - created,
      T_TO_CONN: totals.connected ? totals.firstConnectSeconds - created : null,
      GSYS_EXT_INT1: orNull(totals.releasedBy),
    });
  }
  remove(context, 'GCC', 'G_CALL_ACTIVE', call.row);
  const ir = reliability === null ? ended : { ...ended, GSYS_EXT_VCH2: reliability };
  update(context, 'GCC', 'G_IR', call.irRow, ir);
  irHistory(context, call, IR_CHANGE.terminated, seconds);
  remove(context, 'GCC', 'G_IR_ACTIVE', call.irRow);
}

/** A transfer was begun and did not come to its end. */
export function noteFailedTransfer(context: IconContext, call: IconCall, seconds: number): void {
  call.sequence++;
  callHistory(context, call, CALL_CHANGE.transferFailed, seconds);
}

function callHistory(
  context: IconContext,
  call: IconCall,
  change: number,
  seconds: number,
  reference = '',
): void {
  insert(context, 'GCC', 'G_CALL_HISTORY', call.createdSeconds, {
    CALLID: call.uuid,
    CSEQ: call.sequence,
    CHANGETYPE: change,
    REFID: orNull(reference),
    ADDED: seconds,
  });
}

function irHistory(context: IconContext, call: IconCall, change: number, seconds: number): void {
  insert(context, 'GCC', 'G_IR_HISTORY', call.createdSeconds, {
    IRID: call.irid,
    CHANGETYPE: change,
    ADDED: seconds,
  });
}
