import { LADDER_CLIENTS, type LadderClient, type LadderRow } from '../../contract/ladder.ts';
import { MAX_TRANSFERS, type TransferStep, type TransferStory } from '../../contract/transfers.ts';
import { explain } from './explain.ts';
import type { JournalStore } from './journal-store.ts';
import type { LadderIndex } from './ladder-index.ts';

const GATEWAY = /^(pg\d+): (.*)$/;
const EXCHANGE = ['init', 'initialize', 'desired', 'records', 'end', 'session'] as const;
/** More rows of exchanges than these transfers can have. */
const MAX_ROWS = 40 * MAX_TRANSFERS;
/** A transfer whose last message is older than this and has no end was given up. */
const STALLED_US = 30_000_000;
/** How long a receiver looks at what it has got, at most. */
const FAILS_WITHIN_US = 1_000_000;

/** The newest transfers of all clients, newest first, without what is said in between. */
export function transferStories(
  ladder: LadderIndex,
  journal: JournalStore,
  nowUs: number,
): TransferStory[] {
  const exchanges = LADDER_CLIENTS.flatMap((client) => exchangesOfClient(client, ladder));
  const newest = exchanges.sort((one, other) => other.rows[0].atUs - one.rows[0].atUs);
  return newest.slice(0, MAX_TRANSFERS).map((exchange) => tell(exchange, journal, nowUs));
}

type Exchange = {
  readonly client: LadderClient;
  readonly gateway: string;
  readonly rows: readonly LadderRow[];
};

function exchangesOfClient(client: LadderClient, ladder: LadderIndex): Exchange[] {
  const gateways = new Map<string, LadderRow[]>();
  for (const row of ladder.newest(client, EXCHANGE, MAX_ROWS)) {
    const [, gateway = '', label = row.label] = GATEWAY.exec(row.label) ?? [];
    const rows = gateways.get(gateway) ?? [];
    rows.push({ ...row, label });
    gateways.set(gateway, rows);
  }
  return [...gateways].flatMap(([gateway, all]) =>
    exchangesOf(all).map((rows) => ({ client, gateway, rows })),
  );
}

/** Each initialization request with what belongs to it. */
function exchangesOf(rows: readonly LadderRow[]): LadderRow[][] {
  const exchanges: LadderRow[][] = [];
  let before: LadderRow[] = [];
  for (const row of rows) {
    const open = exchanges.at(-1);
    if (row.kind === 'init') {
      // The side that asks has told its own client just before.
      exchanges.push([...before.filter(({ kind }) => kind === 'initialize'), row]);
      before = [];
    } else if (row.kind === 'initialize' && (!open || hasRole(open, row))) before = [row];
    else open?.push(row);
  }
  return exchanges;
}

/** A second word to the same client begins something new. */
function hasRole(exchange: readonly LadderRow[], { to }: LadderRow): boolean {
  return exchange.some((row) => row.kind === 'initialize' && row.to === to);
}

function tell(
  { client, gateway, rows: exchange }: Exchange,
  journal: JournalStore,
  nowUs: number,
): TransferStory {
  const init = exchange.find(({ kind }) => kind === 'init')!;
  const ended = exchange.findIndex(({ kind, to }) => kind === 'end' && (to === 0 || to === 3));
  const broken = exchange.findIndex(
    ({ kind, label, index }) =>
      index > init.index && kind === 'session' && label.startsWith('session closed'),
  );
  const isBroken = broken >= 0 && (ended < 0 || broken < ended);
  const last = isBroken ? broken : ended;
  const rows = last < 0 ? exchange : exchange.slice(0, last + 1);
  const told = rows.filter(({ kind, label }) => kind !== 'session' || label.includes('closed'));
  const senderRow = told.find(({ label }) => label === 'initialize (sender)');
  const toUs = Math.max(...told.map(({ atUs }) => atUs));
  const isStalled = ended < 0 && nowUs - toUs > STALLED_US;
  const failure = failureOf(rows, toUs, journal);
  const delivered = told.filter(({ kind, to }) => kind === 'records' && (to === 0 || to === 3));
  return {
    client,
    gateway,
    seq: init.seq,
    fromUs: told[0].atUs,
    toUs: failure?.atUs ?? toUs,
    sender: senderRow ? (senderRow.to === 0 ? 'A' : 'B') : null,
    outcome: isBroken || isStalled || failure ? 'broken off' : ended < 0 ? 'under way' : 'complete',
    sizeBytes: delivered.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    steps: [
      ...causeOf(told[0], journal),
      ...told.map((row) => stepOf(client, row)),
      ...(failure ? [failure] : []),
    ],
  };
}

