import type { LadderRow } from '../../../contract/ladder.ts';

/** How the time of a row is told. */
export const TIME_MODES = {
  absolute: 'lab time',
  relative: 'since mark',
  delta: 'delta',
} as const;
export type TimeMode = keyof typeof TIME_MODES;

export const TIME_HEADS: Readonly<Record<TimeMode, string>> = {
  absolute: 'arrived',
  relative: 'from mark',
  delta: 'delta',
};

/** The time of one of these rows; `clock` tells a moment, `marked` are in the order of time. */
export function timeOf(
  mode: TimeMode,
  rows: readonly LadderRow[],
  at: number,
  { clock, marked }: { clock: (us: number) => string; marked: readonly LadderRow[] },
): string {
  const { atUs } = rows[at];
  if (mode === 'absolute') return clock(atUs);
  if (mode === 'delta') {
    const before = rows[at - 1];
    return before ? spanText(atUs - before.atUs) : '';
  }
  const base = marked.findLast((mark) => mark.atUs <= atUs) ?? marked[0];
  return base ? spanText(atUs - base.atUs) : '–';
}

/** Between whom there is a session just then: `rtr A–MDS A–MDS B`, or two such chains. */
export function sessionText(lanes: readonly string[], sessions: number): string {
  const chains: string[][] = [];
  for (const lane of SESSION_LANES) {
    if (!(sessions & (1 << lane))) continue;
    if (lane > 0 && sessions & (1 << (lane - 1))) chains.at(-1)!.push(lanes[lane + 1]);
    else chains.push([lanes[lane], lanes[lane + 1]]);
  }
  return chains.map((chain) => chain.join('–')).join(', ');
}

/** Lanes that have a neighbour of Figure 1 to the right of them. */
export const SESSION_LANES = [0, 1, 2] as const;

export function describeRow({ count, label }: LadderRow): string {
  return count > 1 ? `${label} × ${count.toLocaleString('en-US')}` : label;
}

/** `+1.250 s`, to the microsecond where that is all there is. */
export function spanText(us: number): string {
  const sign = us < 0 ? '−' : '+';
  const size = Math.abs(us);
  if (size < 1000) return `${sign}${Math.round(size)} µs`;
  if (size < 1_000_000) return `${sign}${(size / 1000).toFixed(3)} ms`;
  return `${sign}${(size / 1_000_000).toFixed(3)} s`;
}

const LANE = 130;
const ROW = 24;
const TIME = 110;
const LABEL = 330;
/** The same meaning as on the screen, for paper. */
const INK = {
  text: '#1c2025',
  dim: '#8a8578',
  init: '#c01c28',
  mds: '#6536bd',
  bar: '#efeaf7',
} as const;

type Draw = {
  readonly lanes: readonly string[];
  readonly rows: readonly LadderRow[];
  /** What stands above the times, and each of them. */
  readonly timeHead: string;
  readonly times: readonly string[];
};
const center = (lane: number) => TIME + lane * LANE + LANE / 2;

/** A drawing of its own, with nothing taken from the page. */
export function ladderSvg(draw: Draw): string {
  const { lanes, rows, timeHead } = draw;
  const width = TIME + lanes.length * LANE + LABEL;
  const height = (rows.length + 2) * ROW;
  const heads = lanes.map((name, lane) => laneSvg(name, center(lane), height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`,
    ` viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="12" fill="${INK.text}">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text x="4" y="16" fill="${INK.dim}">${escapeXml(timeHead)}</text>`,
    ...SESSION_LANES.flatMap((lane) => sessionsSvg(rows, lane)),
    ...heads,
    ...rows.map((_row, at) => rowSvg(draw, at)),
    '</svg>',
  ].join('');
}

/** A bar for each stretch of rows in which two neighbours have a session. */
function sessionsSvg(rows: readonly LadderRow[], lane: number): string[] {
  const bars: string[] = [];
  const isOpen = (at: number) => at < rows.length && (rows[at].sessions & (1 << lane)) !== 0;
  for (let at = 0; at < rows.length; at++) {
    if (!isOpen(at)) continue;
    const begin = at;
    while (isOpen(at + 1)) at++;
    const place = `x="${center(lane) + 1}" y="${(begin + 1) * ROW}" width="${LANE - 2}"`;
    bars.push(
      `<rect class="session" ${place} height="${(at - begin + 1) * ROW}" fill="${INK.bar}"/>`,
    );
  }
  return bars;
}

function laneSvg(name: string, x: number, height: number): string {
  const text = `<text x="${x}" y="16" text-anchor="middle" font-weight="600">`;
  const line = `<line x1="${x}" y1="${ROW}" x2="${x}" y2="${height}" stroke="${INK.dim}"/>`;
  return `${text}${escapeXml(name)}</text>${line}`;
}

function rowSvg({ lanes, rows, times }: Draw, at: number): string {
  const row = rows[at];
  const y = (at + 1.5) * ROW;
  const [from, to] = [center(row.from), center(row.to)];
  const way = to > from ? 1 : -1;
  const ink = row.kind === 'init' ? INK.init : row.kind === 'records' ? INK.mds : INK.text;
  const back = to - 8 * way;
  const right = TIME + lanes.length * LANE + 8;
  const stroke = `stroke="${ink}" stroke-width="${row.kind === 'records' ? 5 : 1.5}"`;
  const label = `${describeRow(row)}, ${row.sizeBytes.toLocaleString('en-US')} B`;
  return [
    `<text x="4" y="${y + 4}">${escapeXml(times[at])}</text>`,
    `<line x1="${from}" y1="${y}" x2="${to - 6 * way}" y2="${y}" ${stroke}/>`,
    `<polygon points="${to},${y} ${back},${y - 4} ${back},${y + 4}" fill="${ink}"/>`,
    `<text x="${right}" y="${y + 4}" fill="${ink}">${escapeXml(label)}</text>`,
  ].join('');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A table of Markdown: what one pastes into a ticket. */
export function ladderMarkdown({ lanes, rows, timeHead, times }: Draw): string {
  const lines = rows.map((row, at) => {
    const label = describeRow(row).replaceAll('|', '\\|');
    const { from, sessions, sizeBytes, to } = row;
    const ends = [times[at], lanes[from], lanes[to]];
    return `| ${[...ends, label, sizeBytes, sessionText(lanes, sessions)].join(' | ')} |`;
  });
  const titles = [timeHead, 'from', 'to', 'message', 'bytes', 'sessions'];
  const head = [`| ${titles.join(' | ')} |`, `|${' --- |'.repeat(titles.length)}`];
  return [...head, ...lines, ''].join('\n');
}

/** The drawing as a picture; null where the browser cannot make one so large. */
export async function svgToPng(svg: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  const drawing = canvas.getContext('2d');
  if (!drawing) return null;
  drawing.scale(2, 2);
  drawing.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob && new Uint8Array(await blob.arrayBuffer());
}
