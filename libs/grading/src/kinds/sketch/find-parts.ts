import { munkres } from 'munkres';
import { lengthOf, placesAlong, type Drawing } from '../../ink/ink.js';
import { matchClouds, type Affine } from '../../ink/match-clouds.js';
import type { PointCloud } from '../../ink/point-cloud.js';
import { cloudOf } from './sketch-distance.js';

/** How the ink of a drawing falls on the strokes of a template. */
export interface PartsFound {
  /** By stroke of the template: the share of its ink that was drawn, 0–1. */
  readonly drawn: readonly number[];
  /** By stroke of the template: the strokes of the drawing that it was found in. */
  readonly foundIn: readonly (readonly number[])[];
  /** By stroke of the drawing: the share of its ink that belongs to the template, 0–1. */
  readonly belongs: readonly number[];
  /** Where a place of the template lies in the drawing: pixels to pixels. */
  readonly toDrawing: (place: readonly [number, number]) => [number, number];
}

/** Points that are set along all strokes of the template. */
const density = 72;

/** What it costs to leave a point without a partner, in squared units of the size of the ink. */
const alone = 0.08;

/** How much less what is explained must cost before one more group counts as left out. */
const gain = 0.85;

/**
 * Finds out which strokes of a template were drawn. The template is laid onto the drawing as a whole, and without each of some groups of its
 * strokes, since what is missing shifts the middle of the rest; the lay that explains most is kept, and the search goes on without that group as long
 * as it gains. A lay is judged by the optimal assignment of evenly spaced points of both, in which a point may stay alone at a
 * cost (Hungarian method with dummies): so it means nothing in which order anything was drawn.
 * @param groups strokes of the template that may be missing together, by number
 */
export function findParts(drawing: Drawing, template: Drawing, groups: readonly (readonly number[])[]): PartsFound {
  const cloud = cloudOf(drawing);
  const lay = (without: ReadonlySet<number>): Lay | null => {
    const kept = template.filter((_, stroke) => !without.has(stroke));
    if (kept.every((stroke) => lengthOf(stroke) === 0)) return null;
    return layOnto(cloud, drawing, cloudOf(kept), template);
  };
  let without: ReadonlySet<number> = new Set();
  let best = lay(without) ?? layOnto(cloud, drawing, cloudOf(template), template);
  for (let left = groups; left.length > 0;) {
    const tried = left.flatMap((group) => {
      const found = lay(new Set([...without, ...group]));
      return found === null ? [] : [{ group, found }];
    });
    const next = tried.reduce<(typeof tried)[number] | null>(
      (least, each) => (least === null || each.found.cost < least.found.cost ? each : least),
      null,
    );
    if (next === null || next.found.cost >= best.cost * gain) break;
    best = next.found;
    without = new Set([...without, ...next.group]);
    left = left.filter((group) => group !== next.group);
  }
  return best;
}

interface Lay extends PartsFound {
  readonly cost: number;
}

function layOnto(cloud: PointCloud, drawing: Drawing, kept: PointCloud, template: Drawing): Lay {
  const { transform } = matchClouds(kept, cloud);
  const toDrawing = ([x, y]: readonly [number, number]): [number, number] => {
    const [u, v] = apply(transform, (x - kept.centre[0]) / kept.scale, (y - kept.centre[1]) / kept.scale);
    return [u * cloud.scale + cloud.centre[0], v * cloud.scale + cloud.centre[1]];
  };
  const laid = template.map((stroke) => stroke.map(toDrawing));
  const spacing = laid.reduce((sum, stroke) => sum + lengthOf(stroke), 0) / density;
  const asked = spaced(laid, spacing, 0);
  // a scribble has more ink than can be paired: what is beyond twice the template's stays alone anyway
  const given = spaced(drawing, spacing, 2 * density);
  const { pairs, cost } = pairOrNot(asked, given, cloud.scale);
  const drawn = template.map(() => [0, 0] as [number, number]);
  const belongs = drawing.map(() => [0, 0] as [number, number]);
  const foundIn = template.map(() => new Set<number>());
  for (const { stroke } of given) belongs[stroke]![1]++;
  asked.forEach(({ stroke }, index) => {
    drawn[stroke]![1]++;
    const partner = given[pairs[index]!];
    if (partner === undefined) return;
    drawn[stroke]![0]++;
    belongs[partner.stroke]![0]++;
    foundIn[stroke]!.add(partner.stroke);
  });
  const share = ([part, whole]: readonly [number, number]): number => (whole === 0 ? 0 : part / whole);
  return {
    cost,
    drawn: drawn.map(share),
    foundIn: foundIn.map((strokes) => [...strokes].sort((a, b) => a - b)),
    belongs: belongs.map(share),
    toDrawing,
  };
}

function apply({ a, b, c, d, e, f }: Affine, x: number, y: number): [number, number] {
  return [a * x + b * y + e, c * x + d * y + f];
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly stroke: number;
}

/** Points along strokes, this far apart, one in each stroke at least; of more than `most` every so-manieth, where that is not 0. */
function spaced(drawing: Drawing, spacing: number, most: number): Spot[] {
  const lengths = drawing.map(lengthOf);
  const total = lengths.reduce((sum, each) => sum + each, 0);
  const apart = most === 0 ? spacing : Math.max(spacing, total / most);
  return drawing.flatMap((points, stroke) => {
    const count = apart === 0 ? 1 : Math.max(1, Math.round(lengths[stroke]! / apart));
    const distances = Array.from({ length: count }, (_, number) => ((number + 0.5) / count) * lengths[stroke]!);
    return placesAlong(points, distances).map(([x, y]) => ({ x, y, stroke }));
  });
}

/** Pairs spots at the least cost, where each may stay alone. `pairs` has −1 for those. */
function pairOrNot(asked: readonly Spot[], given: readonly Spot[], unit: number): { pairs: number[]; cost: number } {
  const costs = asked.map(({ x, y }) => [
    ...given.map((other) => Math.min(2 * alone, ((x - other.x) ** 2 + (y - other.y) ** 2) / unit ** 2)),
    ...asked.map(() => 2 * alone),
  ]);
  const pairs = asked.map(() => -1);
  let cost = 0;
  let paired = 0;
  for (const [row, column] of munkres(costs)) {
    const each = costs[row]![column]!;
    if (column >= given.length || each >= 2 * alone) continue;
    pairs[row] = column;
    cost += each;
    paired++;
  }
  return { pairs, cost: cost + alone * (asked.length - paired + given.length - paired) };
}
