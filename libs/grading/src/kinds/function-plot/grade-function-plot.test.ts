import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng, type Rng } from '#libs/kernel';
import type { Stroke } from '../../ink/ink.js';
import type { GradingResult } from '../../model/grading-result.js';
import type { Marks } from '../../model/marks.js';
import { functionPlotSchema, type FunctionPlot } from './function-plot.js';
import { gradeFunctionPlot } from './grade-function-plot.js';

type Real = (x: number) => number;

const canvas = { width: 640, height: 480 };
/** x from −4 to 4, y from −3 to 3. */
const axes = {
  x: { pixels: [40, 600] as [number, number], values: [-4, 4] as [number, number] },
  y: { pixels: [460, 20] as [number, number], values: [-3, 3] as [number, number] },
};
const toPixels = (x: number, y: number): [number, number] => [40 + ((x + 4) / 8) * 560, 460 - ((y + 3) / 6) * 440];

const hints = { orient: 'Look to the left.', point: 'What happens at 0?', show: 'It looks so.' };

function plotOf(...features: { feature: string; [member: string]: unknown }[]): FunctionPlot {
  const base = { points: 2, skill: 'graphs', hints };
  const named = features.map((each, index) => ({ ...base, id: `f${index}`, label: each.feature, ...each }));
  return functionPlotSchema.parse({ kind: 'function-plot', version: 1, canvas, axes, features: named });
}

const sampled = (f: Real, from: number, to: number): [number, number][] =>
  Array.from({ length: 81 }, (_, i) => from + ((to - from) * i) / 80).map((x) => [x, f(x)]);

/** A line drawn by hand: it wavers slowly and trembles a little, and stays on the canvas. */
function drawn(f: Real, from: number, to: number, rng: Rng): Stroke {
  const [phase, speed] = [6 * rng(), 1 + rng()];
  return Array.from({ length: 120 }, (_, i) => {
    const x = from + ((to - from) * i) / 119;
    const [px, py] = toPixels(x, Math.max(-3.1, Math.min(3.1, f(x))));
    return [px, py + 3 * Math.sin(phase + speed * x) + 2 * (rng() - 0.5)] as const;
  });
}

function marksOf(strokes: readonly Stroke[]): Marks {
  return strokes.map((points, index) => ({
    id: `s${index}`,
    label: '',
    shape: { kind: 'stroke', points: points.map(([x, y]): [number, number] => [x, y]) },
  }));
}

const errorsOf = ({ criteria }: GradingResult): (string | null)[] => criteria.map(({ error }) => error);

const square: Real = (x) => x * x - 2;
const parabola = plotOf(
  { feature: 'drawn', on: [-2.2, 2.2] },
  { feature: 'monotone', on: [-2, -0.3], direction: 'falling' },
  { feature: 'monotone', on: [0.3, 2], direction: 'rising' },
  { feature: 'curvature', on: [-2, 2], direction: 'upwards' },
  { feature: 'extremum', at: [0, -2], extremum: 'minimum' },
  { feature: 'passes-through', at: [Math.SQRT2, 0] },
  { feature: 'follows', curve: sampled(square, -2, 2) },
);
const hyperbola = plotOf(
  { feature: 'horizontal-asymptote', y: 0, towards: 'right' },
  { feature: 'horizontal-asymptote', y: 0, towards: 'left' },
  { feature: 'vertical-asymptote', x: 0, from: 'right', goes: 'up' },
  { feature: 'vertical-asymptote', x: 0, from: 'left', goes: 'down' },
  {
    feature: 'side',
    on: [0.4, 4],
    of: [
      [0, 0],
      [4, 0],
    ],
    side: 'above',
  },
);
const right = (x: number): number => 1 / x;
const bothBranches = (f: Real, rng: Rng): Stroke[] => [drawn(f, -4, -0.3, rng), drawn(f, 0.3, 4, rng)];

const hands = Array.from({ length: 40 }, (_, hand) => hand);
/** How many of the hands come out so. */
const share = (isSo: (rng: Rng) => boolean): number =>
  hands.filter((hand) => isSo(seededRng(`hand ${hand}`))).length / hands.length;

