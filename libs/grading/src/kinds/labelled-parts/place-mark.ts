import { areaOf, boundsOf, contains, distanceToOutline, type Bounds, type Polygon } from '../../model/geometry.js';
import type { LabelledParts } from './labelled-parts.js';
import { cornersOf, type MarkShape } from '../../model/marks.js';

/** How a mark lies to one part: within it, beside it but close, or elsewhere; `fit` is 0–1 and ranks within a place. */
export interface PlaceAtPart {
  readonly place: 'inside' | 'near' | 'outside';
  readonly fit: number;
}

/** Where a mark lies. */
export interface Placement {
  /** By index of part. */
  readonly at: readonly PlaceAtPart[];
  /** Whether a small slip of the hand would have put it elsewhere. */
  readonly onTheEdge: boolean;
}

/** The region of one part, with what is asked of it often. */
interface Region {
  readonly part: number;
  readonly polygon: Polygon;
  readonly bounds: Bounds;
  readonly area: number;
}

/** Side of the grid of samples that stands for a drawn shape. */
const grid = 12;

/** Share from which a drawn shape is within a part, and from which it is near it. */
const insideFrom = 0.5;
const nearFrom = 0.25;

const elsewhere: PlaceAtPart = { place: 'outside', fit: 0 };

/**
 * Makes a function that places marks on one specification's parts.
 *
 * Every spot belongs to the smallest region around it alone (innermost wins). A point is inside the part it belongs
 * to, and near a part whose own ground is within the tolerance, the nearer the better. A box or polygon is sampled on
 * a 12 × 12 grid; its fit to a part is the share of it on the part's own ground, or twice its overlap (intersection
 * over union) with one of the part's regions if that is more, so both a small box within a large part and a box drawn
 * around a small part fit. From ½ it is inside, from ¼ near; a shape whose middle is within the tolerance is near too.
 */
export function markPlacer(specification: LabelledParts): (shape: MarkShape) => Placement {
  const { image, parts } = specification;
  const tolerance = specification.tolerance * Math.hypot(image.width, image.height);
  const regions = parts
    .flatMap((part, index) => part.polygons.map((polygon) => regionOf(index, polygon)))
    .sort((a, b) => a.area - b.area);
  return (shape) => {
    if (shape.kind === 'place') return placeNamed(shape.place, parts);
    return shape.kind === 'point'
      ? placePoint(shape.x, shape.y, regions, parts.length, tolerance)
      : placeShape(cornersOf(shape), regions, parts.length, tolerance);
  };
}

/** A place that is named is all of the part that it is. */
function placeNamed(place: string, parts: LabelledParts['parts']): Placement {
  return {
    at: parts.map((part) => (part.place === place ? { place: 'inside', fit: 1 } : elsewhere)),
    onTheEdge: false,
  };
}

function regionOf(part: number, polygon: Polygon): Region {
  return { part, polygon, bounds: boundsOf(polygon), area: areaOf(polygon) };
}

function placePoint(x: number, y: number, regions: readonly Region[], parts: number, tolerance: number): Placement {
  const at = Array.from({ length: parts }, () => elsewhere);
  const around = regions.filter((region) => holds(region, x, y));
  const innermost = around[0];
  for (let part = 0; part < parts; part++) {
    if (innermost?.part === part) {
      at[part] = { place: 'inside', fit: 1 };
      continue;
    }
    const distance = distanceToGround(x, y, part, regions, around, tolerance);
    if (distance <= tolerance) at[part] = { place: 'near', fit: tolerance === 0 ? 1 : 1 - distance / tolerance };
  }
  const onTheEdge = regions.some((region) => distanceWithin(region, x, y, tolerance / 4) < tolerance / 4);
  return { at, onTheEdge };
}

/** How far a point that does not belong to a part is from the part's own ground: into its region, or out of what covers it. */
function distanceToGround(
  x: number,
  y: number,
  part: number,
  regions: readonly Region[],
  around: readonly Region[],
  limit: number,
): number {
  const depth = around.findIndex((region) => region.part === part);
  if (depth > 0) return distanceToOutline(around[depth - 1]!.polygon, x, y);
  let least = Infinity;
  for (const region of regions) {
    if (region.part === part) least = Math.min(least, distanceWithin(region, x, y, limit));
  }
  return least;
}

/** Distance to a region's outline, or infinity without working it out when its bounds are beyond the limit. */
function distanceWithin({ bounds, polygon }: Region, x: number, y: number, limit: number): number {
  const beyond = Math.max(bounds.left - x, x - bounds.right, bounds.top - y, y - bounds.bottom);
  return beyond > limit ? Infinity : distanceToOutline(polygon, x, y);
}

function placeShape(outline: Polygon, regions: readonly Region[], parts: number, tolerance: number): Placement {
  const samples = samplesOf(outline);
  const owned = Array.from({ length: parts }, () => 0);
  const within = regions.map(() => 0);
  for (const [x, y] of samples.points) {
    let owner = -1;
    regions.forEach((region, index) => {
      if (!holds(region, x, y)) return;
      within[index]!++;
      if (owner < 0) owner = region.part;
    });
    if (owner >= 0) owned[owner]!++;
  }
  const fits = owned.map((count) => count / samples.points.length);
  regions.forEach((region, index) => {
    const overlap = (within[index]! / samples.points.length) * samples.area;
    const ratio = overlap / (samples.area + region.area - overlap);
    fits[region.part] = Math.max(fits[region.part]!, Math.min(1, 2 * ratio));
  });
  const middle = middleOf(outline);
  const centre = placePoint(middle[0], middle[1], regions, parts, tolerance);
  const at = fits.map((fit, part): PlaceAtPart => {
    if (fit >= insideFrom) return { place: 'inside', fit };
    if (fit >= nearFrom) return { place: 'near', fit };
    return centre.at[part]!.place === 'outside' ? elsewhere : { place: 'near', fit: Math.max(fit, 0.1) };
  });
  return { at, onTheEdge: at.every(({ place, fit }) => place !== 'inside' || fit < 0.65) };
}

/** Spots that stand for a shape, and its area. A shape too thin to hold any is stood for by its corners. */
function samplesOf(outline: Polygon): { readonly points: Polygon; readonly area: number } {
  const { left, top, right, bottom } = boundsOf(outline);
  const width = right - left;
  const height = bottom - top;
  const points: (readonly [number, number])[] = [];
  for (let row = 0; row < grid; row++) {
    const y = top + ((row + 0.5) / grid) * height;
    for (let column = 0; column < grid; column++) {
      const x = left + ((column + 0.5) / grid) * width;
      if (contains(outline, x, y)) points.push([x, y]);
    }
  }
  if (points.length === 0) return { points: outline, area: 0 };
  return { points, area: (points.length / grid ** 2) * width * height };
}

function middleOf(outline: Polygon): readonly [number, number] {
  const { left, top, right, bottom } = boundsOf(outline);
  return [(left + right) / 2, (top + bottom) / 2];
}

function holds({ bounds, polygon }: Region, x: number, y: number): boolean {
  return x >= bounds.left && x <= bounds.right && y >= bounds.top && y <= bounds.bottom && contains(polygon, x, y);
}
