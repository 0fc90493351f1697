export type Box = Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom' | 'width' | 'height'>;
type Point = { readonly x: number; readonly y: number };

/** A line of the drawing, from the first end to the second; relative to the drawing, CSS pixels. */
export type Line = {
  readonly path: string;
  /** Places of a mark: a quarter of the way, the middle, three quarters. */
  readonly marks: readonly [Point, Point, Point];
  /** Where it touches the cards; degrees of an arrow into them, 0 to the right, 90 down. */
  readonly ends: readonly [End, End];
};
type End = Point & { readonly angle: number };

/** How far below the top of a card the lines to its neighbours begin. */
const LEVEL_OFFSET = 12;
/** Between a line and a card that it passes. */
const CLEARANCE = 8;
/** How far a line sinks below the cards of its row that it passes. */
const SAG = 24;

/**
 * Around every other card: a line that runs behind one seems to end there. `shift`: so far beside
 * where it would be, for a second line between the same cards.
 */
export function lineBetween(
  from: Box,
  to: Box,
  origin: Pick<Box, 'left' | 'top'>,
  others: readonly Box[] = [],
  shift = 0,
): Line {
  const isLevel = Math.abs(from.top - to.top) < Math.min(from.height, to.height);
  const route = isLevel ? levelRoute(from, to, others) : slopingRoute(from, to, others);
  const aside = route.shape === 'straight' ? { x: 0, y: shift } : { x: shift, y: 0 };
  const local = ({ x, y }: Point): Point => ({
    x: Math.round(x - origin.left + aside.x),
    y: Math.round(y - origin.top + aside.y),
  });
  const points = route.points.map(local);
  const [first, last] = [points[0], points[points.length - 1]];
  return {
    path: drawn(points, route.shape),
    marks: [along(points, 0.25), along(points, 0.5), along(points, 0.75)],
    ends: [
      { ...first, angle: route.angles[0] },
      { ...last, angle: route.angles[1] },
    ],
  };
}

type Route = {
  readonly points: readonly Point[];
  readonly shape: 'straight' | 'upright';
  readonly angles: readonly [number, number];
};

/** Neighbours side by side; below the cards that stand between them. */
function levelRoute(from: Box, to: Box, others: readonly Box[]): Route {
  const isForward = from.left < to.left;
  const [left, right] = isForward ? [from, to] : [to, from];
  const between = others.filter(
    (box) =>
      box.left < right.left &&
      box.right > left.right &&
      box.top < left.bottom &&
      box.bottom > left.top,
  );
  const inOrder = (points: readonly Point[]) => (isForward ? points : points.toReversed());
  if (between.length === 0) {
    const y = Math.max(left.top, right.top) + LEVEL_OFFSET;
    const points = inOrder([
      { x: left.right, y },
      { x: right.left, y },
    ]);
    return { points, shape: 'straight', angles: isForward ? [180, 0] : [0, 180] };
  }
  const bottom = Math.max(left.bottom, right.bottom, ...between.map((box) => box.bottom));
  const sunk = bottom + SAG / 2;
  const points = inOrder([
    { x: left.right - SAG, y: left.bottom },
    { x: left.right, y: sunk },
    { x: right.left, y: sunk },
    { x: right.left + SAG, y: right.bottom },
  ]);
  return { points, shape: 'straight', angles: [270, 270] };
}

/** From the lower edge of the upper card to the upper edge of the lower one, row by row. */
function slopingRoute(from: Box, to: Box, others: readonly Box[]): Route {
  const isDown = from.top < to.top;
  const [upper, lower] = isDown ? [from, to] : [to, from];
  const start = { x: upper.left + upper.width / 2, y: upper.bottom };
  const end = { x: lower.left + lower.width / 2, y: lower.top };
  const points: Point[] = [start];
  for (const row of rowsBetween(start.y, end.y, others)) {
    const share = (row.top + row.bottom) / 2 - start.y;
    const straight = start.x + ((end.x - start.x) * share) / (end.y - start.y);
    const x = freeAt(straight, row.boxes);
    points.push({ x, y: row.top - CLEARANCE / 2 }, { x, y: row.bottom + CLEARANCE / 2 });
  }
  points.push(end);
  const angles = isDown ? ([270, 90] as const) : ([90, 270] as const);
  return { points: isDown ? points : points.toReversed(), shape: 'upright', angles };
}

type Row = { top: number; bottom: number; readonly boxes: Box[] };

/** Cards that lie wholly between two heights, those side by side as one row. */
function rowsBetween(top: number, bottom: number, others: readonly Box[]): readonly Row[] {
  const rows: Row[] = [];
  const inside = others.filter((box) => box.top >= top && box.bottom <= bottom);
  for (const box of inside.toSorted((one, other) => one.top - other.top)) {
    const row = rows.at(-1);
    if (row && box.top < row.bottom) {
      row.boxes.push(box);
      row.bottom = Math.max(row.bottom, box.bottom);
    } else rows.push({ top: box.top, bottom: box.bottom, boxes: [box] });
  }
  return rows;
}

/** The nearest place to `x` where no card of the row stands. */
function freeAt(x: number, boxes: readonly Box[]): number {
  const taken = (at: number) =>
    boxes.some((box) => at > box.left - CLEARANCE && at < box.right + CLEARANCE);
  const edges = boxes.flatMap((box) => [box.left - CLEARANCE, box.right + CLEARANCE]);
  const places = [x, ...edges].filter((at) => !taken(at));
  return places.toSorted((one, other) => Math.abs(one - x) - Math.abs(other - x))[0] ?? x;
}

function drawn(points: readonly Point[], shape: Route['shape']): string {
  const [{ x, y }, ...rest] = points;
  let [path, before] = [`M${x} ${y}`, points[0]];
  for (const point of rest) {
    const bend = Math.round((point.y - before.y) / 2);
    const isStraight = shape === 'straight' || point.x === before.x;
    const curve = `C${before.x} ${before.y + bend} ${point.x} ${point.y - bend}`;
    path += isStraight ? ` L${point.x} ${point.y}` : ` ${curve} ${point.x} ${point.y}`;
    before = point;
  }
  return path;
}

/** A share of the way from point to point. */
function along(points: readonly Point[], share: number): Point {
  const lengths = points
    .slice(1)
    .map(({ x, y }, at) => Math.hypot(x - points[at].x, y - points[at].y));
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  for (const [at, length] of lengths.entries()) {
    if (left > length && at < lengths.length - 1) {
      left -= length;
      continue;
    }
    const part = length === 0 ? 0 : left / length;
    const [one, other] = [points[at], points[at + 1]];
    return { x: one.x + (other.x - one.x) * part, y: one.y + (other.y - one.y) * part };
  }
  return points[0];
}
