import type {
  CallEvent,
  CallList,
  CallStory,
  CallStoryRow,
  CallSummary,
  PartySpan,
} from '../../contract/calls.ts';
import type { IconState } from '../../engine/icon/icon-state.ts';
import { PARTY_TYPE, wordFor } from '../../engine/idb/dictionary.ts';
import { idbTable } from '../../engine/idb/schema.ts';
import type { Message, SessionDelivery } from '../../engine/kernel/events.ts';
import { iconPlaces } from '../../engine/lab/icons.ts';
import type { CallTreatment } from '../../engine/telephony/messages.ts';
import { GSW } from '../../engine/telephony/outbound/outbound-messages.ts';
import { CALL_TYPE, TREATMENT } from '../../engine/telephony/t-library.ts';
import type { IdbDatabase, SelectedRow } from '../idb/idb-database.ts';
import type { RowCauses } from '../idb/row-causes.ts';
import type { RunningLab } from '../running-lab.ts';
import { type CallRow, type Cells, relatedCalls, rowsOfCalls } from './call-rows.ts';
import { sentenceFor } from './row-sentences.ts';

/** One call from end to end: messages, what its parties did, its rows and why they are there. */

/** Messages that are told; a call with more has been on for hours. */
const MAX_EVENTS = 2000;

/** Short names for the long ids of a story, given in the order in which they come. */
class Names {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  give(letter: string, value: unknown): void {
    if (typeof value !== 'string' || this.names.has(value)) return;
    const number = (this.counts.get(letter) ?? 0) + 1;
    this.counts.set(letter, number);
    this.names.set(value, `${letter}${number}`);
  }

  readonly of = (value: unknown): string => this.names.get(String(value)) ?? String(value);
}

/** As the IDB of a process has it; the first one without. */
export function callStory(
  running: RunningLab,
  uuid: string,
  database?: string,
): CallStory | undefined {
  const { idb, rowCauses } = running.idbIn(database);
  const calls = relatedCalls(idb, uuid);
  const rows = rowsOfCalls(idb, calls);
  if (!rows.some(({ table }) => table === 'G_CALL')) return undefined;
  const names = nameIds(calls, rows);
  return {
    uuid,
    calls: calls.map((one) => ({ uuid: one, name: names.of(one) })),
    ...eventsOf(running, calls, rows, names),
    parties: partySpans(rows, names),
    rows: rows.map((row) => tellRow(rowCauses, row, names)),
  };
}

function nameIds(calls: readonly string[], rows: readonly CallRow[]): Names {
  const names = new Names();
  for (const one of calls) names.give('C', one);
  for (const { table, cells } of rows) {
    names.give('I', cells['IRID']);
    if (table === 'G_PARTY') {
      names.give('P', cells['PARTYID']);
      names.give('G', cells['PARTYGUID']);
    }
    names.give('S', cells['LOGINSESSIONID']);
    names.give('Q', cells['VQID']);
    names.give('H', cells['CHAINGUID']);
    names.give('A', cells['CALLATTID']);
    names.give('O', cells['SESSID']);
  }
  return names;
}

function tellRow(rowCauses: RowCauses, row: CallRow, names: Names): CallStoryRow {
  const { table, row: id, cells } = row;
  const { number, columns } = idbTable(table);
  const causes = rowCauses.causesOf(number, id);
  return {
    table,
    row: id,
    sentence: sentenceFor(row, names.of),
    causes: causes.map(({ op, seq }) => ({ op, seq })),
    cells: columns
      .filter(({ name }) => isTold(name) && cells[name] !== null)
      .map(({ name, confidence }) => ({
        column: name,
        value: names.of(cells[name]),
        word: wordFor(table, name, cells[name]) ?? '',
        isInferred: confidence !== 'confirmed',
      })),
  };
}

/** A moment is told once, not as text, seconds and code. */
function isTold(column: string): boolean {
  return !/_TS$|_TCODE$/.test(column) && !/^GSYS_(SEQ|USEQ|PARTITION)$/.test(column);
}

