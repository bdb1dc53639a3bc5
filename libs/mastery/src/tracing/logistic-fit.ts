import { logistic } from '../policy/logistic.js';

/** Rows of sparse features in compressed form, with an answer each. */
export interface DesignMatrix {
  readonly columns: Int32Array;
  readonly values: Float32Array;
  /** Where each row begins; one more than there are rows. */
  readonly starts: Int32Array;
  readonly answers: Uint8Array;
  readonly width: number;
}

export interface LogisticFitOptions {
  /** L2 penalty of each weight. */
  readonly penalty: Float64Array;
  readonly iterations?: number;
  /** How many rows, from the first, are fitted to; all where it is not given. */
  readonly rows?: number;
  /** Weights to begin with; zeros where there are none. */
  readonly start?: Float64Array | undefined;
  /** Told after each iteration. */
  readonly onIteration?: (iteration: number, loss: number) => void;
}

const history = 10;
const refreshAt = new Set([5, 15, 40, 80]);

/**
 * Weights of a logistic regression with L2 penalty, by L-BFGS with a diagonal preconditioner,
 * H₀ = (Σ p (1 − p) x² + λ) / N, refreshed a few times (Nocedal and Wright, "Numerical Optimization", 2006, algorithm
 * 7.4, with backtracking under the Armijo condition). Deterministic.
 */
export function fitLogistic(
  matrix: DesignMatrix,
  { penalty, iterations = 160, rows = matrix.answers.length, start, onIteration }: LogisticFitOptions,
): Float64Array {
  const { width } = matrix;
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let weights: Float64Array = start === undefined ? new Float64Array(width) : Float64Array.from(start);
  let { loss, gradient } = lossAndGradient(matrix, rows, weights, penalty);
  let curvature = diagonal(matrix, rows, weights, penalty);
  let small = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (refreshAt.has(iteration)) curvature = diagonal(matrix, rows, weights, penalty);
    const direction = Float64Array.from(gradient);
    const alphas: number[] = [];
    for (let place = steps.length - 1; place >= 0; place--) {
      const { s, y, rho } = steps[place]!;
      const alpha = rho * dot(s, direction);
      alphas.push(alpha);
      for (let j = 0; j < width; j++) direction[j]! -= alpha * y[j]!;
    }
    let scale = 1;
    const latest = steps.at(-1);
    if (latest !== undefined) {
      let curved = 0;
      for (let j = 0; j < width; j++) curved += (latest.y[j]! * latest.y[j]!) / curvature[j]!;
      scale = dot(latest.s, latest.y) / curved;
    }
    for (let j = 0; j < width; j++) direction[j] = (direction[j]! / curvature[j]!) * scale;
    for (const { s, y, rho } of steps) {
      const beta = rho * dot(y, direction);
      const alpha = alphas.pop()!;
      for (let j = 0; j < width; j++) direction[j]! += s[j]! * (alpha - beta);
    }
    const slope = -dot(gradient, direction);
    let step = 1;
    let next = moved(weights, direction, -step);
    let there = lossAndGradient(matrix, rows, next, penalty);
    while (there.loss > loss + 1e-4 * step * slope && step >= 1e-6) {
      step /= 2;
      next = moved(weights, direction, -step);
      there = lossAndGradient(matrix, rows, next, penalty);
    }
    const s = new Float64Array(width);
    const y = new Float64Array(width);
    for (let j = 0; j < width; j++) {
      s[j] = -step * direction[j]!;
      y[j] = there.gradient[j]! - gradient[j]!;
    }
    const along = dot(s, y);
    if (along > 1e-14) {
      steps.push({ s, y, rho: 1 / along });
      if (steps.length > history) steps.shift();
    }
    small = loss - there.loss < 2e-6 ? small + 1 : 0;
    weights = next;
    ({ loss, gradient } = there);
    onIteration?.(iteration + 1, loss);
    if (small >= 3) break;
  }
  return weights;
}

