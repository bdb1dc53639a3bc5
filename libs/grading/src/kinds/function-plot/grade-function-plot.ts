import { gradedByRules } from '../graded-by-rules.js';
import type { CriterionScore, GradingResult, HintKey } from '../../model/grading-result.js';
import type { Polygon } from '../../model/geometry.js';
import { cornersOf, type Marks } from '../../model/marks.js';
import { writtenOf } from '../../model/written-marks.js';
import { checkFeature, type FeatureCheck } from './check-feature.js';
import type { Feature, FunctionPlot } from './function-plot.js';
import { curveThrough } from './values-curve.js';
import { AxisFrame, curveSamples, readCurve, type Curve } from './read-curve.js';

/** What is off by up to so many times what is allowed earns half. */
const nearly = 2;

/** A drawing with two values at more than this share of its places is no graph of a function. */
const mostlyDouble = 0.3;

const confidences = { most: 0.98, double: 0.5, blankOrOffTopic: 0.2 } as const;

/**
 * Grades the graph of a function by its features. The strokes are read as a function of x (see `read-curve.ts`), and each feature is
 * checked by how far the curve is from the nearest one that has it (see `check-feature.ts`), in units of what the teacher allows: up to 1
 * earns all points, up to 2 half. Evidence is the first interval that fails, drawn along the curve.
 *
 * The confidence in a criterion is 1 / (1 + e^(−6 |ln(off / limit)|)) with the nearer of the two limits.
 */
export function gradeFunctionPlot(plot: FunctionPlot, marks: Marks): GradingResult {
  const frame = new AxisFrame(plot.axes);
  const values = writtenOf(marks, 'value').map(({ shape }): [number, number] => [shape.x, shape.y]);
  const told =
    values.length === 0 ? [] : [curveThrough(values).map((place) => frame.toPixels(frame.fromValues(place)))];
  const curve = readCurve([...marks.map(({ shape }) => cornersOf(shape)), ...told], frame);
  const drawn = curve.y.filter((y) => !Number.isNaN(y)).length;
  const doubled = curve.isDouble.filter((each) => each === 1).length;
  const flags = drawn === 0 ? (['blank'] as const) : doubled > mostlyDouble * drawn ? (['off-topic'] as const) : [];
  const criteria = plot.features.map((feature): CriterionScore => {
    if (flags.length === 0) return scoreOf(feature, checkFeature(feature, curve, frame), curve, frame);
    const error = drawn === 0 ? 'missing' : 'not-a-function';
    const score = scoreOf(feature, { off: Infinity, error, where: [0, 1] }, curve, frame);
    return { ...score, confidence: confidences.blankOrOffTopic };
  });
  return gradedByRules('function-plot', criteria, { flags });
}

function scoreOf(
  feature: Feature,
  { off, error, where }: FeatureCheck,
  curve: Curve,
  frame: AxisFrame,
): CriterionScore {
  const { id, label, points, skill } = feature;
  const share = off <= 1 ? 1 : off <= nearly ? 0.5 : 0;
  const [from, to] = [where[0] * (curveSamples - 1), where[1] * (curveSamples - 1)];
  const inside = [...curve.isDouble].slice(Math.round(from), Math.round(to) + 1);
  const isDouble = inside.some((each) => each === 1) && feature.feature !== 'drawn';
  const isRight = share === 1;
  return {
    criterionId: id,
    label,
    points,
    awarded: Math.round(points * share * 1e4) / 1e4,
    confidence: Math.min(sureness(off), isDouble ? confidences.double : confidences.most),
    error: isRight ? null : error,
    evidence: { markIds: [], regions: isRight ? [] : [along(curve, where, frame)] },
    hint: isRight ? null : { key: hintKeyOf(error), parameters: { label, ...interval(where, frame) } },
    skill,
  };
}

function sureness(off: number): number {
  if (!Number.isFinite(off)) return confidences.most;
  const limit = Math.abs(Math.log(off / nearly)) < Math.abs(Math.log(off)) ? nearly : 1;
  return 1 / (1 + Math.exp(-6 * Math.abs(Math.log(Math.max(off, 1e-6) / limit))));
}

function hintKeyOf(error: FeatureCheck['error']): HintKey {
  return error === 'missing' ? 'not-drawn' : error === 'not-a-function' ? 'two-values' : 'interval';
}

/** From and to, in units of the x-axis, to four digits. */
function interval([from, to]: FeatureCheck['where'], frame: AxisFrame): { from: number; to: number } {
  const rounded = (share: number): number => Number(frame.xValue(share).toPrecision(4));
  return { from: rounded(from), to: rounded(to) };
}

/** A band along the curve, in pixels; where nothing is drawn, the whole height of the axes. */
function along(curve: Curve, [from, to]: FeatureCheck['where'], frame: AxisFrame): Polygon {
  const band = 0.03;
  const step = 1 / (curveSamples - 1);
  const places = [...curve.y].flatMap((y, i): [number, number][] =>
    Number.isNaN(y) || i * step < from - step / 2 || i * step > to + step / 2 ? [] : [[i * step, y]],
  );
  const corners: readonly (readonly [number, number])[] =
    places.length < 2
      ? [[from, 0], [Math.max(to, from + step), 0], [Math.max(to, from + step), 1], [from, 1]] // prettier-ignore
      : [
          ...places.map(([x, y]) => [x, y + band] as const),
          ...places.toReversed().map(([x, y]) => [x, y - band] as const),
        ];
  return corners.map((corner) => {
    const [x, y] = frame.toPixels(corner);
    return [Math.round(x * 10) / 10, Math.round(y * 10) / 10] as const;
  });
}
