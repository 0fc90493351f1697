import {
  EXCHANGE_KINDS,
  LADDER_CLIENTS,
  type LadderClient,
  type LadderCounts,
  type LadderKind,
  type LadderRow,
  type Lane,
} from '../../contract/ladder.ts';
import type { LabEvent, Message, SessionDelivery } from '../../engine/kernel/events.ts';

const LANE_OF: Readonly<Record<string, { lane: Lane; client: LadderClient | 'all' }>> = {
  'ra-rtr': { lane: 0, client: 'rtr' },
  'la-clgr': { lane: 0, client: 'clgr' },
  'ra-mds': { lane: 1, client: 'all' },
  'rb-mds': { lane: 2, client: 'all' },
  'rb-rtr': { lane: 3, client: 'rtr' },
  'lb-clgr': { lane: 3, client: 'clgr' },
};

/** Older rows go beyond this many. */
const MAX_ROWS = 200_000;

type MutableRow = { -readonly [K in keyof LadderRow]: LadderRow[K] };

/** The messages between the lanes of Figure 1, kept as they happen. */
export class LadderIndex {
  private readonly rows: MutableRow[] = [];
  private dropped = 0;
  /** Last row of each hop that further records are folded into. */
  private readonly open = new Map<string, MutableRow>();

  get total(): number {
    return this.dropped + this.rows.length;
  }

  /** Rows ever shown to each client's ladder: of the exchange, and all. */
  readonly counts: LadderCounts = { rtr: { exchange: 0, all: 0 }, clgr: { exchange: 0, all: 0 } };

  /** Takes over the rows that a later index collected. */
  absorb(later: LadderIndex): void {
    for (const row of later.rows) this.add({ ...row, index: this.total });
  }

  onEvent(event: LabEvent): void {
    if (event.kind !== 'sessionMessage') return;
    const delivery = event.data as SessionDelivery;
    const from = LANE_OF[delivery.from];
    const to = LANE_OF[event.target];
    if (!from || !to) return;
    const { message } = delivery;
    if (message.type === 'transfer credit' || message.type === 'attach') return;
    const client = clientOf(from.client === 'all' ? to.client : from.client, message, delivery);
    const { kind, label } = describe(message);
    const hop = `${client} ${from.lane} ${to.lane} ${delivery.session}`;
    const last = kind === 'records' ? this.open.get(hop) : undefined;
    if (last) {
      last.count++;
      last.sizeBytes += recordBytes(message);
      last.atUs = event.dueUs;
      return;
    }
    const row: MutableRow = {
      index: this.total,
      seq: event.seq,
      client,
      from: from.lane,
      to: to.lane,
      sentUs: delivery.sentUs,
      atUs: event.dueUs,
      kind,
      label,
      sizeBytes: kind === 'records' ? recordBytes(message) : delivery.sizeBytes,
      count: 1,
    };
    this.add(row);
    if (kind === 'records') this.open.set(hop, row);
    else if (kind === 'init') this.open.clear();
  }

  private add(row: MutableRow): void {
    this.rows.push(row);
    for (const client of row.client === 'all' ? LADDER_CLIENTS : [row.client]) {
      this.counts[client].all++;
      if (EXCHANGE_KINDS.includes(row.kind)) this.counts[client].exchange++;
    }
    if (this.rows.length > MAX_ROWS) this.dropped += this.rows.splice(0, MAX_ROWS / 4).length;
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
      if (row.client !== client && row.client !== 'all') continue;
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
  if (named === 'rtr' || named === 'clgr') return named;
  // Records carry no client: their table does.
  if (message.type === 'state records' || message.type === 'state end') {
    const section = String(message['section'] ?? '');
    const first = (message['sections'] as readonly { name: string }[] | undefined)?.[0]?.name;
    return section === 'configuration' || first === 'configuration' ? 'clgr' : 'rtr';
  }
  return delivery.message.type === 'state check' ? 'rtr' : 'all';
}

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
