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

const ROUTER_LANE = /^[rl]([ab])-(mds|rtr|clgr|hlgr|cic)$/;
const GATEWAY_LANE = /^(pg\d+)([ab])-(mds|opc)$/;
const CC_CLIENTS: readonly LadderClient[] = ['rtr', 'clgr', 'hlgr', 'cic'];

interface Place {
  readonly lane: Lane;
  readonly client: LadderClient | 'all';
  /** Peripheral Gateway, or empty for the Central Controller. */
  readonly gateway: string;
}

/** The lane of a process in the ladder; undefined for one that has none. */
function placeOf(process: string): Place | undefined {
  const [, gateway, gatewaySide, gatewayKind] = GATEWAY_LANE.exec(process) ?? [];
  const [, routerSide, routerKind] = ROUTER_LANE.exec(process) ?? [];
  const kind = gatewayKind ?? routerKind;
  if (!kind) return undefined;
  const isA = (gatewaySide ?? routerSide) === 'a';
  if (kind === 'mds') return { lane: isA ? 1 : 2, client: 'all', gateway: gateway ?? '' };
  return { lane: isA ? 0 : 3, client: kind as LadderClient, gateway: gateway ?? '' };
}

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
  readonly counts: LadderCounts = Object.fromEntries(
    LADDER_CLIENTS.map((client) => [client, { exchange: 0, all: 0 }]),
  ) as LadderCounts;
  private readonly places = new Map<string, Place | undefined>();

  /** Takes over the rows that a later index collected. */
  absorb(later: LadderIndex): void {
    for (const row of later.rows) this.add({ ...row, index: this.total });
  }

  onEvent(event: LabEvent): void {
    if (event.kind !== 'sessionMessage') return;
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
