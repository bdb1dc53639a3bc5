import { areaOf, boundsOf, contains, type Polygon } from '../model/geometry.js';
import { lengthOf, type Stroke } from './ink.js';
import {
  convexHull,
  densify,
  diagonalOf,
  distanceBetween,
  evenPlaces,
  perimeterOf,
  turnAt,
} from './stroke-geometry.js';

/** Directions in which the outline is measured, in degrees: three in each quarter. */
const bearings = [0, 90, 180, 270].flatMap((quarter) => [22.5, 45, 67.5].map((angle) => quarter + angle));
/** Halves of a turn that the ink is counted by. */
const directions = 8;
/** Places around the hull at which ink is looked for. */
const probes = 48;

/** What surrounds a group of strokes. */
export interface SymbolContext {
  /** See {@link scaleOf}. */
  readonly scale: number;
  /** The strokes that do not belong to the group. */
  readonly others: readonly Stroke[];
}

/**
 * A group of strokes in numbers that do not change with its place or the size of the whole drawing: measures of its hull and
 * ink (after Fonseca, Pimentel and Jorge, "CALI: an online scribble recognizer for calligraphic interfaces", 2002), how
 * far the hull reaches in each direction within its box, the directions of its ink, and what lies inside.
 */
export function describeSymbol(group: readonly Stroke[], { scale, others }: SymbolContext): number[] {
  const all = group.flat();
  const box = boundsOf(all);
  const diagonal = Math.max(diagonalOf(box), 1e-6);
  const [width, height] = [
    Math.max(box.right - box.left, diagonal / 50),
    Math.max(box.bottom - box.top, diagonal / 50),
  ];
  const hull = convexHull(all);
  const around = Math.max(perimeterOf(hull), 1e-6);
  const area = areaOf(hull);
  const lengths = group.map(lengthOf);
  const ink = Math.max(
    lengths.reduce((sum, each) => sum + each, 0),
    1e-6,
  );
  const dense = group.map((stroke) => densify(stroke, diagonal / 40));
  const longest = group[lengths.indexOf(Math.max(...lengths))]!;
  const inside = insideOf(hull, others);
  return [
    Math.log(diagonal / scale),
    Math.log(width / height),
    area / (width * height),
    (4 * Math.PI * area) / around ** 2,
    Math.min(ink / around, 4),
    ...coverage(hull, around, dense, diagonal),
    inkWithin(hull, dense),
    Math.log(group.length),
    lengthOf(longest) / ink,
    distanceBetween(longest[0]!, longest.at(-1)!) / Math.max(lengthOf(longest), 1e-6),
    distanceBetween(longest[0]!, longest.at(-1)!) / diagonal,
    Math.log1p(inside.strokes),
    Math.min(inside.ink / around, 4),
    ...reach(hull, box, width, height),
    ...bearingsOfInk(dense),
    ...bends(group, diagonal),
  ];
}

/** The share of the hull's way that has ink beside it, within a twentieth of the diagonal, and the share of its longest gap. */
function coverage(hull: Polygon, around: number, dense: readonly Stroke[], diagonal: number): [number, number] {
  const places = dense.flat();
  const isCovered = [...alongOutline(hull, around)].map((probe) =>
    places.some((place) => distanceBetween(place, probe) < diagonal / 20),
  );
  let [longest, open] = [0, 0];
  // twice around, for a gap that goes over the beginning
  for (const covered of [...isCovered, ...isCovered]) longest = Math.max(longest, (open = covered ? 0 : open + 1));
  return [isCovered.filter(Boolean).length / probes, Math.min(longest, probes) / probes];
}

function* alongOutline(hull: Polygon, around: number): Generator<readonly [number, number]> {
  let [next, passed] = [0, 0];
  for (let at = 0; at < hull.length; at++) {
    const [from, to] = [hull[at]!, hull[(at + 1) % hull.length]!];
    const side = distanceBetween(from, to);
    for (; next < probes && (next * around) / probes <= passed + side; next++) {
      const share = side === 0 ? 0 : ((next * around) / probes - passed) / side;
      yield [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    }
    passed += side;
  }
}

/** The share of the ink that lies in the middle: inside the hull drawn together to three fifths. */
function inkWithin(hull: Polygon, dense: readonly Stroke[]): number {
  const [x, y] = middleOf(hull);
  const core = hull.map(([hx, hy]) => [x + (hx - x) * 0.6, y + (hy - y) * 0.6] as const);
  const places = dense.flat();
  return places.filter(([px, py]) => contains(core, px, py)).length / places.length;
}

function middleOf(hull: Polygon): readonly [number, number] {
  const { left, top, right, bottom } = boundsOf(hull);
  return [(left + right) / 2, (top + bottom) / 2];
}

/** Other strokes whose middle place lies inside the hull. */
function insideOf(hull: Polygon, others: readonly Stroke[]): { strokes: number; ink: number } {
  const { left, top, right, bottom } = boundsOf(hull);
  const found = others.filter((stroke) => {
    const [x, y] = stroke[Math.floor(stroke.length / 2)]!;
    return x >= left && x <= right && y >= top && y <= bottom && contains(hull, x, y);
  });
  return { strokes: found.length, ink: found.reduce((sum, stroke) => sum + lengthOf(stroke), 0) };
}

/** The support function of the hull in each of the {@link bearings}, its box stretched to a square from −1 to 1. */
function reach(
  hull: Polygon,
  { left, top }: { readonly left: number; readonly top: number },
  width: number,
  height: number,
): number[] {
  return bearings.map((bearing) => {
    const [dx, dy] = [Math.cos((bearing * Math.PI) / 180), Math.sin((bearing * Math.PI) / 180)];
    return Math.max(...hull.map(([x, y]) => ((2 * (x - left)) / width - 1) * dx + ((2 * (y - top)) / height - 1) * dy));
  });
}

/** The shares of the ink that go in each of {@link directions} bearings of half a turn, shared between neighbours. */
function bearingsOfInk(dense: readonly Stroke[]): number[] {
  const shares = Array.from({ length: directions }, () => 0);
  let total = 0;
  for (const stroke of dense) {
    for (let at = 2; at < stroke.length; at++) {
      const [dx, dy] = [stroke[at]![0] - stroke[at - 2]![0], stroke[at]![1] - stroke[at - 2]![1]];
      const length = Math.hypot(dx, dy);
      const place = (((Math.atan2(dy, dx) + Math.PI) / Math.PI) * directions) % directions;
      const below = Math.floor(place) % directions;
      shares[below]! += length * (1 - (place - Math.floor(place)));
      shares[(below + 1) % directions]! += length * (place - Math.floor(place));
      total += length;
    }
  }
  return shares.map((share) => (total === 0 ? 0 : share / total));
}

/** How much of the way is straight, how many turns it takes in all, and how many of its turns are sharp. */
function bends(group: readonly Stroke[], diagonal: number): number[] {
  const span = diagonal / 12;
  let [straight, places, turned, sharp] = [0, 0, 0, 0];
  for (const stroke of group) {
    const even = evenPlaces(stroke, span);
    for (let at = 1; at + 1 < even.length; at++) {
      const angle = Math.abs(turnAt(even[at - 1]!, even[at]!, even[at + 1]!));
      places++;
      turned += angle;
      if (angle < Math.PI / 10) straight++;
      if (angle > Math.PI / 4) sharp++;
    }
  }
  return [places === 0 ? 1 : straight / places, Math.min(turned / (2 * Math.PI), 8), Math.log1p(sharp)];
}
