/** The ladder of Figure 1 as data, and as text. */

export const LADDER_CLIENTS = ['rtr', 'clgr', 'hlgr', 'cic', 'opc'] as const;
export type LadderClient = (typeof LADDER_CLIENTS)[number];

/** Lanes from left to right: client A, MDS A, MDS B, client B. */
export type Lane = 0 | 1 | 2 | 3;
/** Processes that may stand beside them. */
export const MAX_ADDED_LANES = 4;

export type LadderKind =
  | 'init'
  | 'initialize'
  | 'desired'
  | 'records'
  | 'end'
  | 'ordered'
  | 'other'
  /** Many of one direction, folded. */
  | 'heartbeat'
  /** A session between two lanes was opened or closed. */
  | 'session';

export interface LadderRow {
  readonly index: number;
  /** Journal sequence number of the (first) delivery. */
  readonly seq: number;
  readonly client: LadderClient | 'all';
  /** A lane of Figure 1, or from 4 on one that was added. */
  readonly from: number;
  readonly to: number;
  readonly sentUs: number;
  /** Arrival; for folded records that of the last one. */
  readonly atUs: number;
  readonly kind: LadderKind;
  readonly label: string;
  readonly sizeBytes: number;
  /** Messages folded into this row. */
  readonly count: number;
  /** Between which neighbours there is a session just then: bit 0 for the two lanes at the left. */
  readonly sessions: number;
}

/** Links between the lanes: inside a side, or the private network between them. */
export const LADDER_LINKS = ['all', 'side A', 'private', 'side B'] as const;
export type LadderLink = (typeof LADDER_LINKS)[number];

/** Which rows of the ladder are wanted. */
export interface LadderFilter {
  readonly client: LadderClient;
  readonly kinds: readonly LadderKind[];
  readonly link: LadderLink;
  /** Part of the label; empty lets all through. */
  readonly text: string;
  /** Processes whose messages are shown too, each with a lane of its own. */
  readonly lanes?: readonly string[];
}

export interface LadderPage {
  readonly rows: readonly LadderRow[];
  /** Place of the first of them among all that the filter lets through. */
  readonly first: number;
  readonly total: number;
}

/** In words, and in the order of a filter. */
export const LADDER_KIND_TITLES: Readonly<Record<LadderKind, string>> = {
  init: 'initialization request',
  initialize: 'initialize',
  desired: 'state transfer desired',
  records: 'state records',
  end: 'state end',
  ordered: 'ordered messages',
  other: 'other messages',
  heartbeat: 'heartbeats',
  session: 'sessions',
};
export const LADDER_KINDS = Object.keys(LADDER_KIND_TITLES) as LadderKind[];

/** As people call them. */
export const LADDER_CLIENT_TITLES: Readonly<Record<LadderClient, string>> = {
  rtr: 'CallRouter (rtr)',
  clgr: 'Configuration Logger (clgr)',
  hlgr: 'Historical Logger (hlgr)',
  cic: 'Customer Interface (cic)',
  opc: 'Peripheral Gateways (opc)',
};

/** How many rows the ladder of each client has had. */
export type LadderCounts = Readonly<Record<LadderClient, { exchange: number; all: number }>>;

export function laneNames(client: LadderClient, added: readonly string[] = []): readonly string[] {
  return [`${client} A`, 'MDS A', 'MDS B', `${client} B`, ...added];
}

/** Kinds that make up the exchange of Figure 1; the rest is the pair at work. */
export const EXCHANGE_KINDS: readonly LadderKind[] = [
  'init',
  'initialize',
  'desired',
  'records',
  'end',
];

const LANE_WIDTH = 14;
const TIME_WIDTH = 14;

/** The ladder in characters, one row a message, arrows from lane to lane. */
export function formatLadder(
  client: LadderClient,
  rows: readonly LadderRow[],
  formatTime: (us: number) => string,
): string[] {
  const center = (lane: number) => TIME_WIDTH + lane * LANE_WIDTH + Math.floor(LANE_WIDTH / 2);
  const blank = () => Array.from({ length: TIME_WIDTH + 4 * LANE_WIDTH }, () => ' ');
  const head = blank();
  laneNames(client).forEach((name, lane) => {
    const start = center(lane) - Math.floor(name.length / 2);
    for (let i = 0; i < name.length; i++) head[start + i] = name[i];
  });
  const lines = [head.join('').trimEnd()];
  for (const row of rows) {
    const cells = blank();
    for (let lane = 0; lane < 4; lane++) cells[center(lane)] = '│';
    const [left, right] = [center(Math.min(row.from, row.to)), center(Math.max(row.from, row.to))];
    const stroke = row.kind === 'records' ? '═' : row.kind === 'init' ? '━' : '─';
    for (let at = left + 1; at < right; at++) cells[at] = stroke;
    if (row.to > row.from) cells[right - 1] = '▶';
    else cells[left + 1] = '◀';
    const time = formatTime(row.atUs).padEnd(TIME_WIDTH);
    lines.push(`${time}${cells.join('').slice(TIME_WIDTH)}  ${describe(row)}`);
  }
  return lines;
}

function describe(row: LadderRow): string {
  const size = `${row.sizeBytes.toLocaleString('en-US')} B`;
  return row.count > 1 ? `${row.label} × ${row.count}, ${size}` : `${row.label}, ${size}`;
}
