import {
  EXCHANGE_KINDS,
  LADDER_CLIENTS,
  type LadderClient,
  type LadderCounts,
  type LadderFilter,
  type LadderKind,
  type LadderPage,
  type LadderRow,
  type Lane,
} from '../../contract/ladder.ts';
import { type Place, placeOf } from '../../contract/ladder-places.ts';
import type { Delivery, LabEvent, Message, SessionDelivery } from '../../engine/kernel/events.ts';
import type { SessionState } from '../../engine/kernel/session-state.ts';
import { FilteredRows } from './ladder-filter.ts';

const CC_CLIENTS: readonly LadderClient[] = ['rtr', 'clgr', 'hlgr', 'cic'];

/** Client and left lane of what is between two neighbours. */
function hopOf(from: Place, to: Place): { client: LadderClient | 'all'; hop: number } {
  const client = from.client === 'all' ? to.client : from.client;
  const isGateway = from.gateway !== '';
  return { client: isGateway ? 'opc' : client, hop: Math.min(from.lane, to.lane) };
}

const foldKey = ({
  client,
  from,
  label,
  to,
}: Pick<LadderRow, 'client' | 'from' | 'label' | 'to'>) =>
  `heartbeat ${client} ${label} ${from} ${to}`;

/** Older rows go beyond this many. */
const MAX_ROWS = 200_000;
/** This part of them at once; exchanges stay until they are that part. */
const GOES = 0.25;
const STAYS = 0.1;

type MutableRow = { -readonly [K in keyof LadderRow]: LadderRow[K] };

/** The messages between the lanes of Figure 1, kept as they happen. */
export class LadderIndex {
  private readonly rows: MutableRow[] = [];
  private dropped = 0;

  constructor(private readonly maxRows = MAX_ROWS) {}

  /** Last row of each hop that further records are folded into. */
  private readonly open = new Map<string, MutableRow>();

  get total(): number {
    return this.dropped + this.rows.length;
  }

  /** Rows ever shown to each client's ladder: of the exchange, and all. */
  readonly counts: LadderCounts = Object.fromEntries(
    LADDER_CLIENTS.map((client) => [client, { exchange: 0, all: 0 }]),
  ) as LadderCounts;
  private readonly places = new Map<string, Place | undefined>();

  /** Sessions between lanes that are open, and how many there are of each client and hop. */
  private readonly sessions = new Map<number, { client: LadderClient | 'all'; hop: number }>();
  private all: ReadonlyMap<number, SessionState> | undefined;
  private readonly filtered = new FilteredRows();
  /** Apart from those that windows use: there is one for each client. */
  private readonly exchanges = new FilteredRows();

  /** Takes over the rows that a later index collected. */
  absorb(later: LadderIndex): void {
    const taken = new Map<MutableRow, MutableRow>();
    for (const row of later.rows) taken.set(row, this.take(row));
    this.open.clear();
    for (const [key, row] of later.open) this.open.set(key, taken.get(row)!);
    this.all = later.all;
    this.sessions.clear();
    for (const [id, session] of later.sessions) this.sessions.set(id, session);
  }

  /** A row of a later index: rounds of heartbeats go on where this index has left them. */
  private take(row: MutableRow): MutableRow {
    if (row.kind === 'session' || EXCHANGE_KINDS.includes(row.kind)) this.closeFolds();
    const fold = row.kind === 'heartbeat' ? this.open.get(foldKey(row)) : undefined;
    if (fold) {
      fold.count += row.count;
      fold.sizeBytes += row.sizeBytes;
      fold.atUs = row.atUs;
      return fold;
    }
    const own = { ...row, index: this.total };
    this.add(own);
    if (row.kind === 'heartbeat') this.open.set(foldKey(row), own);
    return own;
  }

  /** The sessions of the lab: where both ends die, no event says that one is over. */
  attach(all: ReadonlyMap<number, SessionState>): void {
    this.all = all;
    for (const { ends, id } of all.values()) {
      const [from, to] = ends.map(({ process }) => this.place(process));
      if (from && to && this.isOpen(id)) this.sessions.set(id, hopOf(from, to));
    }
  }

  private isOpen(session: number): boolean {
    return this.all?.get(session)?.ends.some((end) => end.open) ?? false;
  }

  onEvent(event: LabEvent): void {
    if (event.kind === 'sessionMessage') this.onMessage(event);
    else if (event.kind === 'datagram') this.onDatagram(event);
    else if (event.kind === 'sessionAccepted') this.onAccepted(event);
    else if (event.kind === 'sessionClosed') this.onClosed(event);
  }

