import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { fitPlattScale, meanLogLoss, fitLogistic, type DesignMatrix } from './logistic-fit.js';

/** Rows with a constant, two numbers and one of three marks. */
function generated(rows: number, truth: readonly number[], seed: string): DesignMatrix {
  const rng = seededRng(seed);
  const columns: number[] = [];
  const values: number[] = [];
  const answers = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const features = [
      [0, 1],
      [1, rng() * 2 - 1],
      [2, rng() * 2 - 1],
      [3 + Math.floor(rng() * 3), 1],
    ] as const;
    let z = 0;
    for (const [column, value] of features) {
      columns.push(column);
      values.push(value);
      z += truth[column]! * value;
    }
    answers[row] = rng() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  }
  const starts = Int32Array.from({ length: rows + 1 }, (_, row) => row * 4);
  return { columns: Int32Array.from(columns), values: Float32Array.from(values), starts, answers, width: 6 };
}

function gradient(
  { columns, values, starts, answers, width }: DesignMatrix,
  weights: Float64Array,
  penalty: Float64Array,
) {
  const slope = Float64Array.from(weights, (weight, j) => penalty[j]! * weight);
  for (let row = 0; row < answers.length; row++) {
    let z = 0;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) z += weights[columns[at]!]! * values[at]!;
    const error = 1 / (1 + Math.exp(-z)) - answers[row]!;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) slope[columns[at]!]! += error * values[at]!;
  }
  expect(slope).toHaveLength(width);
  return slope;
}

describe('fitting a logistic regression', () => {
  const truth = [0.3, 1.5, -2, 0.5, 0, -0.5];

  it('ends where the penalised loss is flat, near the weights that made the data', () => {
    const matrix = generated(20_000, truth, 'fit');
    const penalty = new Float64Array(6).fill(1);
    const losses: number[] = [];
    const weights = fitLogistic(matrix, { penalty, onIteration: (_, loss) => losses.push(loss) });
    for (const slope of gradient(matrix, weights, penalty)) expect(Math.abs(slope) / 20_000).toBeLessThan(1e-3);
    // Three standard errors, about .045 each at 20,000 rows.
    const apart = [weights[1]! - 1.5, weights[2]! + 2, weights[3]! - weights[5]! - 1];
    for (const distance of apart) expect(Math.abs(distance)).toBeLessThan(0.135);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
  });

  it('is the same every time', () => {
    const matrix = generated(500, truth, 'again');
    const penalty = new Float64Array(6).fill(1);
    expect(fitLogistic(matrix, { penalty })).toEqual(fitLogistic(matrix, { penalty }));
  });

  it('holds a weight down by its penalty', () => {
    const matrix = generated(500, truth, 'penalty');
    const free = fitLogistic(matrix, { penalty: new Float64Array(6).fill(0.1) });
    const held = fitLogistic(matrix, { penalty: Float64Array.of(0.1, 1e6, 0.1, 0.1, 0.1, 0.1) });
    expect(Math.abs(held[1]!)).toBeLessThan(1e-2);
    expect(Math.abs(free[1]!)).toBeGreaterThan(1);
  });
});

describe('the Platt scale', () => {
  const rng = seededRng('platt');
  const truth = Float64Array.from({ length: 20_000 }, () => 4 * (rng() - 0.5));
  const answers = Uint8Array.from(truth, (logit) => (rng() < 1 / (1 + Math.exp(-logit)) ? 1 : 0));

  it('draws logits together that are too sure, and moves those that lean to one side', () => {
    const told = truth.map((logit) => 2 * logit + 1);
    const { slope, intercept } = fitPlattScale(told, answers);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(intercept).toBeCloseTo(-0.5, 1);
    expect(meanLogLoss(told, answers, { slope, intercept })).toBeLessThan(meanLogLoss(told, answers));
  });

  it('hardly moves for a few answers', () => {
    const { slope } = fitPlattScale(truth.slice(0, 4), Uint8Array.of(0, 1, 0, 1));
    expect(Math.abs(slope - 1)).toBeLessThan(0.25);
  });
});