/** What the receiver says of state that it cannot use; all of it may have arrived. */
function failureOf(
  rows: readonly LadderRow[],
  toUs: number,
  journal: JournalStore,
): TransferStep | undefined {
  const received = rows.find(({ kind, to }) => kind === 'records' && (to === 0 || to === 3));
  const receiver = received && journal.bySeq(received.seq)?.target;
  if (!received || receiver === undefined) return undefined;
  for (const line of journal.logLinesFrom(received.sentUs)) {
    if (line.atUs > toUs + FAILS_WITHIN_US) return undefined;
    if (line.process !== receiver || !line.text.startsWith('State transfer failed')) continue;
    const { atUs, cause: seq, process, text } = line;
    return { seq, atUs, durationUs: 0, text: `${process}: ${text}` };
  }
  return undefined;
}

/** What has been found out once stays so while the journal is the same; chains can be long. */
const knownCauses = new WeakMap<JournalStore, Map<number, TransferStep[]>>();

function causeOf({ seq }: LadderRow, journal: JournalStore): TransferStep[] {
  const known = knownCauses.get(journal) ?? new Map<number, TransferStep[]>();
  knownCauses.set(journal, known);
  const cause = known.get(seq) ?? findCause(seq, journal);
  known.set(seq, cause);
  return cause;
}

/** What began it: the oldest event that the chain of causes leads to. */
function findCause(seq: number, journal: JournalStore): TransferStep[] {
  const { chain, origin } = explain(journal, seq);
  const enabled = chain.find(({ isMeanwhile }) => isMeanwhile);
  const first = enabled ?? origin.at(-1) ?? chain.at(-1);
  if (!first || first.seq === seq) return [];
  const { atUs, process, title } = first;
  const where = process === '' ? '' : ` at ${process}`;
  const how = enabled ? 'It became possible by' : 'It began with';
  return [{ seq: first.seq, atUs, durationUs: 0, text: `${how}: ${title}${where}.` }];
}

function stepOf(client: LadderClient, row: LadderRow): TransferStep {
  const durationUs = row.kind === 'records' ? row.atUs - row.sentUs : 0;
  return { seq: row.seq, atUs: row.atUs, durationUs, text: `${sentenceOf(client, row)}.` };
}

function sentenceOf(client: LadderClient, row: LadderRow): string {
  const names = [`${client} A`, 'MDS A', 'MDS B', `${client} B`];
  const [from, to] = [names[row.from], names[row.to]];
  switch (row.kind) {
    case 'init':
      return `${from} sends the initialization request to ${to}`;
    case 'initialize':
      return `${from} tells ${to} to initialize, as ${row.label.replace(/.*\((.*)\)/, '$1')}`;
    case 'desired':
      return `“state transfer desired” goes from ${from} to ${to}`;
    case 'records': {
      const bytes = row.sizeBytes.toLocaleString('en-US');
      const records = row.count === 1 ? '1 state record' : `${row.count} state records`;
      return `${records}, ${bytes} bytes, from ${from} to ${to}`;
    }
    case 'end':
      return `${from} tells ${to} that this was all`;
    default:
      return `the session between ${from} and ${to} is ${row.label.replace('session ', '')}`;
  }
}
