import type { Marks } from '../../model/marks.js';
import { writtenOf, type WrittenFault } from '../../model/written-marks.js';
import type { Axes } from './function-plot.js';

type Place = readonly [x: number, y: number];

/** Places between two values that the curve goes through. */
const between = 16;

/** What is wrong with a curve that is told as points. */
export function* faultsOfValues({ x, y }: Axes, marks: Marks): Generator<WrittenFault> {
  const seen = new Set<number>();
  for (const [at, mark] of marks.entries()) {
    if (mark.shape.kind !== 'value') continue;
    const { x: here, y: height } = mark.shape;
    if (here < x.values[0] || here > x.values[1]) {
      yield { at, member: 'x', message: `lies beyond the x-axis, ${x.values.join(' to ')}` };
    }
    if (height < y.values[0] || height > y.values[1]) {
      yield { at, member: 'y', message: `lies beyond the y-axis, ${y.values.join(' to ')}` };
    }
    if (seen.has(here)) yield { at, member: 'x', message: `is there twice: a function has one value at ${here}` };
    seen.add(here);
  }
  if (seen.size === 1) {
    const at = marks.indexOf(writtenOf(marks, 'value')[0]!);
    yield { at, member: 'x', message: 'a curve takes at least two points' };
  }
}

/**
 * A smooth curve through points, from left to right, that rises and falls only where they do: piecewise cubic Hermite, with the harmonic
 * mean of the two slopes beside a point as its slope there, nothing where they differ in sign (F. N. Fritsch & R. E. Carlson, 1980; the
 * mean of F. N. Fritsch & J. Butland, 1984).
 * @param points in any order, no x twice
 */
export function curveThrough(points: readonly Place[]): Place[] {
  const ordered = points.toSorted((a, b) => a[0] - b[0]);
  if (ordered.length < 2) return ordered;
  const secants = ordered.slice(1).map(([x, y], i) => (y - ordered[i]![1]) / (x - ordered[i]![0]));
  const slopes = ordered.map((_, i) => slopeAt(ordered, secants, i));
  const curve = secants.flatMap((_, i): Place[] => {
    const [[x0, y0], [x1, y1]] = [ordered[i]!, ordered[i + 1]!];
    const width = x1 - x0;
    return Array.from({ length: between }, (__, step): Place => {
      const t = step / between;
      const y =
        (1 + 2 * t) * (1 - t) ** 2 * y0 +
        t * (1 - t) ** 2 * width * slopes[i]! +
        t * t * (3 - 2 * t) * y1 +
        t * t * (t - 1) * width * slopes[i + 1]!;
      return [x0 + t * width, y];
    });
  });
  return [...curve, ordered.at(-1)!];
}

/** At the ends the slope that a parabola through three points would have, as far as that keeps the curve between its points. */
function slopeAt(points: readonly Place[], secants: readonly number[], i: number): number {
  const [before, after] = [secants[i - 1], secants[i]];
  if (before !== undefined && after !== undefined) {
    if (before * after <= 0) return 0;
    const [left, right] = [points[i]![0] - points[i - 1]![0], points[i + 1]![0] - points[i]![0]];
    const [a, b] = [2 * right + left, right + 2 * left];
    return (a + b) / (a / before + b / after);
  }
  const isFirst = before === undefined;
  const own = isFirst ? after! : before;
  const next = isFirst ? secants[1] : secants.at(-2);
  if (next === undefined) return own;
  const [near, far] = isFirst
    ? [points[1]![0] - points[0]![0], points[2]![0] - points[1]![0]]
    : [points[i]![0] - points[i - 1]![0], points[i - 1]![0] - points[i - 2]![0]];
  const slope = ((2 * near + far) * own - near * next) / (near + far);
  if (slope * own <= 0) return 0;
  return own * next <= 0 && Math.abs(slope) > 3 * Math.abs(own) ? 3 * own : slope;
}
