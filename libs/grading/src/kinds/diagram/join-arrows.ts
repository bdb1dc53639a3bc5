import type { DetectedArrow, DetectedShape } from '../../drawing.ports.js';
import { boundsOf, type Bounds } from '../../model/geometry.js';
import { containers } from './notations.js';

/** By number, the shapes that an arrow leads from and to; null where there is none near its end. */
export interface Join {
  readonly source: number | null;
  readonly target: number | null;
}

/** How far an end may be from its shape: shares of the shape's shorter side, and of the longer side of all that was drawn. */
const farthest = { ofShape: 0.6, ofAll: 0.035 } as const;
/** What stands in something is taken rather than that: its frame has to be so much nearer, as a share of all. */
const insideFirst = 0.01;

/**
 * The shapes that arrows join: for both ends of each the pair of different shapes that lies nearest to them, the sum of both distances
 * being least. An end inside a shape has no distance to it; to a container, the distance is that to its frame.
 */
export function joinArrows(shapes: readonly DetectedShape[], arrows: readonly DetectedArrow[]): Join[] {
  const { left, top, right, bottom } = boundsOf(
    [...shapes, ...arrows].flatMap(({ box }) => [[box.left, box.top] as const, [box.right, box.bottom] as const]),
  );
  const extent = Math.max(right - left, bottom - top, 1);
  return arrows.map(({ tail, head }) => {
    const [from, to] = [near(tail, shapes, extent), near(head, shapes, extent)];
    let best: { readonly join: Join; readonly cost: number } | null = null;
    for (const source of [...from, nowhere(extent)]) {
      for (const target of [...to, nowhere(extent)]) {
        if (source.shape !== null && source.shape === target.shape) continue;
        const cost = source.distance + target.distance;
        if (best === null || cost < best.cost) {
          best = { join: { source: source.shape, target: target.shape }, cost };
        }
      }
    }
    return best!.join;
  });
}

interface Near {
  readonly shape: number | null;
  readonly distance: number;
}

/** To lead nowhere costs more than to lead to anything that is near enough. */
function nowhere(extent: number): Near {
  return { shape: null, distance: extent };
}

function near(end: readonly [number, number], shapes: readonly DetectedShape[], extent: number): Near[] {
  return shapes.flatMap(({ label, box }, shape): Near[] => {
    const isContainer = containers.has(label);
    const distance = isContainer ? toFrame(end, box) : toBox(end, box);
    const side = Math.min(box.right - box.left, box.bottom - box.top);
    const most = isContainer ? farthest.ofAll * extent : Math.max(farthest.ofShape * side, farthest.ofAll * extent);
    return distance <= most ? [{ shape, distance: isContainer ? distance + insideFirst * extent : distance }] : [];
  });
}

/** 0 inside. */
export function toBox([x, y]: readonly [number, number], { left, top, right, bottom }: Bounds): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}

function toFrame([x, y]: readonly [number, number], box: Bounds): number {
  const outside = toBox([x, y], box);
  return outside > 0 ? outside : Math.min(x - box.left, box.right - x, y - box.top, box.bottom - y);
}
