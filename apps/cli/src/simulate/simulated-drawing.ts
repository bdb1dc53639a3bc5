import type { Rng } from '#libs/kernel';
import type { LabelledParts } from '#libs/grading';
import { normal, pick } from './chance.js';

/** A label at a point of the picture. */
export interface DrawnMark {
  readonly id: string;
  readonly label: string;
  readonly shape: { readonly kind: 'point'; readonly x: number; readonly y: number };
}

/**
 * Labels the parts of a picture as a learner would: most labels lie inside their part, some beside it; some are
 * swapped, misspelt, or missing. The stronger the ability (logits), the fewer mistakes.
 */
export function drawMarks({ parts, image }: LabelledParts, ability: number, rng: Rng): DrawnMark[] {
  const mistakes = 0.6 / (1 + Math.exp(ability)) + 0.05;
  const marks: DrawnMark[] = [];
  for (const [index, part] of parts.entries()) {
    if (rng() < mistakes * 0.5) continue;
    const [x, y] = insideOf(pick(part.polygons, rng), rng);
    const strays = rng() < mistakes * 0.5 ? 60 : 1.5;
    const named = rng() < mistakes ? pick(parts, rng) : part;
    marks.push({
      id: `mark-${index + 1}`,
      label: rng() < 0.15 ? misspelt(named.label, rng) : named.label,
      shape: {
        kind: 'point',
        x: within(x + strays * normal(rng), image.width),
        y: within(y + strays * normal(rng), image.height),
      },
    });
  }
  return marks;
}

type Point = readonly [number, number];

/** A point inside a polygon: of some that are drawn at random from its box, the first that lies in it. */
function insideOf(polygon: readonly Point[], rng: Rng): Point {
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  for (let attempt = 0; attempt < 200; attempt++) {
    const point = [left + rng() * (right - left), top + rng() * (bottom - top)] as const;
    if (contains(polygon, point)) return point;
  }
  return polygon[0]!;
}

/** Whether a ray from the point crosses the polygon's edges an odd number of times. */
function contains(polygon: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  for (const [index, [x1, y1]] of polygon.entries()) {
    const [x2, y2] = polygon[(index + 1) % polygon.length]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

function misspelt(label: string, rng: Rng): string {
  const at = 1 + Math.floor(rng() * Math.max(1, label.length - 2));
  return label.slice(0, at) + label.slice(at + 1);
}

function within(value: number, size: number): number {
  return Math.round(Math.min(Math.max(value, 0), size - 1) * 10) / 10;
}
