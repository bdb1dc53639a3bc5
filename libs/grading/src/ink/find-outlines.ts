import { boundsOf, distanceToOutline, type Bounds, type Polygon } from '../model/geometry.js';
import type { Stroke } from './ink.js';
import { diagonalOf, distanceBetween, hullAround, measuresOf, perimeterOf } from './stroke-geometry.js';

/** Strokes that one outline is drawn with, at most. */
const mostStrokes = 6;
/** How far two strokes that go on from one another may be apart: as a share of the larger of them, and of the writing's scale. */
const gap = { ofStroke: 0.42, ofScale: 0.6, ofOverlap: 0.12 } as const;
/** How much of the way around may be open in one place, as a share of the outline's diagonal. */
const opening = 0.5;
/** How far beside an outline what belongs to it lies, as a share of its diagonal. */
const beside = { surely: 0.012, perhaps: 0.035 } as const;
/**
 * The smallest stroke that is a piece of an outline, and the smallest outline of one or two strokes and of more, as shares of the
 * scale; and the smallest piece beside the largest of its outline.
 */
const smallest = { piece: 0.15, outline: 0.2, manifold: 0.45, beside: 0.2 } as const;
/** How much ink there is to the way around: less is an open line, more is scribbling. */
const inkAround = { least: 0.75, most: 2 } as const;
/** Pieces looked at, and for each of them the steps of its search and the outlines found, whatever was drawn. */
const limits = { pieces: 400, steps: 1_000, outlines: 60 } as const;

type Place = readonly [number, number];

/** A stroke that may be a piece of an outline, and which pieces it goes on to from each of its ends. */
interface Piece {
  readonly index: number;
  readonly stroke: Stroke;
  readonly bounds: Bounds;
  readonly diagonal: number;
  readonly length: number;
  readonly ends: readonly [Place, Place];
}

/** A piece by its number, and the end where the way goes on. */
interface Step {
  readonly piece: number;
  readonly end: 0 | 1;
}

/**
 * Groups of strokes that may be the outline of one figure: strokes joined end to end that come back to where they began. A
 * stroke may be part of several such groups; which of them are figures is for a classifier to say.
 * @returns indices into `strokes`, ascending in each group
 */
export function findOutlines(strokes: readonly Stroke[], scale: number): number[][] {
  const pieces = piecesOf(strokes, scale);
  const onwards = pieces.map((piece, own) =>
    [0, 1].map((end) => stepsFrom(pieces, own, piece.ends[end as 0 | 1], scale)),
  );
  const found = new Map<string, number[]>();
  const spent = { steps: 0, outlines: 0 };
  const extend = (chain: readonly number[], begin: Place, at: Step): void => {
    if (spent.steps++ > limits.steps || spent.outlines >= limits.outlines) return;
    const members = chain.map((each) => pieces[each]!);
    const end = pieces[at.piece]!.ends[at.end];
    if (isClosed(members, begin, end, scale)) {
      const indices = members.map(({ index }) => index).sort((a, b) => a - b);
      const key = indices.join();
      if (!found.has(key)) spent.outlines++;
      found.set(key, indices);
    }
    if (chain.length === mostStrokes) return;
    for (const next of onwards[at.piece]![at.end]!) {
      // every ring is walked from its first piece, which is its largest
      const isSmall = pieces[next.piece]!.diagonal < smallest.beside * members[0]!.diagonal;
      if (next.piece > chain[0]! && !isSmall && !chain.includes(next.piece))
        extend([...chain, next.piece], begin, next);
    }
  };
  for (const [first, { ends }] of pieces.entries()) {
    Object.assign(spent, { steps: 0, outlines: 0 });
    extend([first], ends[0], { piece: first, end: 1 });
  }
  return withSpecks([...found.values()], strokes);
}

/**
 * Each group with what else was drawn along its outline: lines gone over twice, dots where the pen rested, and, as another
 * group, what lies a little farther off and may mend it.
 */
function withSpecks(groups: readonly number[][], strokes: readonly Stroke[]): number[][] {
  const boxes = strokes.map((stroke) => measuresOf(stroke).bounds);
  const completed = groups.flatMap((group) => {
    const hull = hullAround(group.map((index) => strokes[index]!));
    const box = boundsOf(hull);
    const diagonal = diagonalOf(box);
    const [surely, perhaps] = [beside.surely * diagonal, beside.perhaps * diagonal];
    const [sure, all]: [number[], number[]] = [[], []];
    for (const [index, stroke] of strokes.entries()) {
      const isOwn = group.includes(index);
      const off = isOwn ? 0 : isWithin(boxes[index]!, box, perhaps) ? farthestOff(stroke, hull, perhaps) : Infinity;
      if (off <= surely && (isOwn || isWithin(boxes[index]!, box, surely))) sure.push(index);
      if (off <= perhaps) all.push(index);
    }
    return [sure, all];
  });
  return [...new Map(completed.map((group) => [group.join(), group])).values()];
}

