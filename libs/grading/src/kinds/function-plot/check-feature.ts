import { discreteFrechet } from '../../ink/discrete-frechet.js';
import type { ErrorCode } from '../../model/grading-result.js';
import type { Feature } from './function-plot.js';
import { curveSamples, type AxisFrame, type Curve } from './read-curve.js';

/** How far a curve is from having a feature. */
export interface FeatureCheck {
  /** In units of what is allowed: up to 1 it has the feature. Infinity where it is not drawn. */
  readonly off: number;
  readonly error: ErrorCode;
  /** Where it is off first, as shares of the x-axis; where it has the feature, where that was looked for. */
  readonly where: readonly [number, number];
}

/** So much of an interval may be left out, or have two values. */
const mayLack = 0.08;

/** At an asymptote it must come so far towards the rim of the axes. */
const rim = 0.85;

const xAt = (index: number): number => index / (curveSamples - 1);

/**
 * Checks one feature, on axes of length 1.
 *
 * - monotone: the largest fall below what was reached before, halved, which is how far the best monotone curve is away (isotonic regression in the
 *   maximum norm: J. B. Robertson & F. T. Wright, 1980);
 * - curvature: the same for the best convex curve: half the largest distance from the lower convex hull;
 * - follows: the discrete Fréchet distance.
 */
export function checkFeature(feature: Feature, curve: Curve, frame: AxisFrame): FeatureCheck {
  switch (feature.feature) {
    case 'drawn': {
      const range = indicesOf([frame.xOf(feature.on[0]), frame.xOf(feature.on[1])]);
      const lacking = first(range, (i) => Number.isNaN(curve.y[i]!));
      const double = first(range, (i) => curve.isDouble[i] === 1);
      const [worse, error] =
        double.count > lacking.count ? [double, 'not-a-function' as const] : [lacking, 'missing' as const];
      return { off: worse.count / (mayLack * range.length), error, where: worse.where };
    }
    case 'monotone': {
      const sign = feature.direction === 'rising' ? 1 : -1;
      return over(feature, curve, frame, 'not-monotone', (_, values) => fallsOf(values.map((y) => sign * y)));
    }
    case 'curvature': {
      const sign = feature.direction === 'upwards' ? 1 : -1;
      return over(feature, curve, frame, 'wrong-curvature', (xs, values) =>
        bulgesOf(
          xs,
          values.map((y) => sign * y),
        ),
      );
    }
    case 'side': {
      const sign = feature.side === 'above' ? 1 : -1;
      const other = feature.of.map((place) => frame.fromValues(place));
      return over(feature, curve, frame, 'wrong-side', (xs, values) =>
        values.map((y, i) => Math.max(0, sign * (valueAt(other, xs[i]!) - y))),
      );
    }
    case 'passes-through': {
      const [x, y] = frame.fromValues(feature.at);
      const near = placesOf(curve, [x - feature.tolerance, x + feature.tolerance]);
      const distance = Math.min(...near.map(([u, v]) => Math.hypot(u - x, v - y)), Infinity);
      return {
        off: distance / feature.tolerance,
        error: near.length === 0 ? 'missing' : 'off-point',
        where: around(x, feature.tolerance),
      };
    }
    case 'extremum':
      return checkExtremum(feature, curve, frame);
    case 'horizontal-asymptote':
      return checkHorizontal(feature, curve, frame);
    case 'vertical-asymptote':
      return checkVertical(feature, curve, frame);
    case 'follows': {
      const asked = feature.curve.map((place) => frame.fromValues(place));
      const range: [number, number] = [asked[0]![0], asked.at(-1)![0]];
      const drawn = placesOf(curve, range);
      const even = indicesOf(range).map((i): [number, number] => [xAt(i), valueAt(asked, xAt(i))]);
      if (drawn.length < (1 - mayLack) * even.length)
        return { off: Infinity, error: 'missing', where: gapOf(curve, range) };
      const away = first(indicesOf(range), (i) => Math.abs(curve.y[i]! - valueAt(asked, xAt(i))) > feature.tolerance);
      return { off: discreteFrechet(drawn, even) / feature.tolerance, error: 'off-curve', where: away.where };
    }
  }
}

