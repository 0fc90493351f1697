import { objectKey } from '../../configuration/object-types.ts';
import type { Message } from '../../kernel/events.ts';
import {
  CAMPAIGN_CAUSE,
  CAMPAIGN_STATE,
  CHAIN_CAUSE,
  CHAIN_STATE,
} from '../../telephony/outbound/outbound-messages.ts';
import type { IconContext } from '../icon-state.ts';
import { nextRow } from '../icon-state.ts';
import { numberOf, orNull, secondsOf, textOf } from '../interactions/call-state.ts';
import { insert, insertAt, update } from '../rows.ts';
import { keepRecord, type OpenRecord } from './outbound-memory.ts';

/** Campaigns, chains and call results (role gos), as the Outbound Contact Server tells them. */

export function onOutboundEvent(context: IconContext, event: Message): void {
  switch (event.type) {
    case 'OutboundCampaign':
      return onCampaign(context, event);
    case 'OutboundCampaignProperties':
      return onProperties(context, event);
    case 'OutboundChain':
      return onChain(context, event);
    case 'OutboundField':
      return onField(context, event);
    case 'OutboundCall':
      return onCall(context, event);
    case 'OutboundRecord':
      return onRecord(context, event);
    case 'OutboundMetric':
      return onMetric(context, event);
    case 'OutboundSnapshotEnd':
      return endSnapshot(context, event);
  }
}

/** Opens the record of a session or chain that is not known yet. */
function openRecord(
  context: IconContext,
  kind: OpenRecord['kind'],
  id: string,
  seconds: number,
): OpenRecord {
  const row = nextRow(context.state, kind === 'campaign' ? 'GO_CAMPAIGN' : 'GO_CHAIN');
  const times = { createdSeconds: seconds, isFromBefore: false, isNamed: true };
  const record: OpenRecord = { kind, row, state: 0, fields: new Map(), ...times };
  context.state.outbound.records.set(id, record);
  return record;
}

function onCampaign(context: IconContext, event: Message): void {
  const id = textOf(event, 'SessionID');
  const state = numberOf(event, 'State');
  const seconds = secondsOf(event);
  const known = context.state.outbound.records.get(id);
  if (known && event['Snapshot'] === true) name(known);
  const record = known ?? openRecord(context, 'campaign', id, seconds);
  const changing = {
    STATE: state,
    DIALMODE: numberOf(event, 'DialMode'),
    OPTIMMODE: orNull(numberOf(event, 'OptimizationMode')),
    OPTIMVALUE: orNull(numberOf(event, 'OptimizationValue')),
    SEQ: numberOf(event, 'Sequence'),
    LASTCHANGE: seconds,
  };
  if (!known) {
    insertAt(context, 'GOS', 'GO_CAMPAIGN', record.row, seconds, {
      SESSID: id,
      CAMPAIGNID: numberOf(event, 'CampaignID'),
      GROUPID: numberOf(event, 'GroupID'),
      OCSID: ocsDbid(context, event),
      CREATED: seconds,
      ...changing,
    });
  } else if (known.state === state) {
    context.state.outbound.repeated.add(id);
    return keepRecord(context, id);
  } else {
    const isOver = state === CAMPAIGN_STATE.terminated;
    const ended = isOver ? { ...changing, TERMINATED: seconds } : changing;
    update(context, 'GOS', 'GO_CAMPAIGN', record.row, ended);
  }
  campaignHistory(context, id, record, event);
  record.state = state;
  if (state === CAMPAIGN_STATE.terminated) forget(context, id);
  keepRecord(context, id);
}

function campaignHistory(
  context: IconContext,
  id: string,
  record: OpenRecord,
  event: Message,
): void {
  insert(context, 'GOS', 'GO_CAMPAIGNHISTORY', record.createdSeconds, {
    SESSID: id,
    STATE: numberOf(event, 'State'),
    PREVSTATE: event['PreviousState'] === undefined ? record.state : Number(event['PreviousState']),
    CAUSE: numberOf(event, 'Cause') || CAMPAIGN_CAUSE.recovered,
    SEQ: numberOf(event, 'Sequence'),
    ADDED: secondsOf(event),
  });
}

/** The Application object of the server that speaks. */
function ocsDbid({ state }: IconContext, event: Message): number {
  const server = textOf(event, 'Server');
  for (const { type, dbid, fields } of state.objects.values()) {
    if (type === 'application' && fields['name'] === server) return dbid;
  }
  return 0;
}

