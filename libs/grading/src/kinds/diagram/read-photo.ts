import type { DetectedArrow, DetectedDrawing, DetectedShape } from '../../drawing.ports.js';
import { contains, type Bounds, type Polygon } from '../../model/geometry.js';
import { matchMarks } from '../../model/match-marks.js';
import { joinArrows, toBox } from './join-arrows.js';
import { flowchartShapes } from './notations.js';
import type { DrawnDiagram, Writing } from './read-diagram.js';

/** How far beside an arrow its words stand at most, and how much nearer a second one has to be: in heights of the word. */
const besideArrow = { most: 2.5, second: 1.5 } as const;

/**
 * The graph of a diagram on a photo: its figures, and the arrows with the figures that their ends lie nearest to. What is written is
 * seen, and not read: words in a figure are its own, the others are given to the arrows that they stand beside.
 */
export function readPhoto({ shapes, arrows, words }: DetectedDrawing): DrawnDiagram {
  const joins = joinArrows(shapes, arrows);
  const figureOf = words.map(({ box }) => shapes.findIndex((shape) => contains(frameOf(shape), ...middleOf(box))));
  const writtenIn = new Set(figureOf);
  const writtenAt = arrowsOf(
    words.flatMap(({ box }, at) => (figureOf[at] === -1 ? [box] : [])),
    arrows,
  );
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

/** The arrows that words stand beside: all together nearest, and rather one at each of two arrows than both at one. */
function arrowsOf(words: readonly Bounds[], arrows: readonly DetectedArrow[]): ReadonlySet<number> {
  const worth = (word: number, place: number): number => {
    const box = words[word]!;
    const height = box.bottom - box.top;
    const { tail, head, box: around } = arrows[place % arrows.length]!;
    const distance = Math.min(toSegment(middleOf(box), tail, head), toBox(middleOf(box), around) + height);
    const isSecond = place >= arrows.length;
    return Math.max(0, besideArrow.most - distance / height - (isSecond ? besideArrow.second : 0));
  };
  return new Set(matchMarks(words.length, 2 * arrows.length, worth).map(({ mark }) => mark % arrows.length));
}

type Place = readonly [number, number];

function middleOf({ left, top, right, bottom }: Bounds): Place {
  return [(left + right) / 2, (top + bottom) / 2];
}

/** What a word has to stand in to be a figure's own: beside the corners of a decision there is room for those of its arrows. */
function frameOf({ label, box }: DetectedShape): Polygon {
  if (flowchartShapes.get(label) !== 'decision') return outlineOf(box);
  const { left, top, right, bottom } = box;
  const [x, y] = middleOf(box);
  return [
    [x, top],
    [right, y],
    [x, bottom],
    [left, y],
  ];
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
