import type { DetectedDrawing } from '../../drawing.ports.js';
import { contains, type Bounds, type Polygon } from '../../model/geometry.js';
import { joinArrows, toBox } from './join-arrows.js';
import { flowchartShapes } from './notations.js';
import type { DrawnDiagram, Writing } from './read-diagram.js';

/** How far beside an arrow its words stand at most, in heights of the word. */
const besideArrow = 2.5;

/**
 * The graph of a diagram on a photo: its figures, and the arrows with the figures that their ends lie nearest to. What is written is
 * seen, and not read: words in a figure are its own, those beside an arrow that of the nearest.
 */
export function readPhoto({ shapes, arrows, words }: DetectedDrawing): DrawnDiagram {
  const joins = joinArrows(shapes, arrows);
  const writtenIn = new Set<number>();
  const writtenAt = new Set<number>();
  for (const { box } of words) {
    const place = middleOf(box);
    const figure = shapes.findIndex((shape) => contains(outlineOf(shape.box), ...place));
    if (figure >= 0) writtenIn.add(figure);
    else {
      const distances = arrows.map(({ tail, head, box: around }) =>
        Math.min(toSegment(place, tail, head), toBox(place, around) + (box.bottom - box.top)),
      );
      const nearest = Math.min(...distances);
      if (nearest <= besideArrow * (box.bottom - box.top)) writtenAt.add(distances.indexOf(nearest));
    }
  }
  const writing = (isWritten: boolean): Writing => ({ kind: isWritten ? 'ink' : 'none' });
  return {
    nodes: shapes.map(({ label, probability, box }, at) => ({
      type: flowchartShapes.get(label)!,
      probability,
      region: outlineOf(box),
      markIds: [],
      writing: writing(writtenIn.has(at)),
    })),
    edges: arrows.map(({ probability, box, tail, head, ends }, at) => ({
      ...joins[at]!,
      directed: ends,
      probability,
      region: outlineOf(boxAround(box, [tail, head])),
      markIds: [],
      writing: writing(writtenAt.has(at)),
    })),
    loose: [],
  };
}

type Place = readonly [number, number];

function middleOf({ left, top, right, bottom }: Bounds): Place {
  return [(left + right) / 2, (top + bottom) / 2];
}

function outlineOf({ left, top, right, bottom }: Bounds): Polygon {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** The box around a box and some places, at least 4 pixels wide and high. */
function boxAround(box: Bounds, places: readonly Place[]): Bounds {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const [left, right] = [Math.min(box.left, ...xs), Math.max(box.right, ...xs)];
  const [top, bottom] = [Math.min(box.top, ...ys), Math.max(box.bottom, ...ys)];
  const [across, down] = [Math.max(0, 4 - (right - left)) / 2, Math.max(0, 4 - (bottom - top)) / 2];
  return { left: left - across, top: top - down, right: right + across, bottom: bottom + down };
}

function toSegment([x, y]: Place, [ax, ay]: Place, [bx, by]: Place): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}
