import { joinArrows, type Bounds, type DetectedArrow, type DetectedDrawing, type TypedGraph } from '#libs/grading';
import { overlap } from '#libs/imaging';
import type { Figures } from './grading-evaluation.js';
import type { LabelledProcess } from './hdbpmn-photos.js';

/** The overlap (intersection over union) of a box that is right. */
const rightOverlap = 0.5;
/**
 * Boxes of arrows are widened to this share of the longer side at least, those found and those of the truth: the box of an arrow that
 * runs straight is a line, whose overlap hangs on a pixel.
 */
const leastOfArrow = 0.025;
/** How far from the truth an end is right, as a share of the longer side. */
const rightEnd = 0.03;

/** What was asked for, was found, and is right of it. */
export interface Counts {
  readonly asked: number;
  readonly found: number;
  readonly right: number;
}

/** Which of the found ones are right, and of which of those asked for; null where none. */
export interface Matched {
  readonly shapes: readonly (number | null)[];
  readonly arrows: readonly (number | null)[];
  readonly ends: readonly (number | null)[];
  readonly joins: readonly (number | null)[];
  readonly words: readonly (number | null)[];
}

/** Both directions of a data association look the same; an arrow of the truth is called as a detector calls it. */
export function lookOf(type: string): string {
  return /^data(In|Out)putAssociation$/.test(type) ? 'dataAssociation' : type;
}

/** The graph of what was found. An arrow that leads nowhere is left out, and a data association is named by what it leads to. */
export function graphOf({ shapes, arrows }: DetectedDrawing): TypedGraph {
  const isData = (at: number): boolean => shapes[at]!.label.startsWith('data');
  return {
    nodes: shapes.map(({ label }, at) => ({ id: String(at), type: label })),
    edges: joinArrows(shapes, arrows).flatMap(({ source, target }, at) => {
      if (source === null || target === null) return [];
      const { label } = arrows[at]!;
      const type = label === 'dataAssociation' ? `data${isData(target) ? 'Out' : 'In'}putAssociation` : label;
      return [{ source: String(source), target: String(target), type }];
    }),
  };
}

/**
 * Compares what was found on a photo with its truth, best first, each of the truth once:
 * - a shape is right where its label is, and its box overlaps by one half
 * - an arrow where its kind is, and its box, widened, overlaps by one half; its ends where both lie near those of the truth
 * - an arrow joins right where the shapes at its ends are right, and are those that the truth joins
 */
export function matchDrawing(process: LabelledProcess, drawing: DetectedDrawing): Matched {
  const { shapes, arrows, words } = drawing;
  const side = Math.max(process.width, process.height);
  const shapesRight = match(shapes.length, process.nodes.length, (found, asked) => {
    const { label, box } = shapes[found]!;
    const node = process.nodes[asked]!;
    return label === node.type ? overlap(box, boundsOfBox(node.bbox)) : 0;
  });
  const wide = leastOfArrow * side;
  const isKind = (found: number, asked: number): boolean => arrows[found]!.label === lookOf(process.edges[asked]!.type);
  const arrowsRight = match(arrows.length, process.edges.length, (found, asked) => {
    if (!isKind(found, asked)) return 0;
    return overlap(widened(boxOf(arrows[found]!), wide), widened(boundsOfRoute(process.edges[asked]!.points), wide));
  });
  const ends = match(arrows.length, process.edges.length, (found, asked) => {
    const { points } = process.edges[asked]!;
    const { tail, head } = arrows[found]!;
    const off = Math.max(distance(tail, points[0]!), distance(head, points.at(-1)!)) / side;
    return isKind(found, asked) && off <= rightEnd ? 1 - off : 0;
  });
  const found = joinArrows(shapes, arrows);
  const nodeOf = (shape: number | null): string | null => {
    const asked = shape === null ? null : shapesRight[shape]!;
    return asked === null ? null : process.nodes[asked]!.id;
  };
  const joins = match(arrows.length, process.edges.length, (at, asked) => {
    const { source, target } = process.edges[asked]!;
    return nodeOf(found[at]!.source) === source && nodeOf(found[at]!.target) === target ? 1 : 0;
  });
  const wordsRight = match(words.length, process.words.length, (at, asked) =>
    overlap(words[at]!.box, boundsOfBox(process.words[asked]!.bbox)),
  );
  return { shapes: shapesRight, arrows: arrowsRight, ends, joins, words: wordsRight };
}

/** F1, precision and recall. */
export function scoresOf(all: readonly Counts[]): Figures & { readonly f1: number } {
  const sum = (of: keyof Counts): number => all.reduce((total, each) => total + each[of], 0);
  const [asked, found, right] = [sum('asked'), sum('found'), sum('right')];
  const share = (of: number): number => (of === 0 ? 0 : right / of);
  return {
    f1: asked + found === 0 ? 0 : (2 * right) / (asked + found),
    precision: share(found),
    recall: share(asked),
  };
}

export function countsOf(matched: readonly (number | null)[], asked: number): Counts {
  return { asked, found: matched.length, right: matched.filter((at) => at !== null).length };
}

/** Of the found ones, in their order, each takes of those that are left what it is most like, if that is half or more. */
function match(found: number, asked: number, likeness: (found: number, asked: number) => number): (number | null)[] {
  const free = new Set(Array.from({ length: asked }, (_, at) => at));
  return Array.from({ length: found }, (_, at) => {
    let best: number | null = null;
    let most = rightOverlap;
    for (const each of free) {
      const alike = likeness(at, each);
      if (alike >= most) [best, most] = [each, alike];
    }
    if (best !== null) free.delete(best);
    return best;
  });
}

/** The box of an arrow, and its ends inside. */
function boxOf({ box, tail, head }: DetectedArrow): Bounds {
  const route = boundsOfRoute([tail, head]);
  return {
    left: Math.min(box.left, route.left),
    top: Math.min(box.top, route.top),
    right: Math.max(box.right, route.right),
    bottom: Math.max(box.bottom, route.bottom),
  };
}

export function boundsOfBox([x, y, width, height]: readonly [number, number, number, number]): Bounds {
  return { left: x, top: y, right: x + width, bottom: y + height };
}

function boundsOfRoute(points: readonly (readonly [number, number])[]): Bounds {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function widened({ left, top, right, bottom }: Bounds, least: number): Bounds {
  const [across, down] = [Math.max(0, least - (right - left)) / 2, Math.max(0, least - (bottom - top)) / 2];
  return { left: left - across, top: top - down, right: right + across, bottom: bottom + down };
}

function distance([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  return Math.hypot(ax - bx, ay - by);
}
