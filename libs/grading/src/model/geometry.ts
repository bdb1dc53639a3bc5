/** A closed outline in image pixels, without repeating its first corner. */
export type Polygon = readonly (readonly [number, number])[];

/** An upright rectangle that holds a polygon. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boundsOf(polygon: Polygon): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of polygon) {
    if (x < left) left = x;
    if (y < top) top = y;
    if (x > right) right = x;
    if (y > bottom) bottom = y;
  }
  return { left, top, right, bottom };
}

/** Enclosed area in square pixels, by the shoelace formula; meaningful for outlines that do not cross themselves. */
export function areaOf(polygon: Polygon): number {
  let twice = 0;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    twice += polygon[j]![0] * polygon[i]![1] - polygon[i]![0] * polygon[j]![1];
  }
  return Math.abs(twice) / 2;
}

/** Whether a point is inside, by the even-odd rule; what is exactly on the outline may count as either. */
export function contains(polygon: Polygon, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i]!;
    const [bx, by] = polygon[j]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** An image or a part of it, in pixels. */
interface Extent {
  readonly width: number;
  readonly height: number;
}

/**
 * Visits the pixels whose middle is inside an outline, by the even-odd rule, row by row.
 * @param visit is told the row, its first pixel, and the one after its last
 */
export function fillOutline(
  outline: Polygon,
  { width, height }: Extent,
  visit: (row: number, from: number, to: number) => void,
): void {
  const { top, bottom } = boundsOf(outline);
  for (let row = Math.max(0, Math.floor(top)); row < Math.min(height, Math.ceil(bottom)); row++) {
    const y = row + 0.5;
    const crossings: number[] = [];
    for (let at = 0, before = outline.length - 1; at < outline.length; before = at++) {
      const [[ax, ay], [bx, by]] = [outline[before]!, outline[at]!];
      if (ay > y !== by > y) crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
    }
    crossings.sort((one, other) => one - other);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = Math.max(0, Math.ceil(crossings[pair]! - 0.5));
      const to = Math.min(width, Math.ceil(crossings[pair + 1]! - 0.5));
      if (from < to) visit(row, from, to);
    }
  }
}

/** Distance in pixels from a point to the nearest place on an outline. */
export function distanceToOutline(polygon: Polygon, x: number, y: number): number {
  let least = Infinity;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[j]!;
    const dx = polygon[i]![0] - ax;
    const dy = polygon[i]![1] - ay;
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    least = Math.min(least, (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2);
  }
  return Math.sqrt(least);
}

/** Two sides of an outline that cross one another, by the number of their first corner from 0; null when none do. */
export function selfCrossing(polygon: Polygon): readonly [number, number] | null {
  const count = polygon.length;
  const corner = (index: number): readonly [number, number] => polygon[index % count]!;
  for (let i = 0; i < count; i++) {
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      if (cross(corner(i), corner(i + 1), corner(j), corner(j + 1))) return [i, j];
    }
  }
  return null;
}

/** Whether two sides cross in a point inside both of them. */
function cross(
  a: readonly [number, number],
  b: readonly [number, number],
  c: readonly [number, number],
  d: readonly [number, number],
): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function side(a: readonly [number, number], b: readonly [number, number], p: readonly [number, number]): number {
  return Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
}