function partySpans(rows: readonly CallRow[], names: Names): PartySpan[] {
  const history = rows.filter(({ table }) => table === 'G_PARTY_HISTORY');
  return rows
    .filter(({ table }) => table === 'G_PARTY')
    .map(({ row, cells }) => {
      const own = history.filter((one) => one.cells['PARTYID'] === cells['PARTYID']);
      return {
        party: names.of(cells['PARTYID']),
        call: names.of(cells['CALLID']),
        dn: String(cells['ENDPOINTDN']),
        role: wordFor('G_PARTY', 'PROLE', cells['PROLE']) ?? '',
        row,
        spans: own.map((one, at) => spanOf(one.row, one.cells, own[at + 1]?.cells)),
      };
    });
}

function spanOf(row: number, cells: Cells, next: Cells | undefined) {
  return {
    row,
    state: wordFor('G_PARTY_HISTORY', 'STATE', cells['STATE']) ?? '',
    fromSeconds: Number(cells['ADDED_TS']),
    untilSeconds: next ? Number(next['ADDED_TS']) : null,
  };
}

/** Messages about the calls, wherever they went; the journal keeps the newest ones whole. */
function eventsOf(
  { journal, lab }: RunningLab,
  calls: readonly string[],
  rows: readonly CallRow[],
  names: Names,
): Pick<CallStory, 'events' | 'eventsCutOff'> {
  const lines = rows.filter(({ table }) => table === 'G_CALL').map(({ cells }) => cells);
  const dialogs = new Set(lines.map((cells) => dialogOf(lab, cells)));
  const { epochSeconds } = lab.simulation.world;
  const outbound = rows.filter(({ table }) => table === 'GO_CHAIN').map(({ cells }) => cells);
  const chains = outbound.map((cells) => String(cells['CHAINGUID']));
  const begun = [...lines, ...outbound].map((cells) => Number(cells['CREATED_TS']));
  const fromSeconds = Math.min(...begun);
  const ends = lines.map((cells) => cells['TERMINATED_TS']);
  const untilSeconds = ends.includes(null)
    ? Number.POSITIVE_INFINITY
    : Math.max(...ends.map(Number));
  const latest = (untilSeconds - epochSeconds) * 1e6 + MARGIN_US;
  const earliest = (fromSeconds - epochSeconds) * 1e6 - MARGIN_US;
  const first = journal.firstAt(earliest);
  const events: CallEvent[] = [];
  let eventsCutOff = first === journal.firstPosition && first > 0;
  journal.forEachCallMessage(earliest, latest, (event) => {
    if (!event) {
      eventsCutOff = true;
      return true;
    }
    const { message, from } = event.data as SessionDelivery;
    const uuid = message['CallUUID'] ?? message['InteractionID'];
    const isOwn = typeof uuid === 'string' && calls.includes(uuid);
    const isRouting = ROUTING.has(message.type) && dialogs.has(dialogIn(message));
    const chain = chains.length > 0 ? chainOf(message) : '';
    const isOutbound = chains.includes(chain);
    if (!isOwn && !isRouting && !isOutbound) return true;
    const { seq, dueUs: atUs, target: to } = event;
    const dn = aboutOf(message);
    const call = isOwn ? names.of(uuid) : isOutbound ? names.of(chain) : '';
    const treatment = treatmentOf(message);
    events.push({ seq, atUs, from, to, type: message.type, dn, treatment, call });
    return events.length < MAX_EVENTS;
  });
  return { events, eventsCutOff };
}

/** Each switch numbers its calls by itself: only with its peripheral a number is one call. */
function dialogOf(lab: RunningLab['lab'], cells: Cells): string {
  const [{ process }] = iconPlaces(lab.definition);
  const { tServers } = lab.simulation.process(process).config as unknown as IconState['config'];
  const server = tServers.find(({ switchDbid }) => switchDbid === cells['SWITCHID']);
  const site = lab.definition.sites.find(({ tServer }) => tServer === server?.name);
  return `${site?.peripheral} ${cells['SWITCHCALLID']}`;
}

const dialogIn = (message: Message) => `${message['peripheral']} ${message['dialog']}`;

/** The chain that a message of OCS, or a call of a campaign, is about. */
function chainOf(message: Message): string {
  if (message['ChainGUID'] !== undefined) return String(message['ChainGUID']);
  const data = message['UserData'];
  return data instanceof Map ? String(data.get(GSW.chain) ?? '') : '';
}

