import { thinInk } from './thin-ink.js';
import { lengthOf, placesAlong, type Drawing, type Stroke } from './ink.js';

/**
 * Ink as a cloud of points: where they are and how the line runs there. Centred on the middle of the points, and scaled so that their mean
 * squared distance from it is 1. Tangents have no sense of direction, so they are kept by the double angle: (cos 2θ, sin 2θ), shorter than 1
 * where the line has no clear direction.
 */
export interface PointCloud {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly tangentX: Float64Array;
  readonly tangentY: Float64Array;
  /** Which stroke each point is of, by its place in the drawing that was given; −1 for ink that was no strokes. */
  readonly strokes: Int32Array;
  readonly centre: readonly [number, number];
  /** Pixels for 1 in the cloud; 0 where all ink is in one place. */
  readonly scale: number;
}

/** How far to both sides of a point the line is looked at for its tangent, as a share of the whole length of the ink. */
const tangentReach = 0.015;

/**
 * Takes `size` points from a drawing, evenly along its lines: a stroke has as many as its length asks for, one at least while there are
 * enough. It does not matter in which order or direction the strokes were drawn. Null for a drawing without a place.
 */
export function cloudOfStrokes(drawing: Drawing, size: number): PointCloud | null {
  const strokes = drawing
    .map((stroke, index) => ({ stroke: fromItsFirstEnd(stroke), index, length: lengthOf(stroke) }))
    .filter(({ stroke }) => stroke.length > 0)
    .sort((one, other) => other.length - one.length || compareStrokes(one.stroke, other.stroke))
    .slice(0, size);
  if (strokes.length === 0) return null;
  const total = strokes.reduce((sum, { length }) => sum + length, 0);
  const shares = apportion(
    strokes.map(({ length }) => (total === 0 ? 1 : length / total)),
    size,
  );
  const cloud = emptyCloud(size);
  let next = 0;
  for (const [place, { stroke, index, length }] of strokes.entries()) {
    const count = shares[place]!;
    const reach = Math.min(total * tangentReach, length / 2);
    const distances = Array.from({ length: count }, (_, number) => ((number + 0.5) / count) * length);
    const at = placesAlong(stroke, distances);
    const before = placesAlong(
      stroke,
      distances.map((each) => Math.max(0, each - reach)),
    );
    const after = placesAlong(
      stroke,
      distances.map((each) => Math.min(length, each + reach)),
    );
    for (let number = 0; number < count; number++, next++) {
      [cloud.x[next], cloud.y[next]] = at[number]!;
      setTangent(cloud, next, after[number]![0] - before[number]![0], after[number]![1] - before[number]![1]);
      cloud.strokes[next] = index;
    }
  }
  return normalised(cloud);
}

/** How far around a point ink is looked at for the direction of its line, as a share of the size of the whole. */
const directionReach = 0.07;

/**
 * Takes `size` points from ink that was found in a picture, as a list of dark pixels: thinned to lines, spread by farthest-point sampling (T. F. Gonzalez,
 * "Clustering to minimize the maximum intercluster distance", 1985), evened out by two steps of Lloyd's algorithm; the tangent is the main axis
 * of the ink around. Null where there are no pixels.
 */
export function cloudOfPixels(pixels: readonly (readonly [number, number])[], size: number): PointCloud | null {
  if (pixels.length === 0) return null;
  const ordered = thinInk(pixels).sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  let centres = farthestPoints(ordered, size);
  for (let round = 0; round < 2; round++) centres = lloydStep(ordered, centres);
  const cloud = emptyCloud(size);
  const [width, height] = extentOf(ordered);
  const reach = Math.max(2, directionReach * Math.max(width, height));
  centres.forEach(([x, y], index) => {
    cloud.x[index] = x;
    cloud.y[index] = y;
    const [cos, sin] = mainAxis(ordered, x, y, reach);
    cloud.tangentX[index] = cos;
    cloud.tangentY[index] = sin;
    cloud.strokes[index] = -1;
  });
  return normalised(cloud);
}

function emptyCloud(size: number): Omit<PointCloud, 'centre' | 'scale'> {
  return {
    x: new Float64Array(size),
    y: new Float64Array(size),
    tangentX: new Float64Array(size),
    tangentY: new Float64Array(size),
    strokes: new Int32Array(size),
  };
}