describe('the graph of a function', () => {
  it('earns everything where it has all features, by any hand', () => {
    const all = (plot: FunctionPlot, strokesOf: (rng: Rng) => readonly Stroke[]): number =>
      share((rng) => {
        const result = gradeFunctionPlot(plot, marksOf(strokesOf(rng)));
        return result.total === result.maximum && errorsOf(result).every((error) => error === null);
      });
    expect(all(parabola, (rng) => [drawn(square, -2.25, 2.25, rng)])).toBeGreaterThanOrEqual(0.97);
    expect(all(hyperbola, (rng) => bothBranches(right, rng))).toBeGreaterThanOrEqual(0.97);
  });

  it.each<[string, (rng: Rng) => Stroke[], Record<number, string>]>([
    [
      'upside down',
      (rng) => [drawn((x) => -square(x) - 2, -2.25, 2.25, rng)],
      { 1: 'not-monotone', 2: 'not-monotone', 3: 'wrong-curvature', 6: 'off-curve' },
    ],
    ['too high', (rng) => [drawn((x) => square(x) + 1, -2, 2, rng)], { 4: 'off-point', 6: 'off-curve' }],
    ['a straight V', (rng) => [drawn((x) => 1.4 * Math.abs(x) - 2, -2.25, 2.25, rng)], { 1: 'ok', 3: 'ok' }],
    [
      'with a bump',
      (rng) => [drawn((x) => square(x) + 2.4 * Math.exp(-20 * (x - 1.1) ** 2), -2.25, 2.25, rng)],
      { 2: 'not-monotone', 3: 'wrong-curvature', 6: 'off-curve' },
    ],
    ['half of it', (rng) => [drawn(square, 0, 2.25, rng)], { 0: 'missing', 1: 'missing', 2: 'ok', 6: 'missing' }],
  ])('loses what it lacks, and that alone: %s', (_, strokesOf, expected) => {
    const found = share((rng) => {
      const errors = errorsOf(gradeFunctionPlot(parabola, marksOf(strokesOf(rng))));
      return Object.entries(expected).every(
        ([index, error]) => errors[Number(index)] === (error === 'ok' ? null : error),
      );
    });
    expect(found).toBeGreaterThanOrEqual(0.97);
  });

  it.each<[string, Real, Record<number, string>]>([
    ['as it should be', right, {}],
    ['the other way up', (x) => -1 / x, { 2: 'off-asymptote', 3: 'off-asymptote', 4: 'wrong-side' }],
    ['settling too high', (x) => 1 / x + 0.9, { 0: 'off-asymptote', 1: 'off-asymptote' }],
  ])('knows asymptotes: %s', (_, f, expected) => {
    const found = share((rng) => {
      const errors = errorsOf(gradeFunctionPlot(hyperbola, marksOf(bothBranches(f, rng))));
      return errors.every((error, index) => error === (expected[index] ?? (index in expected ? error : null)));
    });
    expect(found).toBeGreaterThanOrEqual(0.97);
  });

  it('tells where it first fails, along the curve', () => {
    const rng = seededRng('x');
    const bump: Real = (x) => square(x) + 2.4 * Math.exp(-20 * (x - 1.1) ** 2);
    const { criteria } = gradeFunctionPlot(parabola, marksOf([drawn(bump, -2.25, 2.25, rng)]));
    const rising = criteria[2]!;
    expect(rising.hint).toMatchObject({ key: 'interval', parameters: { label: 'monotone' } });
    const { from, to } = rising.hint!.parameters as { from: number; to: number };
    expect(from).toBeGreaterThan(1);
    expect(to).toBeLessThan(2);
    for (const [x, y] of rising.evidence.regions[0]!) {
      expect(x).toBeGreaterThan(toPixels(0.9, 0)[0]);
      expect(x).toBeLessThan(toPixels(2, 0)[0]);
      expect(y).toBeGreaterThan(0);
    }
  });

  it('earns half where it is nearly right', () => {
    const plot = plotOf({ feature: 'passes-through', at: [0, 0], tolerance: 0.05 });
    const at = (y: number) => gradeFunctionPlot(plot, marksOf([[toPixels(-1, y), toPixels(1, y)]])).criteria[0]!;
    expect(at(0.1)).toMatchObject({ awarded: 2, error: null });
    expect(at(0.45)).toMatchObject({ awarded: 1, error: 'off-point' });
    expect(at(0.9)).toMatchObject({ awarded: 0, error: 'off-point' });
    expect(at(0.31).confidence).toBeLessThan(0.75);
    expect(at(2).confidence).toBeGreaterThan(0.9);
  });

  it('that is nothing, or no graph of a function, never passes, and is for a person to see', () => {
    expect(gradeFunctionPlot(parabola, [])).toMatchObject({ total: 0, flags: ['blank'] });
    const beside = marksOf([
      [
        [5, 5],
        [10, 460],
      ],
    ]);
    expect(gradeFunctionPlot(parabola, beside)).toMatchObject({ total: 0, flags: ['blank'] });
    for (const hand of hands) {
      const rng = seededRng(`scribble ${hand}`);
      const scribble = Array.from({ length: 60 }, (): [number, number] => [40 + 560 * rng(), 20 + 440 * rng()]);
      const result = gradeFunctionPlot(parabola, marksOf([scribble]));
      expect(result).toMatchObject({ total: 0, flags: ['off-topic'] });
      expect(result.confidence).toBeLessThan(0.75);
    }
    const circle = Array.from({ length: 60 }, (_, i) => toPixels(2 * Math.cos(i / 9.5), 2 * Math.sin(i / 9.5)));
    expect(gradeFunctionPlot(parabola, marksOf([circle]))).toMatchObject({ total: 0, flags: ['off-topic'] });
  });

  it('may be drawn in pieces, in any order and direction', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(110), fc.boolean(), (hand, cut, turn) => {
        const whole = drawn(square, -2.25, 2.25, seededRng(hand));
        const [one, two] = [whole.slice(0, cut + 2), whole.slice(cut + 1)];
        const pieces = [two, turn ? one.toReversed() : one];
        const [result, other] = [[whole], pieces].map((strokes) => gradeFunctionPlot(parabola, marksOf(strokes)));
        expect(other!.criteria.map(({ awarded }) => awarded)).toEqual(result!.criteria.map(({ awarded }) => awarded));
      }),
      { numRuns: 60 },
    );
  });

  it('whatever is drawn: every lost point has an error, a region and a hint', () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 640 }), fc.integer({ min: 0, max: 480 }));
    const strokes = fc.array(fc.array(place, { minLength: 1, maxLength: 20 }), { maxLength: 6 });
    fc.assert(
      fc.property(strokes, fc.constantFrom(parabola, hyperbola), (drawing, plot) => {
        const result = gradeFunctionPlot(plot, marksOf(drawing));
        for (const { points, awarded, error, hint, evidence, confidence } of result.criteria) {
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          if (awarded === points) continue;
          expect(error).not.toBeNull();
          expect(hint).not.toBeNull();
          expect(evidence.regions[0]!.length).toBeGreaterThan(2);
          expect(evidence.regions.flat(2).every(Number.isFinite)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the specification of a plot', () => {
  const faultsOf = (feature: object, more: object = {}): string[] => {
    const base = { id: 'f', label: 'F', points: 1, skill: 's', hints };
    const value = { kind: 'function-plot', version: 1, canvas, axes, features: [{ ...base, ...feature }], ...more };
    const parsed = functionPlotSchema.safeParse(value);
    return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  it('says precisely what is wrong with it', () => {
    const monotone = { feature: 'monotone', direction: 'rising' };
    expect(faultsOf({ ...monotone, on: [0, 1] })).toEqual([]);
    expect(faultsOf({ ...monotone, on: [1, 1] })).toEqual(['features.0.on: the interval must begin before it ends']);
    expect(faultsOf({ ...monotone, on: [0, 5] })).toEqual(['features.0.on: lies beyond the x-axis, -4 to 4']);
    expect(faultsOf({ feature: 'passes-through', at: [0, 9] })).toEqual([
      'features.0.at.1: lies beyond the y-axis, -3 to 3',
    ]);
    expect(
      faultsOf({
        feature: 'follows',
        curve: [
          [0, 0],
          [1, 1],
          [1, 2],
        ],
      }),
    ).toEqual(['features.0.curve.2: does not go from left to right at place 2']);
    expect(
      faultsOf({
        feature: 'side',
        side: 'above',
        on: [0, 2],
        of: [
          [0, 0],
          [1, 0],
        ],
      }),
    ).toEqual(['features.0.of: does not reach over the whole interval']);
    expect(
      faultsOf({ ...monotone, on: [0, 1] }, { axes: { ...axes, x: { pixels: [7, 700], values: [1, 1] } } }),
    ).toEqual([
      'axes.x.pixels: lies outside the 640 × 480 canvas',
      'axes.x.values: the first value must be the smaller one',
      'features.0.on: lies beyond the x-axis, 1 to 1',
    ]);
  });
});