function onProperties(context: IconContext, event: Message): void {
  const id = textOf(event, 'SessionID');
  const record = context.state.outbound.records.get(id);
  const seconds = secondsOf(event);
  const mode = {
    DIALMODE: numberOf(event, 'DialMode'),
    OPTIMMODE: orNull(numberOf(event, 'OptimizationMode')),
    OPTIMVALUE: orNull(numberOf(event, 'OptimizationValue')),
  };
  insert(context, 'GOS', 'GO_CAMPPROP_HIST', record?.createdSeconds ?? seconds, {
    SESSID: id,
    SEQ: numberOf(event, 'Sequence'),
    ...mode,
    PREVDIALMODE: numberOf(event, 'PreviousDialMode'),
    PREVDMENTER: numberOf(event, 'PreviousSince'),
    PREVOPTIMMODE: mode.OPTIMMODE,
    PREVOPTIMVALUE: mode.OPTIMVALUE,
    ADDED: seconds,
  });
  if (record) {
    const more = { SEQ: numberOf(event, 'Sequence'), LASTCHANGE: seconds };
    update(context, 'GOS', 'GO_CAMPAIGN', record.row, { ...mode, ...more });
  }
}

function onChain(context: IconContext, event: Message): void {
  const id = textOf(event, 'ChainGUID');
  const state = numberOf(event, 'State');
  const seconds = secondsOf(event);
  const known = context.state.outbound.records.get(id);
  if (known && event['Snapshot'] === true) name(known);
  const record = known ?? openRecord(context, 'chain', id, seconds);
  const changing = {
    STATE: state,
    CALLRESULT: orNull(numberOf(event, 'CallResult')),
    RECORDHANDLE: numberOf(event, 'RecordHandle'),
    RECORDTYPE: numberOf(event, 'RecordType'),
    LASTCHANGE: seconds,
  };
  if (!known) {
    insertAt(context, 'GOS', 'GO_CHAIN', record.row, seconds, {
      CHAINGUID: id,
      SESSID: textOf(event, 'SessionID'),
      CAMPAIGNID: numberOf(event, 'CampaignID'),
      GROUPID: numberOf(event, 'GroupID'),
      CALLINGLISTID: numberOf(event, 'ListID'),
      CHAINID: numberOf(event, 'ChainID'),
      CREATED: seconds,
      ...changing,
    });
  } else if (event['Snapshot'] === true && known.state === state) {
    return keepRecord(context, id);
  } else {
    const ended = state === CHAIN_STATE.null ? { ...changing, TERMINATED: seconds } : changing;
    update(context, 'GOS', 'GO_CHAIN', record.row, ended);
  }
  chainHistory(context, id, record, event);
  record.state = state;
  if (state === CHAIN_STATE.null) forget(context, id);
  keepRecord(context, id);
}

function chainHistory(context: IconContext, id: string, record: OpenRecord, event: Message): void {
  insert(context, 'GOS', 'GO_CHAINREC_HIST', record.createdSeconds, {
    CHAINGUID: id,
    RECORDHANDLE: numberOf(event, 'RecordHandle'),
    STATE: numberOf(event, 'State'),
    PREVSTATE: event['PreviousState'] === undefined ? record.state : Number(event['PreviousState']),
    CALLATTID: orNull(textOf(event, 'CallAttemptID')),
    SEQ: numberOf(event, 'Sequence'),
    CAUSE: numberOf(event, 'Cause') || CHAIN_CAUSE.recovered,
    ADDED: secondsOf(event),
  });
}

/** Option icon_attribute of the Field object says whether, and in which table (recalled). */
function onField(context: IconContext, event: Message): void {
  const id = textOf(event, 'ChainGUID');
  const record = context.state.outbound.records.get(id);
  const fieldId = numberOf(event, 'FieldID');
  const field = context.state.objects.get(objectKey('field', fieldId));
  const attribute = field?.annex?.['default']?.['icon_attribute'];
  if (!record || (attribute !== '1' && attribute !== '2')) return;
  const isSecure = attribute === '2';
  const table = isSecure ? 'GO_SECURE_FIELDS' : 'GO_CUSTOM_FIELDS';
  const seconds = secondsOf(event);
  const handle = numberOf(event, 'RecordHandle');
  const key = `${handle} ${fieldId}`;
  const known = record.fields.get(key);
  const value = textOf(event, 'Value');
  const changing = {
    VALUE: value.slice(0, 4000),
    LASTCHAINUPDSEQ: numberOf(event, 'Sequence'),
    LASTCHANGED: seconds,
  };
  const named = { CHAINGUID: id, RECORDHANDLE: handle, FIELDID: fieldId };
  const before = event['OldValue'];
  insert(context, 'GOS', isSecure ? 'GO_SEC_FIELDHIST' : 'GO_FIELDHIST', record.createdSeconds, {
    ...named,
    OLDVALUE: before === undefined ? null : String(before).slice(0, 255),
    NEWVALUE: value.slice(0, 255),
    PREVENTER: known?.sinceSeconds ?? null,
    SEQ: numberOf(event, 'Sequence'),
    ADDED: seconds,
  });
  if (known) {
    update(context, 'GOS', table, known.row, changing);
    known.sinceSeconds = seconds;
  } else {
    const row = nextRow(context.state, table);
    insertAt(context, 'GOS', table, row, record.createdSeconds, {
      ...named,
      ...changing,
      LOADED: seconds,
    });
    record.fields.set(key, { table, row, sinceSeconds: seconds });
  }
  keepRecord(context, id);
}