/** Checks place by place how far off the curve is on an interval, in units of the axes. */
function over(
  { on, tolerance }: { readonly on: readonly [number, number]; readonly tolerance: number },
  curve: Curve,
  frame: AxisFrame,
  error: ErrorCode,
  offsOf: (xs: readonly number[], values: readonly number[]) => readonly number[],
): FeatureCheck {
  const range: [number, number] = [frame.xOf(on[0]), frame.xOf(on[1])];
  const indices = indicesOf(range);
  const places = placesOf(curve, range);
  if (places.length < 2 || places.length < (1 - mayLack) * indices.length) {
    return { off: Infinity, error: 'missing', where: gapOf(curve, range) };
  }
  const xs = places.map(([x]) => x);
  const offs = offsOf(
    xs,
    places.map(([, y]) => y),
  );
  const most = Math.max(...offs);
  const from = offs.findIndex((off) => off > tolerance);
  const until = from < 0 ? -1 : offs.findIndex((off, i) => i > from && off <= tolerance);
  const where: [number, number] = from < 0 ? range : [xs[from]!, until < 0 ? xs.at(-1)! : xs[until]!];
  return { off: most / tolerance, error, where };
}

/** By place: half of how far it is below what was reached before. */
function fallsOf(values: readonly number[]): number[] {
  let reached = -Infinity;
  return values.map((value) => {
    reached = Math.max(reached, value);
    return (reached - value) / 2;
  });
}

/** By place: half of how far it is above the lower convex hull. */
function bulgesOf(xs: readonly number[], values: readonly number[]): number[] {
  const hull: number[] = [];
  for (let i = 0; i < xs.length; i++) {
    while (hull.length > 1 && isLeftTurn(xs, values, hull.at(-2)!, hull.at(-1)!, i)) hull.pop();
    hull.push(i);
  }
  let side = 0;
  return xs.map((x, i) => {
    while (side < hull.length - 2 && xs[hull[side + 1]!]! < x) side++;
    const [a, b] = [hull[side]!, hull[side + 1]!];
    const share = (x - xs[a]!) / (xs[b]! - xs[a]!);
    return (values[i]! - (values[a]! + share * (values[b]! - values[a]!))) / 2;
  });
}

/** Whether b is not below the line from a to c: then the hull goes from a to c. */
function isLeftTurn(xs: readonly number[], values: readonly number[], a: number, b: number, c: number): boolean {
  return (xs[b]! - xs[a]!) * (values[c]! - values[a]!) - (xs[c]! - xs[a]!) * (values[b]! - values[a]!) <= 0;
}

/** An extremum: the highest place around is where it should be, and lower on both sides. */
function checkExtremum(
  { at, extremum, tolerance }: Extract<Feature, { feature: 'extremum' }>,
  curve: Curve,
  frame: AxisFrame,
): FeatureCheck {
  const sign = extremum === 'maximum' ? 1 : -1;
  const [x, y] = frame.fromValues(at);
  const reach = 3 * tolerance;
  const where = around(x, reach);
  const places = placesOf(curve, [x - reach, x + reach]).map(([u, v]): [number, number] => [u, sign * v]);
  if (places.length < 3) return { off: Infinity, error: 'missing', where };
  const top = places.reduce((best, place) => (place[1] > best[1] ? place : best));
  const isTurn = places.some(([u, v]) => u < top[0] && v < top[1]) && places.some(([u, v]) => u > top[0] && v < top[1]);
  const distance = Math.hypot((top[0] - x) / 2, top[1] - sign * y);
  // flat at the top, its middle is hard to place: half as strict along x
  return { off: isTurn ? distance / tolerance : Infinity, error: 'off-point', where };
}

