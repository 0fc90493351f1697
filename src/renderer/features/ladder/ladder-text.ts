import type { LadderRow } from '../../../contract/ladder.ts';

/** How the time of a row is told. */
export const TIME_MODES = {
  absolute: 'lab time',
  relative: 'since the mark',
  delta: 'since the row before',
} as const;
export type TimeMode = keyof typeof TIME_MODES;

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
const INK = { text: '#1c2025', dim: '#8a8578', init: '#c01c28', mds: '#6536bd' } as const;

type Draw = {
  readonly rows: readonly LadderRow[];
  readonly clock: (us: number) => string;
  readonly laneCount: number;
};
const center = (lane: number) => TIME + lane * LANE + LANE / 2;

/** A drawing of its own, with nothing taken from the page. */
export function ladderSvg(
  lanes: readonly string[],
  rows: readonly LadderRow[],
  clock: (us: number) => string,
): string {
  const width = TIME + lanes.length * LANE + LABEL;
  const height = (rows.length + 2) * ROW;
  const heads = lanes.map((name, lane) => laneSvg(name, center(lane), height));
  const lines = rows.map((_row, at) => rowSvg({ rows, clock, laneCount: lanes.length }, at));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`,
    ` viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="12" fill="${INK.text}">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...heads,
    ...lines,
    '</svg>',
  ].join('');
}

function laneSvg(name: string, x: number, height: number): string {
  const text = `<text x="${x}" y="16" text-anchor="middle" font-weight="600">`;
  const line = `<line x1="${x}" y1="${ROW}" x2="${x}" y2="${height}" stroke="${INK.dim}"/>`;
  return `${text}${escapeXml(name)}</text>${line}`;
}

function rowSvg({ clock, laneCount, rows }: Draw, at: number): string {
  const row = rows[at];
  const y = (at + 1.5) * ROW;
  const [from, to] = [center(row.from), center(row.to)];
  const way = to > from ? 1 : -1;
  const ink = row.kind === 'init' ? INK.init : row.kind === 'records' ? INK.mds : INK.text;
  const back = to - 8 * way;
  const right = TIME + laneCount * LANE + 8;
  const stroke = `stroke="${ink}" stroke-width="${row.kind === 'records' ? 5 : 1.5}"`;
  const label = `${describeRow(row)}, ${row.sizeBytes.toLocaleString('en-US')} B`;
  return [
    `<text x="4" y="${y + 4}">${escapeXml(clock(row.atUs))}</text>`,
    `<line x1="${from}" y1="${y}" x2="${to - 6 * way}" y2="${y}" ${stroke}/>`,
    `<polygon points="${to},${y} ${back},${y - 4} ${back},${y + 4}" fill="${ink}"/>`,
    `<text x="${right}" y="${y + 4}" fill="${ink}">${escapeXml(label)}</text>`,
  ].join('');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A table of Markdown: what one pastes into a ticket. */
export function ladderMarkdown(
  lanes: readonly string[],
  rows: readonly LadderRow[],
  clock: (us: number) => string,
): string {
  const lines = rows.map((row) => {
    const label = describeRow(row).replaceAll('|', '\\|');
    const cells = [clock(row.atUs), lanes[row.from], lanes[row.to], label, row.sizeBytes];
    return `| ${cells.join(' | ')} |`;
  });
  const head = ['| arrived | from | to | message | bytes |', '| --- | --- | --- | --- | --- |'];
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
