import { wordFor } from '../../engine/idb/dictionary.ts';
import type { CallRow, Cells } from './call-rows.ts';

/** Why each row of a call is there, in a sentence. */

type Teller = (cells: Cells, name: (value: unknown) => string) => string;

const word = (table: string, column: string, cells: Cells) =>
  wordFor(table, column, cells[column]) ?? String(cells[column]);

/** The event that a row of a party came from, as far as there was one at its DN. */
function eventOf(cells: Cells): string {
  const event = wordFor('G_PARTY', 'CCEVENT', cells['CCEVENT']);
  return event ? ` (${event})` : '';
}

/** Campaigns, chains and records of calling lists. */
const OUTBOUND_TELLERS: Readonly<Record<string, Teller>> = {
  GO_CAMPAIGN: (cells, name) => {
    const mode = word('GO_CAMPAIGN', 'DIALMODE', cells);
    const state = word('GO_CAMPAIGN', 'STATE', cells);
    return `session ${name(cells['SESSID'])} of the campaign: ${state}, ${mode}`;
  },
  GO_CAMPAIGNHISTORY: (cells) => {
    const before = word('GO_CAMPAIGNHISTORY', 'PREVSTATE', cells);
    return `the session goes from ${before} to ${word('GO_CAMPAIGNHISTORY', 'STATE', cells)}`;
  },
  GO_CAMPPROP_HIST: (cells) => {
    const before = word('GO_CAMPPROP_HIST', 'PREVDIALMODE', cells);
    const mode = word('GO_CAMPPROP_HIST', 'DIALMODE', cells);
    return `the dialing mode goes from ${before} to ${mode}`;
  },
  GO_CHAIN: (cells, name) => {
    const result = cells['CALLRESULT'];
    const told = result === null ? '' : `, ${word('GO_CHAIN', 'CALLRESULT', cells)}`;
    const state = cells['TERMINATED'] === null ? word('GO_CHAIN', 'STATE', cells) : 'ended';
    return `chain ${name(cells['CHAINGUID'])} of contact ${cells['CHAINID']}: ${state}${told}`;
  },
  GO_CHAINREC_HIST: (cells, name) => {
    const before = word('GO_CHAINREC_HIST', 'PREVSTATE', cells);
    const state = word('GO_CHAINREC_HIST', 'STATE', cells);
    const cause = word('GO_CHAINREC_HIST', 'CAUSE', cells);
    return `${name(cells['CHAINGUID'])} goes from ${before} to ${state} (${cause})`;
  },
  GO_RECORD: (cells) => `${cells['PHONE']} was called: ${word('GO_RECORD', 'CALLRESULT', cells)}`,
  GO_CUSTOM_FIELDS: () => 'the value that a field of the record has now',
  GO_SECURE_FIELDS: () => 'the value that a protected field of the record has now',
  GO_FIELDHIST: fieldSentence,
  GO_SEC_FIELDHIST: fieldSentence,
  GOX_CHAIN_CALL: (cells, name) => {
    const attempt = `attempt ${name(cells['CALLATTID'])} of ${name(cells['CHAINGUID'])}`;
    return `${name(cells['CALLID'])} is ${attempt}`;
  },
  GO_METRICS: (cells) => `OCS counts: ${word('GO_METRICS', 'METRICID', cells)}`,
};

function fieldSentence(cells: Cells): string {
  if (cells['OLDVALUE'] === null) return 'a field of the record, as it was loaded';
  return `a field of the record: ${cells['OLDVALUE']} becomes ${cells['NEWVALUE']}`;
}

