type Box = Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom' | 'width' | 'height'>;
type Point = { readonly x: number; readonly y: number };

/** A line of the drawing; points are relative to the drawing, CSS pixels. */
export type Line = { readonly path: string; readonly middle: Point };

/** How far below the top of a card the lines to its neighbours begin. */
const LEVEL_OFFSET = 12;

export function lineBetween(from: Box, to: Box, origin: Pick<Box, 'left' | 'top'>): Line {
  const isLevel = Math.abs(from.top - to.top) < Math.min(from.height, to.height);
  const points = isLevel ? sideToSide(from, to) : belowToAbove(from, to);
  const [start, end] = points.map(({ x, y }) => ({
    x: Math.round(x - origin.left),
    y: Math.round(y - origin.top),
  }));
  const bend = Math.round(Math.abs(end.y - start.y) / 2);
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  const first = `M${start.x} ${start.y}`;
  const last = `${end.x} ${end.y}`;
  if (isLevel) return { path: `${first} L${last}`, middle };
  const curve = `C${start.x} ${start.y + bend} ${end.x} ${end.y - bend}`;
  return { path: `${first} ${curve} ${last}`, middle };
}

/** Neighbours of one row. */
function sideToSide(one: Box, other: Box): readonly Point[] {
  const [left, right] = one.left < other.left ? [one, other] : [other, one];
  const y = Math.max(left.top, right.top) + LEVEL_OFFSET;
  return [
    { x: left.right, y },
    { x: right.left, y },
  ];
}

function belowToAbove(one: Box, other: Box): readonly Point[] {
  const [upper, lower] = one.top < other.top ? [one, other] : [other, one];
  return [
    { x: upper.left + upper.width / 2, y: upper.bottom },
    { x: lower.left + lower.width / 2, y: lower.top },
  ];
}