function onCall(context: IconContext, event: Message): void {
  insert(context, 'GOS', 'GOX_CHAIN_CALL', secondsOf(event), {
    CALLID: textOf(event, 'CallUUID'),
    CHAINGUID: textOf(event, 'ChainGUID'),
    CALLATTID: textOf(event, 'CallAttemptID'),
    ADDED: secondsOf(event),
  });
}

function onRecord(context: IconContext, event: Message): void {
  insert(context, 'GOS', 'GO_RECORD', secondsOf(event), {
    CHAINGUID: textOf(event, 'ChainGUID'),
    RECORDHANDLE: numberOf(event, 'RecordHandle'),
    PHONE: textOf(event, 'Phone'),
    RECORDSTATUS: numberOf(event, 'RecordStatus'),
    CALLRESULT: numberOf(event, 'CallResult'),
    ATTEMPTS: numberOf(event, 'Attempts'),
    ADDED: secondsOf(event),
  });
}

/** What OCS tells again after a reconnection is a duplicate; an option keeps those too. */
function onMetric(context: IconContext, event: Message): void {
  const { outbound, options } = context.state;
  const session = textOf(event, 'SessionID');
  const chain = textOf(event, 'ChainGUID');
  const metric = numberOf(event, 'MetricID');
  const value = numberOf(event, 'Value');
  const isDuplicate = event['Snapshot'] === true && outbound.repeated.has(session);
  if (isDuplicate && !options.gosWriteDuplicateMetrics) return;
  insert(context, 'GOS', 'GO_METRICS', secondsOf(event), {
    SESSID: session,
    CHAINGUID: orNull(chain),
    CALLATTID: orNull(textOf(event, 'CallAttemptID')),
    METRICID: metric,
    VALUE: value,
    ADDED: secondsOf(event),
  });
}

function name(record: OpenRecord): void {
  record.isNamed = true;
  record.isFromBefore = false;
}

function forget(context: IconContext, id: string): void {
  context.state.outbound.records.delete(id);
}

/**
 * OCS has named all that it works on. What ended while only the connection was away ends now; what
 * ended while ICON was down stays open in IDB: stuck records (source).
 */
function endSnapshot(context: IconContext, event: Message): void {
  const seconds = secondsOf(event);
  context.state.outbound.repeated.clear();
  for (const [id, record] of [...context.state.outbound.records]) {
    if (record.isNamed) continue;
    if (!record.isFromBefore) endUnnamed(context, id, record, seconds);
    forget(context, id);
    keepRecord(context, id);
  }
}

function endUnnamed(
  context: IconContext,
  id: string,
  { kind, row, createdSeconds, state }: OpenRecord,
  seconds: number,
): void {
  const ended = { STATE: 0, TERMINATED: seconds, LASTCHANGE: seconds };
  const common = { STATE: 0, PREVSTATE: state, ADDED: seconds };
  if (kind === 'campaign') {
    update(context, 'GOS', 'GO_CAMPAIGN', row, ended);
    const cause = { CAUSE: CAMPAIGN_CAUSE.recovered };
    insert(context, 'GOS', 'GO_CAMPAIGNHISTORY', createdSeconds, {
      SESSID: id,
      ...common,
      ...cause,
    });
    return;
  }
  update(context, 'GOS', 'GO_CHAIN', row, ended);
  insert(context, 'GOS', 'GO_CHAINREC_HIST', createdSeconds, {
    CHAINGUID: id,
    RECORDHANDLE: 0,
    ...common,
    CAUSE: CHAIN_CAUSE.recovered,
  });
}
