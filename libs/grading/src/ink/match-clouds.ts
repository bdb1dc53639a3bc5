import { munkres } from 'munkres';
import type { PointCloud } from './point-cloud.js';

/** x ↦ a x + b y + e, y ↦ c x + d y + f, in the coordinates of the clouds. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** How one cloud was laid onto another. */
export interface CloudMatch {
  /** Mean cost of the pairs: squared distance in units of the size of the ink, plus that of the tangents by their weight. 0 is the same. */
  readonly distance: number;
  /** Point of the other cloud for each point of the one. */
  readonly pairs: Int32Array;
  /** What was done to the one. */
  readonly transform: Affine;
}

const identity: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

export interface MatchOptions {
  /** How much a difference of tangents counts beside one of places. */
  readonly tangentWeight?: number;
  /** How often the map is fitted anew; 0 for clouds as they are. */
  readonly rounds?: number;
  /** How much the map is held to leaving the cloud as it is: 0 not at all, and ∞ leaves but the place. */
  readonly stiffness?: number;
}

/**
 * Lays a cloud onto another of as many points: they are paired one to one so that the sum of the costs is the least there is (Hungarian method),
 * an affine map is fitted to the pairs, and both once more. The map is the ridge solution of Σ |A p + t − q|² + λ n |A − I|², so ink may be
 * leaned, stretched and turned a little, and not turned over. Cost of a pair: |p − q|² + w |τ(p) − τ(q)|², τ: tangents by the
 * double angle. The idea is that of shape contexts (S. Belongie, J. Malik & J. Puzicha, 2002), with tangents for the contexts and $P's clouds
 * (R.-D. Vatavu, L. Anthony & J. O. Wobbrock, 2012) for the points.
 */
export function matchClouds(
  one: PointCloud,
  other: PointCloud,
  { tangentWeight = 0.4, rounds = 3, stiffness = 1 }: MatchOptions = {},
): CloudMatch {
  let transform = identity;
  for (let round = 0; ; round++) {
    const { pairs, distance } = pairUp(moved(one, transform), other, tangentWeight);
    if (round === rounds) return { distance, pairs, transform };
    transform = fitAffine(one, other, pairs, stiffness);
  }
}

type Points = Pick<PointCloud, 'x' | 'y' | 'tangentX' | 'tangentY'>;

function pairUp(one: Points, other: Points, tangentWeight: number): { pairs: Int32Array; distance: number } {
  const size = one.x.length;
  const costs = Array.from({ length: size }, (_, i) => {
    const [x, y, tangentX, tangentY] = [one.x[i]!, one.y[i]!, one.tangentX[i]!, one.tangentY[i]!];
    const row = new Array<number>(size);
    for (let j = 0; j < size; j++) {
      row[j] =
        (x - other.x[j]!) ** 2 +
        (y - other.y[j]!) ** 2 +
        tangentWeight * ((tangentX - other.tangentX[j]!) ** 2 + (tangentY - other.tangentY[j]!) ** 2);
    }
    return row;
  });
  const pairs = new Int32Array(size);
  let sum = 0;
  for (const [i, j] of munkres(costs)) {
    pairs[i] = j;
    sum += costs[i]![j]!;
  }
  return { pairs, distance: sum / size };
}

/** The cloud under a map; tangents turn with it, and keep their length. */
function moved(cloud: Points, map: Affine): Points {
  if (map === identity) return cloud;
  const { a, b, c, d, e, f } = map;
  const size = cloud.x.length;
  const [x, y] = [new Float64Array(size), new Float64Array(size)];
  const [tangentX, tangentY] = [new Float64Array(size), new Float64Array(size)];
  for (let i = 0; i < size; i++) {
    x[i] = a * cloud.x[i]! + b * cloud.y[i]! + e;
    y[i] = c * cloud.x[i]! + d * cloud.y[i]! + f;
    const [cos2, sin2] = [cloud.tangentX[i]!, cloud.tangentY[i]!];
    const length = Math.hypot(cos2, sin2);
    const angle = Math.atan2(sin2, cos2) / 2;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const turned = 2 * Math.atan2(c * cos + d * sin, a * cos + b * sin);
    tangentX[i] = length * Math.cos(turned);
    tangentY[i] = length * Math.sin(turned);
  }
  return { x, y, tangentX, tangentY };
}

/** Ridge regression of the paired points on the points, towards the identity; the shift is free. */
function fitAffine(one: Points, other: Points, pairs: Int32Array, stiffness: number): Affine {
  const size = one.x.length;
  const meanOf = (value: (i: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += value(i);
    return sum / size;
  };
  const [x, y] = [(i: number) => one.x[i]!, (i: number) => one.y[i]!];
  const [u, v] = [(i: number) => other.x[pairs[i]!]!, (i: number) => other.y[pairs[i]!]!];
  const [mx, my, mu, mv] = [meanOf(x), meanOf(y), meanOf(u), meanOf(v)];
  const cov = (p: (i: number) => number, mp: number, q: (i: number) => number, mq: number): number =>
    meanOf((i) => (p(i) - mp) * (q(i) - mq));
  const xx = cov(x, mx, x, mx) + stiffness;
  const yy = cov(y, my, y, my) + stiffness;
  const xy = cov(x, mx, y, my);
  const determinant = xx * yy - xy * xy;
  const solve = (px: number, py: number): readonly [number, number] => [
    (px * yy - py * xy) / determinant,
    (py * xx - px * xy) / determinant,
  ];
  const [a, b] = solve(cov(x, mx, u, mu) + stiffness, cov(y, my, u, mu));
  const [c, d] = solve(cov(x, mx, v, mv), cov(y, my, v, mv) + stiffness);
  return { a, b, c, d, e: mu - a * mx - b * my, f: mv - c * mx - d * my };
}

/**
 * The modified Hausdorff distance of two clouds: the larger of the two mean distances from a point to the nearest of the other cloud
 * (M.-P. Dubuisson & A. K. Jain, 1994), in units of the size of the ink. A baseline.
 */
export function modifiedHausdorff(one: PointCloud, other: PointCloud): number {
  const directed = (from: PointCloud, to: PointCloud): number => {
    let sum = 0;
    for (let i = 0; i < from.x.length; i++) {
      let least = Infinity;
      for (let j = 0; j < to.x.length; j++) {
        least = Math.min(least, (from.x[i]! - to.x[j]!) ** 2 + (from.y[i]! - to.y[j]!) ** 2);
      }
      sum += Math.sqrt(least);
    }
    return sum / from.x.length;
  };
  return Math.max(directed(one, other), directed(other, one));
}