/** The weighted sums of the rows from a number on. */
export function logitsFrom(matrix: DesignMatrix, first: number, weights: Float64Array): Float64Array {
  return Float64Array.from({ length: matrix.answers.length - first }, (_, row) =>
    logitOf(matrix, first + row, weights),
  );
}

/** The weighted sum of a row. */
function logitOf({ columns, values, starts }: DesignMatrix, row: number, weights: Float64Array): number {
  const end = starts[row + 1]!;
  let z = 0;
  for (let place = starts[row]!; place < end; place++) z += weights[columns[place]!]! * values[place]!;
  return z;
}

/** p = 1 / (1 + exp(−(slope · logit + intercept))). */
export interface PlattScale {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The scale at which logits fit the answers best, by Newton's method; a slope of 1 and an intercept of 0 count like
 * twenty answers, so that a few held-out answers change little.
 */
export function fitPlattScale(logits: Float64Array, answers: Uint8Array): PlattScale {
  const prior = 20;
  let [slope, intercept] = [1, 0];
  for (let iteration = 0; iteration < 25; iteration++) {
    let [ga, gb, haa, hab, hbb] = [prior * (slope - 1), prior * intercept, prior, 0, prior];
    for (const [at, z] of logits.entries()) {
      const p = logistic(slope * z + intercept);
      const error = p - answers[at]!;
      const h = p * (1 - p);
      ga += error * z;
      gb += error;
      haa += h * z * z;
      hab += h * z;
      hbb += h;
    }
    const determinant = haa * hbb - hab * hab;
    const [da, db] = [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
    slope -= da;
    intercept -= db;
    if (Math.abs(da) + Math.abs(db) < 1e-9) break;
  }
  return { slope, intercept };
}

/** Mean log loss of logits at a scale. */
export function meanLogLoss(
  logits: Float64Array,
  answers: Uint8Array,
  { slope, intercept }: PlattScale = { slope: 1, intercept: 0 },
): number {
  return logits.reduce((sum, z, at) => sum + logLossOf(slope * z + intercept, answers[at]!), 0) / logits.length;
}

function logLossOf(z: number, y: number): number {
  return (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))) - y * z;
}

/** Mean loss per row and its gradient. */
function lossAndGradient(
  matrix: DesignMatrix,
  rows: number,
  weights: Float64Array,
  penalty: Float64Array,
): { loss: number; gradient: Float64Array } {
  const { columns, values, starts, answers, width } = matrix;
  const gradient = new Float64Array(width);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const start = starts[row]!;
    const end = starts[row + 1]!;
    const z = logitOf(matrix, row, weights);
    const y = answers[row]!;
    loss += logLossOf(z, y);
    const error = logistic(z) - y;
    for (let place = start; place < end; place++) gradient[columns[place]!]! += error * values[place]!;
  }
  for (let j = 0; j < width; j++) {
    const weight = weights[j]!;
    loss += 0.5 * penalty[j]! * weight * weight;
    gradient[j] = (gradient[j]! + penalty[j]! * weight) / rows;
  }
  return { loss: loss / rows, gradient };
}

function diagonal(matrix: DesignMatrix, rows: number, weights: Float64Array, penalty: Float64Array): Float64Array {
  const { columns, values, starts, width } = matrix;
  const curvature = Float64Array.from(penalty);
  for (let row = 0; row < rows; row++) {
    const start = starts[row]!;
    const end = starts[row + 1]!;
    const z = logitOf(matrix, row, weights);
    const p = logistic(z);
    const h = p * (1 - p);
    for (let place = start; place < end; place++) curvature[columns[place]!]! += h * values[place]! * values[place]!;
  }
  for (let j = 0; j < width; j++) curvature[j]! /= rows;
  return curvature;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

function moved(from: Float64Array, direction: Float64Array, step: number): Float64Array {
  const to = new Float64Array(from.length);
  for (let j = 0; j < to.length; j++) to[j] = from[j]! + step * direction[j]!;
  return to;
}