function setTangent(
  { tangentX, tangentY }: Pick<PointCloud, 'tangentX' | 'tangentY'>,
  index: number,
  dx: number,
  dy: number,
) {
  const square = dx * dx + dy * dy;
  tangentX[index] = square === 0 ? 0 : (dx * dx - dy * dy) / square;
  tangentY[index] = square === 0 ? 0 : (2 * dx * dy) / square;
}

function normalised(cloud: Omit<PointCloud, 'centre' | 'scale'>): PointCloud {
  const { x, y } = cloud;
  const size = x.length;
  const [cx, cy] = [mean(x), mean(y)];
  let squares = 0;
  for (let i = 0; i < size; i++) squares += (x[i]! - cx) ** 2 + (y[i]! - cy) ** 2;
  const scale = Math.sqrt(squares / size);
  for (let i = 0; i < size; i++) {
    x[i] = scale === 0 ? 0 : (x[i]! - cx) / scale;
    y[i] = scale === 0 ? 0 : (y[i]! - cy) / scale;
  }
  return { ...cloud, centre: [cx, cy], scale };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** Shares out `seats` by largest remainders, one to each at least: in proportion, and to the earlier one where two are equal. */
function apportion(shares: readonly number[], seats: number): number[] {
  const sum = shares.reduce((total, each) => total + each, 0);
  const left = seats - shares.length;
  const exact = shares.map((share) => Math.max(0, (share / sum) * seats - 1));
  const over = exact.reduce((total, each) => total + each, 0);
  const scaled = exact.map((each) => (over === 0 ? left / shares.length : (each / over) * left));
  const counts = scaled.map(Math.floor);
  const remaining = left - counts.reduce((total, each) => total + each, 0);
  const byRemainder = scaled
    .map((each, index) => ({ index, remainder: each - counts[index]! }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, remaining)) counts[index]!++;
  return counts.map((count) => count + 1);
}

/** The same line from that end which comes first, from left to right and from top to bottom. */
function fromItsFirstEnd(stroke: Stroke): Stroke {
  const backwards = stroke.toReversed();
  return compareStrokes(stroke, backwards) <= 0 ? stroke : backwards;
}

function compareStrokes(one: Stroke, other: Stroke): number {
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const difference = one[i]![0] - other[i]![0] || one[i]![1] - other[i]![1];
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

type Places = readonly (readonly [number, number])[];

function farthestPoints(pixels: Places, size: number): [number, number][] {
  const chosen: [number, number][] = [];
  const distances = new Float64Array(pixels.length).fill(Infinity);
  let next = 0;
  while (chosen.length < size) {
    const [x, y] = pixels[next]!;
    chosen.push([x, y]);
    let farthest = 0;
    for (let i = 0; i < pixels.length; i++) {
      const distance = (pixels[i]![0] - x) ** 2 + (pixels[i]![1] - y) ** 2;
      if (distance < distances[i]!) distances[i] = distance;
      if (distances[i]! > distances[farthest]!) farthest = i;
    }
    next = farthest;
  }
  return chosen;
}

function lloydStep(pixels: Places, centres: Places): [number, number][] {
  const sums = centres.map(() => [0, 0, 0] as [number, number, number]);
  for (const [x, y] of pixels) {
    let nearest = 0;
    let least = Infinity;
    for (let i = 0; i < centres.length; i++) {
      const distance = (centres[i]![0] - x) ** 2 + (centres[i]![1] - y) ** 2;
      if (distance < least) [nearest, least] = [i, distance];
    }
    const sum = sums[nearest]!;
    sum[0] += x;
    sum[1] += y;
    sum[2]++;
  }
  return centres.map(([x, y], index) => {
    const [sumX, sumY, count] = sums[index]!;
    return count === 0 ? [x, y] : [sumX / count, sumY / count];
  });
}

function extentOf(pixels: Places): [number, number] {
  const [xs, ys] = [pixels.map(([x]) => x), pixels.map(([, y]) => y)];
  const extent = (values: readonly number[]): number =>
    values.reduce((most, each) => Math.max(most, each)) - values.reduce((least, each) => Math.min(least, each));
  return [extent(xs), extent(ys)];
}

/** The direction of the largest second moment around a place, by the double angle; as long as the ink there is drawn out. */
function mainAxis(pixels: Places, x: number, y: number, reach: number): [number, number] {
  let [xx, xy, yy] = [0, 0, 0];
  for (const [px, py] of pixels) {
    const [dx, dy] = [px - x, py - y];
    if (dx * dx + dy * dy > reach * reach) continue;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const sum = xx + yy;
  return sum === 0 ? [0, 0] : [(xx - yy) / sum, (2 * xy) / sum];
}