function isWithin(box: Bounds, { left, top, right, bottom }: Bounds, reach: number): boolean {
  return (
    box.left >= left - reach && box.top >= top - reach && box.right <= right + reach && box.bottom <= bottom + reach
  );
}

/** How far a stroke leaves an outline; Infinity as soon as it is farther than `reach`. */
function farthestOff(stroke: Stroke, hull: Polygon, reach: number): number {
  let farthest = 0;
  for (const [x, y] of stroke) {
    farthest = Math.max(farthest, distanceToOutline(hull, x, y));
    if (farthest > reach) return Infinity;
  }
  return farthest;
}

function piecesOf(strokes: readonly Stroke[], scale: number): Piece[] {
  return strokes
    .map((stroke, index) => {
      const { bounds, length } = measuresOf(stroke);
      return { index, stroke, bounds, length, diagonal: diagonalOf(bounds), ends: endsOf(stroke, length) };
    })
    .filter(({ diagonal }) => diagonal >= smallest.piece * scale)
    .sort((a, b) => b.diagonal - a.diagonal)
    .slice(0, limits.pieces);
}

/** Where a stroke begins and ends; of a line that was drawn there and back, the two places farthest apart. */
function endsOf(stroke: Stroke, length: number): [Place, Place] {
  const [begin, end] = [stroke[0]!, stroke.at(-1)!];
  const far = farthestFrom(stroke, farthestFrom(stroke, begin));
  const farther = farthestFrom(stroke, far);
  const span = distanceBetween(far, farther);
  const wasRetraced = span < 0.8 * length && widthAlong(stroke, far, farther) < 0.08 * span;
  return wasRetraced ? [far, farther] : [begin, end];
}

function farthestFrom(stroke: Stroke, from: Place): Place {
  return stroke.reduce((best, place) => (distanceBetween(place, from) > distanceBetween(best, from) ? place : best));
}

/** How far a stroke leaves the line from `a` to `b`. */
function widthAlong(stroke: Stroke, a: Place, b: Place): number {
  const span = distanceBetween(a, b);
  if (span === 0) return 0;
  return Math.max(...stroke.map(([x, y]) => Math.abs((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / span));
}

function stepsFrom(pieces: readonly Piece[], own: number, end: Place, scale: number): Step[] {
  return pieces.flatMap((piece, other): Step[] => {
    if (other === own) return [];
    const reach = Math.min(gap.ofStroke * Math.max(piece.diagonal, pieces[own]!.diagonal), gap.ofScale * scale);
    const { left, top, right, bottom } = piece.bounds;
    const [x, y] = end;
    if (x < left - reach || x > right + reach || y < top - reach || y > bottom + reach) return [];
    const isNear = ([0, 1] as const).map((each) => distanceBetween(end, piece.ends[each]) <= reach);
    // a stroke that goes over a part of the next is joined to it as well
    const overlaps = !isNear[0] && !isNear[1] && isBeside(piece.stroke, end, gap.ofOverlap * scale);
    return ([0, 1] as const)
      .filter((each) => isNear[1 - each] || overlaps)
      .map((each) => ({ piece: other, end: each }));
  });
}

function isBeside(stroke: Stroke, end: Place, reach: number): boolean {
  return stroke.some((place, at) => at > 0 && distanceToSide(stroke[at - 1]!, place, end) <= reach);
}

function distanceToSide([ax, ay]: Place, [bx, by]: Place, [x, y]: Place): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return distanceBetween([x, y], [ax + along * dx, ay + along * dy]);
}

function isClosed(chain: readonly Piece[], begin: Place, end: Place, scale: number): boolean {
  const bounds = {
    left: Math.min(...chain.map(({ bounds: { left } }) => left)),
    top: Math.min(...chain.map(({ bounds: { top } }) => top)),
    right: Math.max(...chain.map(({ bounds: { right } }) => right)),
    bottom: Math.max(...chain.map(({ bounds: { bottom } }) => bottom)),
  };
  const diagonal = diagonalOf(bounds);
  if (diagonal < (chain.length > 2 ? smallest.manifold : smallest.outline) * scale) return false;
  if (distanceBetween(begin, end) > opening * diagonal) return false;
  const ink = chain.reduce((sum, { length }) => sum + length, 0);
  // no hull is longer around than its box, nor shorter than twice the diagonal
  if (ink < inkAround.least * 2 * diagonal) return false;
  const ratio = ink / perimeterOf(hullAround(chain.map(({ stroke }) => stroke)));
  return ratio >= inkAround.least && ratio <= inkAround.most;
}