  /** Heartbeats of a direction are one row until something else is exchanged. */
  private onDatagram(event: LabEvent): void {
    const delivery = event.data as Delivery;
    if (delivery.message.type !== 'heartbeat') return;
    const from = this.place(delivery.from);
    const to = from && this.place(event.target);
    if (!from || !to) return;
    const client = from.gateway ? 'opc' : 'all';
    const label = from.gateway ? `${from.gateway}: heartbeat` : 'heartbeat';
    const key = foldKey({ client, label, from: from.lane, to: to.lane });
    const last = this.open.get(key);
    if (last) {
      last.count++;
      last.sizeBytes += delivery.sizeBytes;
      last.atUs = event.dueUs;
      return;
    }
    const { sentUs, sizeBytes } = delivery;
    const times = { sentUs, atUs: event.dueUs, sizeBytes };
    const row = this.addRow(event.seq, client, from, to, { kind: 'heartbeat', label, ...times });
    this.open.set(key, row);
  }

  private onAccepted(event: LabEvent): void {
    const { peer, port, session } = event.data as { peer: string; port: number; session: number };
    const from = this.place(peer);
    const to = from && this.place(event.target);
    if (!from || !to) return;
    const hop = hopOf(from, to);
    this.sessions.set(session, hop);
    this.closeFolds();
    const times = { sentUs: event.dueUs, atUs: event.dueUs, sizeBytes: 0 };
    const label = `${from.gateway ? `${from.gateway}: ` : ''}session opened, port ${port}`;
    this.addRow(event.seq, hop.client, from, to, { kind: 'session', label, ...times });
  }

  private onClosed(event: LabEvent): void {
    const closed = event.data as { reason: string; session: number; connecting?: boolean };
    // The end of the time to connect comes also when the session is open.
    if (closed.connecting) return;
    const { reason, session } = closed;
    const hop = this.sessions.get(session);
    const at = hop && this.place(event.target);
    if (!hop || !at) return;
    this.sessions.delete(session);
    this.closeFolds();
    const other = { ...at, lane: (at.lane === hop.hop ? hop.hop + 1 : hop.hop) as Lane };
    const times = { sentUs: event.dueUs, atUs: event.dueUs, sizeBytes: 0 };
    const label = `${at.gateway ? `${at.gateway}: ` : ''}session closed: ${reason}`;
    this.addRow(event.seq, hop.client, other, at, { kind: 'session', label, ...times });
  }

  /** What comes now is not of the rounds before. */
  private closeFolds(): void {
    for (const key of this.open.keys()) if (key.startsWith('heartbeat ')) this.open.delete(key);
  }

  private onMessage(event: LabEvent): void {
    const delivery = event.data as SessionDelivery;
    const from = this.place(delivery.from);
    const to = from && this.place(event.target);
    if (!from || !to) return;
    const { message } = delivery;
    if (message.type === 'transfer credit' || message.type === 'attach') return;
    const { gateway } = from;
    const client = gateway
      ? 'opc'
      : clientOf(from.client === 'all' ? to.client : from.client, message, delivery);
    const { kind, label: plain } = describe(message);
    const label = gateway ? `${gateway}: ${plain}` : plain;
    const hop = `${client} ${from.lane} ${to.lane} ${delivery.session}`;
    const last = kind === 'records' ? this.open.get(hop) : undefined;
    if (last) {
      last.count++;
      last.sizeBytes += recordBytes(message);
      last.atUs = event.dueUs;
      return;
    }
    const sizeBytes = kind === 'records' ? recordBytes(message) : delivery.sizeBytes;
    const times = { sentUs: delivery.sentUs, atUs: event.dueUs, sizeBytes };
    if (EXCHANGE_KINDS.includes(kind)) this.closeFolds();
    const row = this.addRow(event.seq, client, from, to, { kind, label, ...times });
    if (kind === 'records') this.open.set(hop, row);
    else if (kind === 'init') this.open.clear();
  }

  private addRow(
    seq: number,
    client: LadderClient | 'all',
    from: Place,
    to: Place,
    more: Pick<LadderRow, 'kind' | 'label' | 'sentUs' | 'atUs' | 'sizeBytes'>,
  ): MutableRow {
    const row: MutableRow = {
      index: this.total,
      seq,
      client,
      from: from.lane,
      to: to.lane,
      ...more,
      count: 1,
      sessions: this.sessionsOf(client),
    };
    this.add(row);
    return row;
  }

  /** One bit for each pair of neighbours that has a session, as this client sees it. */
  private sessionsOf(client: LadderClient | 'all'): number {
    let bits = 0;
    for (const [id, session] of this.sessions) {
      if (!this.isOpen(id)) {
        this.sessions.delete(id);
        continue;
      }
      const isSeen = session.client === client || session.hop === 1 || client === 'all';
      if (isSeen && (session.client === 'opc') === (client === 'opc')) bits |= 1 << session.hop;
    }
    return bits;
  }

