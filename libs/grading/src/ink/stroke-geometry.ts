import { boundsOf, type Bounds, type Polygon } from '../model/geometry.js';
import { lengthOf, type Stroke } from './ink.js';

/** The diagonal of the upright box around some places, in pixels. */
export function diagonalOf({ left, top, right, bottom }: Bounds): number {
  return distanceBetween([left, top], [right, bottom]);
}

/** Not by Math.hypot, which guards against numbers far beyond any canvas and takes ten times as long. */
export function distanceBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const [dx, dy] = [a[0] - b[0], a[1] - b[1]];
  return Math.sqrt(dx * dx + dy * dy);
}

/**
 * How large the writing of a drawing is, in pixels: the diagonal of strokes below which half of its ink lies, so that a page
 * full of small letters tells the size of its figures all the same.
 */
export function scaleOf(strokes: readonly Stroke[]): number {
  const sized = strokes
    .map((stroke) => ({ ink: measuresOf(stroke).length, diagonal: diagonalOf(measuresOf(stroke).bounds) }))
    .sort((a, b) => a.diagonal - b.diagonal);
  const half = sized.reduce((sum, { ink }) => sum + ink, 0) * 0.6;
  let passed = 0;
  for (const { ink, diagonal } of sized) {
    passed += ink;
    if (passed >= half && diagonal > 0) return diagonal;
  }
  return 1;
}

/** Goes along a stroke with a place at least at every `step` pixels, corners kept. */
export function walkDensely(stroke: Stroke, step: number, visit: (x: number, y: number) => void): void {
  let [ax, ay] = stroke[0]!;
  visit(ax, ay);
  for (let at = 1; at < stroke.length; at++) {
    const [bx, by] = stroke[at]!;
    const [dx, dy] = [bx - ax, by - ay];
    const parts = Math.max(1, Math.ceil(Math.sqrt(dx * dx + dy * dy) / step));
    for (let part = 1; part <= parts; part++) visit(ax + (dx * part) / parts, ay + (dy * part) / parts);
    [ax, ay] = [bx, by];
  }
}

/** The places of {@link walkDensely}. */
export function densify(stroke: Stroke, step: number): [number, number][] {
  const dense: [number, number][] = [];
  walkDensely(stroke, step, (x, y) => dense.push([x, y]));
  return dense;
}

/** Places of the way `span` pixels apart, from its beginning on. */
export function evenPlaces(stroke: Stroke, span: number): Stroke {
  let [lastX, lastY] = stroke[0]!;
  const even: [number, number][] = [[lastX, lastY]];
  walkDensely(stroke, span / 4, (x, y) => {
    const [dx, dy] = [x - lastX, y - lastY];
    if (dx * dx + dy * dy < span * span) return;
    [lastX, lastY] = [x, y];
    even.push([x, y]);
  });
  return even;
}

/** By how much a way turns at `b`, in radians from −π to π. */
export function turnAt(
  a: readonly [number, number],
  b: readonly [number, number],
  c: readonly [number, number],
): number {
  const angle = Math.atan2(c[1] - b[1], c[0] - b[0]) - Math.atan2(b[1] - a[1], b[0] - a[0]);
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}

/** The smallest convex outline around some places (Andrew's monotone chain, 1979); fewer than 3 corners where they lie on a line. */
export function convexHull(places: Stroke): Polygon {
  const sorted = places.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const lower = chainOf(sorted);
  return [...lower, ...chainOf(sorted.reverse())];
}

function chainOf(sorted: Stroke): (readonly [number, number])[] {
  const chain: (readonly [number, number])[] = [];
  for (const place of sorted) {
    while (chain.length >= 2 && turn(chain[chain.length - 2]!, chain[chain.length - 1]!, place) <= 0) chain.pop();
    chain.push(place);
  }
  chain.pop();
  return chain;
}

/** Twice the signed area of a triangle. */
function turn(a: readonly [number, number], b: readonly [number, number], c: readonly [number, number]): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** The convex hull of several strokes. */
export function hullAround(strokes: readonly Stroke[]): Polygon {
  const [only] = strokes;
  if (only !== undefined && strokes.length === 1) return measuresOf(only).hull;
  return convexHull(strokes.flatMap((stroke) => measuresOf(stroke).outermost));
}

/** Pixels around a closed outline. */
export function perimeterOf(polygon: Polygon): number {
  let around = 0;
  let last = polygon.at(-1)!;
  for (const corner of polygon) {
    around += distanceBetween(corner, last);
    last = corner;
  }
  return around;
}

/** What is asked of a stroke again and again while groups of strokes are looked through. */
export interface StrokeMeasures {
  readonly length: number;
  readonly bounds: Bounds;
  readonly hull: Polygon;
  /** Places with the same hull, at least one. */
  readonly outermost: Stroke;
}

const measured = new WeakMap<Stroke, StrokeMeasures>();

/** Measures a stroke once, however often it is asked for. */
export function measuresOf(stroke: Stroke): StrokeMeasures {
  const known = measured.get(stroke);
  if (known !== undefined) return known;
  const hull = convexHull(stroke);
  const outermost = hull.length > 0 ? hull : stroke.slice(0, 1);
  const measures = { length: lengthOf(stroke), bounds: boundsOf(stroke), hull, outermost };
  measured.set(stroke, measures);
  return measures;
}