/** DN, number, label or state that a message is about. */
function aboutOf(message: Message): string {
  const { type } = message;
  if (type === 'OutboundChain') return wordFor('GO_CHAIN', 'STATE', message['State']) ?? '';
  if (type === 'OutboundMetric') {
    return wordFor('GO_METRICS', 'METRICID', message['MetricID']) ?? '';
  }
  if (type === 'OutboundRecord') return String(message['Phone']);
  if (message['InteractionID'] !== undefined) {
    const { Place, Strategy, Queue, Workbin } = message;
    return String(Strategy ?? Queue ?? Workbin ?? Place ?? '');
  }
  return String(message['ThisDN'] ?? message['dialedNumber'] ?? message['label'] ?? '');
}

const TREATMENT_WORDS: ReadonlyMap<unknown, string> = new Map([
  [TREATMENT.music, 'music'],
  [TREATMENT.announcement, 'announcement'],
  [TREATMENT.collectDigits, 'collect digits'],
]);

function treatmentOf(message: Message): string {
  const { TreatmentType, CollectedDigits, treatment, digits } = message;
  const asked = treatment as CallTreatment | undefined;
  if (asked) return asked.digits > 0 ? `collect ${asked.digits} for ${asked.seconds}s` : 'play';
  const word = TREATMENT_WORDS.get(TreatmentType) ?? '';
  const entered = String(CollectedDigits ?? digits ?? '');
  return entered === '' ? word : `${word} ${entered}`.trim();
}

/** Between the peripheral gateway and the router. */
const ROUTING = new Set(['route request', 'route label', 'treatment ended']);
/** Times in IDB are whole seconds. */
const MARGIN_US = 2_000_000;

/** `inbound`, and the medium where it is not voice: `inbound email`. */
function typeOfCall(cells: Cells): string {
  const type = wordFor('G_CALL', 'CALLTYPE', cells['CALLTYPE']) ?? '';
  const media = Number(cells['MEDIATYPE'] ?? 0);
  return media === 0 ? type : `${type} ${wordFor('G_CALL', 'MEDIATYPE', media) ?? ''}`.trim();
}

type Question = {
  readonly text: string;
  readonly limit: number;
  readonly database?: string | undefined;
};

/** Calls by when they began, newest first; `text` is part of a number or of the CallUUID. */
export function listCalls(running: RunningLab, { text, limit, database }: Question): CallList {
  const { idb } = running.idbIn(database);
  const rows = idb.newestCalls(text, limit);
  const called = calledOutside(idb, rows);
  const objects = configuration(running.lab);
  const calls = rows.map(({ row, cells }): CallSummary => {
    const home = objects?.get(`switch:${cells['SWITCHID']}`);
    return {
      uuid: String(cells['CALLID']),
      row,
      type: typeOfCall(cells),
      ani: String(cells['CALLANI'] ?? ''),
      dnis: String(cells['CALLDNIS'] ?? called.get(String(cells['CALLID'])) ?? ''),
      switchName: String(home?.fields['name'] ?? ''),
      createdSeconds: Number(cells['CREATED_TS']),
      terminatedSeconds: cells['TERMINATED_TS'] === null ? null : Number(cells['TERMINATED_TS']),
      parent: String(cells['PARENTCALLID'] ?? ''),
    };
  });
  return { calls, total: idb.count('G_CALL') };
}

/** Calls to numbers outside have no DNIS: the party outside is who was called. */
function calledOutside(idb: IdbDatabase, rows: readonly SelectedRow[]): Map<string, string> {
  const uuids = rows
    .filter(({ cells }) => cells['CALLTYPE'] === CALL_TYPE.outbound && cells['CALLDNIS'] === null)
    .map(({ cells }) => String(cells['CALLID']));
  if (uuids.length === 0) return new Map();
  return new Map(
    idb
      .select('G_PARTY', 'CALLID', uuids)
      .filter(({ cells }) => cells['TYPE'] === PARTY_TYPE.external)
      .map(({ cells }) => [String(cells['CALLID']), String(cells['ENDPOINTDN'])] as const),
  );
}

/** Names of switches, as the Configuration Server has them, or else an ICON. */
function configuration(lab: RunningLab['lab']) {
  const server = lab.stateOf<Pick<IconState, 'objects'>>('confserv');
  if (server) return server.objects;
  const icons = iconPlaces(lab.definition).map(({ process }) => lab.stateOf<IconState>(process));
  return icons.find((icon) => icon !== undefined)?.objects;
}
