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
    .map((stroke) => ({ ink: lengthOf(stroke), diagonal: diagonalOf(boundsOf(stroke)) }))
    .sort((a, b) => a.diagonal - b.diagonal);
  const half = sized.reduce((sum, { ink }) => sum + ink, 0) * 0.6;
  let passed = 0;
  for (const { ink, diagonal } of sized) {
    passed += ink;
    if (passed >= half && diagonal > 0) return diagonal;
  }
  return 1;
}

/** The same way with a place at least at every `step` pixels, corners kept. */
export function densify(stroke: Stroke, step: number): [number, number][] {
  const dense: [number, number][] = [[stroke[0]![0], stroke[0]![1]]];
  for (let at = 1; at < stroke.length; at++) {
    const [ax, ay] = stroke[at - 1]!;
    const [bx, by] = stroke[at]!;
    const parts = Math.max(1, Math.ceil(distanceBetween([ax, ay], [bx, by]) / step));
    for (let part = 1; part <= parts; part++) {
      dense.push([ax + ((bx - ax) * part) / parts, ay + ((by - ay) * part) / parts]);
    }
  }
  return dense;
}

/** Places of the way `span` pixels apart, from its beginning on. */
export function evenPlaces(stroke: Stroke, span: number): Stroke {
  const even = [stroke[0]!];
  for (const place of densify(stroke, span / 4)) if (distanceBetween(place, even.at(-1)!) >= span) even.push(place);
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
  const half = (all: Stroke): (readonly [number, number])[] => {
    const chain: (readonly [number, number])[] = [];
    for (const place of all) {
      while (chain.length >= 2 && turn(chain.at(-2)!, chain.at(-1)!, place) <= 0) chain.pop();
      chain.push(place);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** Twice the signed area of a triangle. */
function turn(a: readonly [number, number], b: readonly [number, number], c: readonly [number, number]): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** Pixels around a closed outline. */
export function perimeterOf(polygon: Polygon): number {
  return polygon.reduce((sum, corner, at) => sum + distanceBetween(corner, polygon.at(at - 1)!), 0);
}
