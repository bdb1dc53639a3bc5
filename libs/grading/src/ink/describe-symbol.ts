import { areaOf, boundsOf, contains, type Polygon } from '../model/geometry.js';
import type { Stroke } from './ink.js';
import {
  diagonalOf,
  distanceBetween,
  evenPlaces,
  hullAround,
  measuresOf,
  perimeterOf,
  turnAt,
  walkDensely,
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
  /** The strokes around it; those of the group count for nothing, if they are among them. */
  readonly others: readonly Stroke[];
}

/**
 * A group of strokes in numbers that do not change with its place or the size of the whole drawing: measures of its hull and
 * ink (after Fonseca, Pimentel and Jorge, "CALI: an online scribble recognizer for calligraphic interfaces", 2002), how
 * far the hull reaches in each direction within its box, the directions of its ink, and what lies inside.
 */
export function describeSymbol(group: readonly Stroke[], { scale, others }: SymbolContext): number[] {
  const hull = hullAround(group);
  const box = boundsOf(group.flatMap((stroke) => measuresOf(stroke).outermost));
  const diagonal = Math.max(diagonalOf(box), 1e-6);
  const [width, height] = [
    Math.max(box.right - box.left, diagonal / 50),
    Math.max(box.bottom - box.top, diagonal / 50),
  ];
  const around = Math.max(perimeterOf(hull), 1e-6);
  const area = areaOf(hull);
  const lengths = group.map((stroke) => measuresOf(stroke).length);
  const ink = Math.max(
    lengths.reduce((sum, each) => sum + each, 0),
    1e-6,
  );
  const dense = denseInk(group, diagonal / 40);
  const longest = group[lengths.indexOf(Math.max(...lengths))]!;
  const farApart = distanceBetween(longest[0]!, longest.at(-1)!);
  const inside = insideOf(hull, others, group);
  return [
    Math.log(diagonal / scale),
    Math.log(width / height),
    area / (width * height),
    (4 * Math.PI * area) / around ** 2,
    Math.min(ink / around, 4),
    ...coverage(hull, around, dense, diagonal),
    inkWithin(hull, dense),
    Math.log(group.length),
    measuresOf(longest).length / ink,
    farApart / Math.max(measuresOf(longest).length, 1e-6),
    farApart / diagonal,
    Math.log1p(inside.strokes),
    Math.min(inside.ink / around, 4),
    ...reach(hull, box, width, height),
    ...bearingsOfInk(dense),
    ...bends(group, diagonal),
  ];
}

/** The ink of several strokes as places near to one another, all in one list: there are many, and each group has its own. */
interface DenseInk {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Where each stroke begins in the lists, and at last their length. */
  readonly starts: readonly number[];
}

function denseInk(group: readonly Stroke[], step: number): DenseInk {
  const [x, y, starts]: [number[], number[], number[]] = [[], [], []];
  for (const stroke of group) {
    starts.push(x.length);
    walkDensely(stroke, step, (px, py) => {
      x.push(px);
      y.push(py);
    });
  }
  starts.push(x.length);
  return { x, y, starts };
}

/** The share of the hull's way that has ink beside it, within a twentieth of the diagonal, and the share of its longest gap. */
function coverage(hull: Polygon, around: number, ink: DenseInk, diagonal: number): [number, number] {
  const isCovered: boolean[] = [];
  const near = diagonal / 20;
  // The ink that covers one place most likely covers the next one too: the search begins there.
  let nearby = 0;
  let [from, next, passed] = [hull[0]!, 0, 0];
  for (let corner = 1; corner <= hull.length; corner++) {
    const to = hull[corner % hull.length]!;
    const side = distanceBetween(from, to);
    for (; next < probes && (next * around) / probes <= passed + side; next++) {
      const share = side === 0 ? 0 : ((next * around) / probes - passed) / side;
      const found = findNear(
        ink,
        nearby,
        from[0] + (to[0] - from[0]) * share,
        from[1] + (to[1] - from[1]) * share,
        near,
      );
      isCovered.push(found >= 0);
      if (found >= 0) nearby = found;
    }
    passed += side;
    from = to;
  }
  let [longest, open] = [0, 0];
  // twice around, for a gap that goes over the beginning
  for (const covered of [...isCovered, ...isCovered]) longest = Math.max(longest, (open = covered ? 0 : open + 1));
  return [isCovered.filter(Boolean).length / probes, Math.min(longest, probes) / probes];
}

/** The number of a place of the ink that is nearer to a point than `reach`, looking from one of them onwards; −1 where none is. */
function findNear({ x, y }: DenseInk, from: number, px: number, py: number, near: number): number {
  for (let step = 0, at = from; step < x.length; step++, at = at + 1 === x.length ? 0 : at + 1) {
    const [dx, dy] = [x[at]! - px, y[at]! - py];
    if (dx * dx + dy * dy < near * near) return at;
  }
  return -1;
}

/** The share of the ink that lies in the middle: inside the hull drawn together to three fifths. */
function inkWithin(hull: Polygon, { x, y }: DenseInk): number {
  const [middleX, middleY] = middleOf(hull);
  const core = hull.map(([hx, hy]) => [middleX + (hx - middleX) * 0.6, middleY + (hy - middleY) * 0.6] as const);
  const { left, top, right, bottom } = boundsOf(core);
  let within = 0;
  for (let at = 0; at < x.length; at++) {
    const [px, py] = [x[at]!, y[at]!];
    if (px >= left && px <= right && py >= top && py <= bottom && contains(core, px, py)) within++;
  }
  return within / x.length;
}

function middleOf(hull: Polygon): readonly [number, number] {
  const { left, top, right, bottom } = boundsOf(hull);
  return [(left + right) / 2, (top + bottom) / 2];
}

/** Other strokes whose middle place lies inside the hull. */
function insideOf(
  hull: Polygon,
  others: readonly Stroke[],
  group: readonly Stroke[],
): { strokes: number; ink: number } {
  const { left, top, right, bottom } = boundsOf(hull);
  const found = others.filter((stroke) => {
    const [x, y] = stroke[Math.floor(stroke.length / 2)]!;
    const isInBox = x >= left && x <= right && y >= top && y <= bottom;
    return isInBox && !group.includes(stroke) && contains(hull, x, y);
  });
  return { strokes: found.length, ink: found.reduce((sum, stroke) => sum + measuresOf(stroke).length, 0) };
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
function bearingsOfInk({ x, y, starts }: DenseInk): number[] {
  const shares = Array.from({ length: directions }, () => 0);
  let total = 0;
  for (let stroke = 1; stroke < starts.length; stroke++) {
    for (let at = starts[stroke - 1]! + 2; at < starts[stroke]!; at++) {
      const [dx, dy] = [x[at]! - x[at - 2]!, y[at]! - y[at - 2]!];
      const length = Math.sqrt(dx * dx + dy * dy);
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
