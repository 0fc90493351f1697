/** The ladder of Figure 1 as data, and as text. */

export const LADDER_CLIENTS = ['rtr', 'clgr', 'hlgr', 'cic', 'opc'] as const;
export type LadderClient = (typeof LADDER_CLIENTS)[number];

/** Lanes from left to right: client A, MDS A, MDS B, client B. */
export type Lane = 0 | 1 | 2 | 3;

export type LadderKind =
  | 'init'
  | 'initialize'
  | 'desired'
  | 'records'
  | 'end'
  | 'ordered'
  | 'other';

export interface LadderRow {
  readonly index: number;
  /** Journal sequence number of the (first) delivery. */
  readonly seq: number;
  readonly client: LadderClient | 'all';
  readonly from: Lane;
  readonly to: Lane;
  readonly sentUs: number;
  /** Arrival; for folded records that of the last one. */
  readonly atUs: number;
  readonly kind: LadderKind;
  readonly label: string;
  readonly sizeBytes: number;
  /** Messages folded into this row. */
  readonly count: number;
}

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

export function laneNames(client: LadderClient): readonly string[] {
  return [`${client} A`, 'MDS A', 'MDS B', `${client} B`];
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
