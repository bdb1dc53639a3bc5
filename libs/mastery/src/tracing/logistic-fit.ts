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
  { penalty, iterations = 160, onIteration }: LogisticFitOptions,
): Float64Array {
  const { width } = matrix;
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let weights: Float64Array = new Float64Array(width);
  let { loss, gradient } = lossAndGradient(matrix, weights, penalty);
  let curvature = diagonal(matrix, weights, penalty);
  let small = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (refreshAt.has(iteration)) curvature = diagonal(matrix, weights, penalty);
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
    let there = lossAndGradient(matrix, next, penalty);
    while (there.loss > loss + 1e-4 * step * slope && step >= 1e-6) {
      step /= 2;
      next = moved(weights, direction, -step);
      there = lossAndGradient(matrix, next, penalty);
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

/** Mean loss per row and its gradient. */
function lossAndGradient(
  { columns, values, starts, answers, width }: DesignMatrix,
  weights: Float64Array,
  penalty: Float64Array,
): { loss: number; gradient: Float64Array } {
  const rows = answers.length;
  const gradient = new Float64Array(width);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const start = starts[row]!;
    const end = starts[row + 1]!;
    let z = 0;
    for (let place = start; place < end; place++) z += weights[columns[place]!]! * values[place]!;
    const y = answers[row]!;
    loss += (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))) - y * z;
    const error = 1 / (1 + Math.exp(-z)) - y;
    for (let place = start; place < end; place++) gradient[columns[place]!]! += error * values[place]!;
  }
  for (let j = 0; j < width; j++) {
    const weight = weights[j]!;
    loss += 0.5 * penalty[j]! * weight * weight;
    gradient[j] = (gradient[j]! + penalty[j]! * weight) / rows;
  }
  return { loss: loss / rows, gradient };
}

function diagonal(
  { columns, values, starts, answers, width }: DesignMatrix,
  weights: Float64Array,
  penalty: Float64Array,
): Float64Array {
  const rows = answers.length;
  const curvature = Float64Array.from(penalty);
  for (let row = 0; row < rows; row++) {
    const start = starts[row]!;
    const end = starts[row + 1]!;
    let z = 0;
    for (let place = start; place < end; place++) z += weights[columns[place]!]! * values[place]!;
    const p = 1 / (1 + Math.exp(-z));
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