function checkHorizontal(
  { y: value, towards, tolerance }: Extract<Feature, { feature: 'horizontal-asymptote' }>,
  curve: Curve,
  frame: AxisFrame,
): FeatureCheck {
  const y = frame.yOf(value);
  const end: [number, number] = towards === 'right' ? [0.7, 1] : [0, 0.3];
  const drawn = placesOf(curve, end);
  const places = towards === 'right' ? drawn : drawn.toReversed();
  const edge = places.at(-1);
  if (edge === undefined || Math.abs(edge[0] - (towards === 'right' ? 1 : 0)) > 0.12) {
    return { off: Infinity, error: 'missing', where: gapOf(curve, end) };
  }
  const gaps = places.map(([, v]) => Math.abs(v - y));
  // near at the end, and never farther than before
  const leaving = Math.max(...fallsOf(gaps.map((gap) => -gap)));
  return { off: Math.max(gaps.at(-1)!, leaving) / tolerance, error: 'off-asymptote', where: end };
}

function checkVertical(
  { x: value, from, goes, tolerance }: Extract<Feature, { feature: 'vertical-asymptote' }>,
  curve: Curve,
  frame: AxisFrame,
): FeatureCheck {
  const x = frame.xOf(value);
  const reach = 0.2;
  const side: [number, number] = from === 'left' ? [x - reach, x - 1e-9] : [x + 1e-9, x + reach];
  const places = placesOf(curve, side);
  if (places.length === 0) return { off: Infinity, error: 'missing', where: side };
  const up = places.map(([u, v]): [number, number] => [u, goes === 'up' ? v : 1 - v]);
  const reached = up.filter(([, v]) => v >= rim);
  if (reached.length === 0) {
    const most = Math.max(...up.map(([, v]) => v));
    return { off: 1 + (rim - most) / tolerance, error: 'off-asymptote', where: side };
  }
  // where it leaves the axes: not farther from the asymptote than is allowed, for a line that is drawn by hand twice that
  const nearest = Math.min(...reached.map(([u]) => Math.abs(u - x)));
  return { off: nearest / (2 * tolerance), error: 'off-asymptote', where: side };
}

type Range = readonly [number, number];

/** The places that are looked at in a range of the x-axis. */
function indicesOf([from, to]: Range): number[] {
  return Array.from({ length: curveSamples }, (_, i) => i).filter((i) => xAt(i) >= from - 1e-9 && xAt(i) <= to + 1e-9);
}

function placesOf({ y }: Curve, range: Range): [number, number][] {
  return indicesOf(range).flatMap((i): [number, number][] => (Number.isNaN(y[i]!) ? [] : [[xAt(i), y[i]!]]));
}

/** How many of some places are so, and where the first of them are. */
function first(
  indices: readonly number[],
  isSo: (index: number) => boolean,
): { count: number; where: [number, number] } {
  const found = indices.filter(isSo);
  const [from] = found;
  const whole: [number, number] = [xAt(indices[0] ?? 0), xAt(indices.at(-1) ?? 0)];
  if (from === undefined) return { count: 0, where: whole };
  const until = indices.find((i) => i > from && !isSo(i)) ?? indices.at(-1)!;
  return { count: found.length, where: [xAt(from), xAt(until)] };
}

function gapOf({ y }: Curve, range: Range): [number, number] {
  return first(indicesOf(range), (i) => Number.isNaN(y[i]!)).where;
}

function around(x: number, reach: number): [number, number] {
  return [Math.max(0, x - reach), Math.min(1, x + reach)];
}

/** The value of a polyline at a place, beyond its ends that of the end. */
function valueAt(curve: readonly (readonly [number, number])[], x: number): number {
  const next = curve.findIndex(([at]) => at >= x);
  if (next === 0) return curve[0]![1];
  if (next < 0) return curve.at(-1)![1];
  const [[x0, y0], [x1, y1]] = [curve[next - 1]!, curve[next]!];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