  /** Rows that a filter lets through, from a place among them; without one the newest. */
  page(filter: LadderFilter, from: number | null, limit: number): LadderPage {
    const found = this.filtered.of(filter, this.rows, this.dropped);
    const first = Math.max(0, from ?? found.length - limit);
    const rows = found.slice(first, first + limit).map((index) => this.rows[index - this.dropped]);
    return { rows, first, total: found.length };
  }

  /** The newest rows of these kinds, oldest first. */
  newest(client: LadderClient, kinds: readonly LadderKind[], limit: number): LadderRow[] {
    const filter = { client, kinds, link: 'all', text: '' } as const;
    const found = this.exchanges.of(filter, this.rows, this.dropped);
    return found.slice(-limit).map((index) => this.rows[index - this.dropped]);
  }

  /** All rows that a filter lets through. */
  rowsOf(filter: LadderFilter): readonly LadderRow[] {
    const found = this.filtered.of(filter, this.rows, this.dropped);
    return found.map((index) => this.rows[index - this.dropped]);
  }

  private place(process: string): Place | undefined {
    if (!this.places.has(process)) this.places.set(process, placeOf(process));
    return this.places.get(process);
  }

  private add(row: MutableRow): void {
    this.rows.push(row);
    for (const client of row.client === 'all' ? CC_CLIENTS : [row.client]) {
      this.counts[client].all++;
      if (EXCHANGE_KINDS.includes(row.kind)) this.counts[client].exchange++;
    }
    if (this.rows.length > this.maxRows) this.thin();
  }

  /** The exchanges of Figure 1 outlive the traffic of their time. */
  private thin(): void {
    const old = this.rows.splice(0, Math.ceil(this.maxRows * GOES));
    const exchanges = old.filter(({ kind }) => EXCHANGE_KINDS.includes(kind));
    const kept = exchanges.slice(-Math.floor(this.maxRows * STAYS));
    this.dropped += old.length - kept.length;
    for (const [at, row] of kept.entries()) row.index = this.dropped + at;
    this.rows.unshift(...kept);
    this.filtered.forget();
    this.exchanges.forget();
  }

  /** The newest rows of a client, or those before an index; oldest first. */
  window(
    client: LadderClient,
    before: number | null,
    limit: number,
    exchangeOnly: boolean,
  ): LadderRow[] {
    const found: LadderRow[] = [];
    const end = before === null ? this.rows.length : before - this.dropped;
    for (let at = Math.min(end, this.rows.length) - 1; at >= 0 && found.length < limit; at--) {
      const row = this.rows[at];
      if (row.client !== client && (row.client !== 'all' || client === 'opc')) continue;
      if (!exchangeOnly || EXCHANGE_KINDS.includes(row.kind)) found.push(row);
    }
    return found.reverse();
  }
}

type Inner = { client?: string; role?: string; to?: string; message?: Message; input?: Inner };

function clientOf(
  lane: LadderClient | 'all',
  message: Message,
  delivery: SessionDelivery,
): LadderClient | 'all' {
  if (lane !== 'all') return lane;
  const inner = message as unknown as Inner;
  const named = inner.client ?? inner.input?.message?.['client'] ?? inner.input?.to;
  const client = LADDER_CLIENTS.find((name) => name === named);
  if (client) return client;
  // Records carry no client: their section does.
  if (message.type === 'state records' || message.type === 'state end') {
    const heads = message['sections'] as readonly { name: string }[] | undefined;
    return CLIENT_OF_SECTION[String(message['section'] ?? heads?.[0]?.name)] ?? 'rtr';
  }
  return delivery.message.type === 'state check' ? 'rtr' : 'all';
}

/** Every other section is one of the router's tables. */
const CLIENT_OF_SECTION: Readonly<Record<string, LadderClient>> = {
  configuration: 'clgr',
  'recovery key': 'hlgr',
  dialogs: 'cic',
};

function recordBytes(message: Message): number {
  return (message['bytes'] as Uint8Array).length;
}

function describe(message: Message): { kind: LadderKind; label: string } {
  const inner = message as unknown as Inner;
  switch (message.type) {
    case 'initialization request':
      return { kind: 'init', label: 'initialization request' };
    case 'initialize':
      return { kind: 'initialize', label: `initialize (${inner.role})` };
    case 'state records':
      return { kind: 'records', label: 'state records' };
    case 'state end':
      return { kind: 'end', label: 'state end' };
    case 'input':
    case 'forward':
    case 'order':
    case 'ordered': {
      const what = inner.input?.message?.type ?? '';
      if (what === 'state transfer desired') return { kind: 'desired', label: what };
      return { kind: 'ordered', label: `${message.type}: ${what}` };
    }
    default:
      return { kind: 'other', label: message.type };
  }
}