const TELLERS: Readonly<Record<string, Teller>> = {
  G_IR: (cells, name) => {
    const parent = cells['PARENTIRID'];
    const joined = parent ? `, joined to ${name(parent)} by a merge` : '';
    const low = cells['GSYS_EXT_VCH2'] ? '; its data is of low reliability' : '';
    return `the interaction that begins with ${name(cells['ROOTCALLID'])}${joined}${low}`;
  },
  G_IR_ACTIVE: () => 'the interaction goes on: the row is deleted when it ends',
  G_IR_HISTORY: (cells, name) =>
    `${name(cells['IRID'])} is ${word('G_IR_HISTORY', 'CHANGETYPE', cells)}`,
  G_CALL: (cells, name) => {
    const type = word('G_CALL', 'CALLTYPE', cells);
    const media = cells['MEDIATYPE'] ? ` (${word('G_CALL', 'MEDIATYPE', cells)})` : '';
    const parent = cells['PARENTCALLID'] ? `, made during ${name(cells['PARENTCALLID'])}` : '';
    const merged = cells['MERGECALLID'] ? `, merged into ${name(cells['MERGECALLID'])}` : '';
    const state = cells['TERMINATED'] === null ? ', not ended' : '';
    return `the ${type} call ${name(cells['CALLID'])}${media}${parent}${merged}${state}`;
  },
  G_CALL_ACTIVE: () => 'the call goes on: the row is deleted when it ends',
  G_CALL_HISTORY: (cells, name) => {
    const into = cells['REFID'] ? `; its parties are in ${name(cells['REFID'])}` : '';
    return `${name(cells['CALLID'])} is ${word('G_CALL_HISTORY', 'CHANGETYPE', cells)}${into}`;
  },
  G_CALL_STAT: (cells, name) =>
    `totals of ${name(cells['CALLID'])}: ${cells['F_CONN'] === 1 ? 'answered' : 'not answered'}`,
  G_PARTY: (cells, name) => {
    const role = word('G_PARTY', 'PROLE', cells);
    const parent = cells['PARENTPARTYID'];
    const link = word('G_PARTY', 'PARENTLINKTYPE', cells);
    const from = parent ? `, ${link} from ${name(parent)}` : '';
    const agent = cells['AGENTID'] ? ', with an agent' : '';
    return `${name(cells['ENDPOINTDN'])} is in the call as ${role}${agent}${from}`;
  },
  G_PARTY_HISTORY: (cells, name) => {
    const change = word('G_PARTY_HISTORY', 'CHANGETYPE', cells);
    const state = word('G_PARTY_HISTORY', 'STATE', cells);
    const before = word('G_PARTY_HISTORY', 'PREVSTATE', cells);
    const who = name(cells['PARTYID']);
    if (change === 'created') return `${who} comes in, ${state}${eventOf(cells)}`;
    if (change === 'terminated') return `${who} leaves, was ${before}${eventOf(cells)}`;
    return `${who} goes from ${before} to ${state}${eventOf(cells)}`;
  },
  G_PARTY_STAT: (cells, name) => `seconds that ${name(cells['PARTYID'])} spent in each state`,
  G_IS_LINK: (cells) =>
    `the call is linked with one at ${cells['REMOTELOCATION']}: this side is the ` +
    `${word('G_IS_LINK', 'ISLINKTYPE', cells)}`,
  G_IS_LINK_HISTORY: () => 'the link is made',
  G_ROUTE_RESULT: (cells) => {
    const result = word('G_ROUTE_RESULT', 'RESULT', cells);
    const target = cells['RTARGETOBJECTSELECTED'];
    return `the call left its routing point: ${result}${target ? ` to ${target}` : ''}`;
  },
  G_VIRTUAL_QUEUE: (cells) => {
    const cause = cells['CAUSE'] === null ? 'waits' : word('G_VIRTUAL_QUEUE', 'CAUSE', cells);
    const target = cells['TARGETDN'] ? `, for ${cells['TARGETDN']}` : '';
    return `its stay in virtual queue ${cells['ENDPOINTDN']}: ${cause}${target}`;
  },
  G_ROUTE_RES_VQ_HIST: (cells) =>
    `what the router made of the virtual queue: ${word('G_ROUTE_RES_VQ_HIST', 'RESULT', cells)}`,
  G_USERDATA_HISTORY: dataSentence,
  G_SECURE_USERDATA_HISTORY: dataSentence,
  G_CALL_USERDATA: () => 'last values of the keys that have a column of their own',
  G_CALL_USERDATA_CUST: customSentence,
  G_CALL_USERDATA_CUST1: customSentence,
  G_CALL_USERDATA_CUST2: customSentence,
  G_CUSTOM_DATA_S: (cells) => `a desktop tells ${cells['KEYNAME']} (party instance)`,
  G_CUSTOM_DATA_P: (cells) => `a desktop tells ${cells['KEYNAME']} (party association)`,
  G_CUSTOM_STATES: (cells) =>
    `custom state ${cells['STATE']} was ${cells['VALUE']} for ${cells['DURATION']} s`,
  G_AGENT_STATE_HISTORY: (cells) => {
    const type = word('G_AGENT_STATE_HISTORY', 'TYPE', cells);
    const state = word('G_AGENT_STATE_HISTORY', 'STATE', cells);
    const before = word('G_AGENT_STATE_HISTORY', 'PREVSTATE', cells);
    const mode = cells['WORKMODE'] ? `, ${word('G_AGENT_STATE_HISTORY', 'WORKMODE', cells)}` : '';
    const pending =
      cells['PENDINGSTATE'] === null
        ? ''
        : `, then ${word('G_AGENT_STATE_HISTORY', 'PENDINGSTATE', cells)}`;
    return `the agent goes from ${before} to ${state}${mode}${pending} (${type})`;
  },
  GM_F_USERDATA: () => 'properties of the interaction at its beginning',
  GM_L_USERDATA: () => 'properties of the interaction at its end',
  ...OUTBOUND_TELLERS,
};

function customSentence(): string {
  return 'last values of the keys that option custom-keys names';
}

function dataSentence(cells: Cells, name: (value: unknown) => string): string {
  const change = word('G_USERDATA_HISTORY', 'CHANGETYPE', cells);
  const who = cells['PARTYID'] ? ` by ${name(cells['PARTYID'])}` : '';
  return `user data ${cells['KEYNAME']} is ${change}${who}`;
}

export function sentenceFor(row: CallRow, name: (value: unknown) => string): string {
  const teller = TELLERS[row.table];
  if (!teller) throw new Error(`nobody tells of ${row.table}`);
  return teller(row.cells, name);
}
