import { logistic } from '../policy/logistic.js';

/** Rows of sparse features in compressed form, with an answer each. */
export interface DesignMatrix {
  readonly columns: Int32Array;
  readonly values: Float32Array;
  /** Where each row begins; one more than there are rows. */
  readonly starts: Int32Array;
  readonly answers: Uint8Array;
  readonly width: number;
  /** What is added to the weighted sum of each row; nothing where it is not given. */
  readonly offsets?: Float64Array;
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
  const steps: Step[] = [];
  let here = new Point(width);
  let there = new Point(width);
  if (start !== undefined) here.weights.set(start);
  evaluate(here, matrix, rows, penalty);
  const direction = new Float64Array(width);
  let curvature = diagonal(matrix, rows, here.weights, penalty);
  let small = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (refreshAt.has(iteration)) curvature = diagonal(matrix, rows, here.weights, penalty);
    direction.set(here.gradient);
    toNewton(direction, steps, curvature);
    const slope = -dot(here.gradient, direction);
    let length = 1;
    for (;;) {
      there.weights.set(here.weights);
      addScaled(there.weights, direction, -length);
      evaluate(there, matrix, rows, penalty);
      if (there.loss <= here.loss + 1e-4 * length * slope || length < 1e-6) break;
      length /= 2;
    }
    remember(steps, here, there);
    small = here.loss - there.loss < 2e-6 ? small + 1 : 0;
    [here, there] = [there, here];
    onIteration?.(iteration + 1, here.loss);
    if (small >= 3) break;
  }
  return here.weights;
}

/** Weights, and the mean penalised loss and its gradient there. */
class Point {
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  loss = 0;

  constructor(width: number) {
    this.weights = new Float64Array(width);
    this.gradient = new Float64Array(width);
  }
}

/** What a step changed: the weights by s, the gradient by y, and 1 / s·y. */
interface Step {
  readonly s: Float64Array;
  readonly y: Float64Array;
  rho: number;
}

/** From the gradient to the quasi-Newton direction: the two loops of algorithm 7.4. */
function toNewton(direction: Float64Array, steps: readonly Step[], curvature: Float64Array): void {
  const alphas: number[] = [];
  for (const { s, y, rho } of steps.toReversed()) {
    const alpha = rho * dot(s, direction);
    alphas.push(alpha);
    addScaled(direction, y, -alpha);
  }
  const latest = steps.at(-1);
  divide(direction, curvature, latest === undefined ? 1 : dot(latest.s, latest.y) / curved(latest.y, curvature));
  for (const { s, y, rho } of steps) {
    const beta = rho * dot(y, direction);
    addScaled(direction, s, alphas.pop()! - beta);
  }
}

/** Keeps the latest steps, in the memory of those that it forgets. */
function remember(steps: Step[], here: Point, there: Point): void {
  const width = here.weights.length;
  const free = steps.length === history ? steps[0]! : undefined;
  const s = free?.s ?? new Float64Array(width);
  const y = free?.y ?? new Float64Array(width);
  if (dotOfDifferences(here, there) <= 1e-14) return;
  s.set(there.weights);
  addScaled(s, here.weights, -1);
  y.set(there.gradient);
  addScaled(y, here.gradient, -1);
  if (free !== undefined) steps.shift();
  steps.push({ s, y, rho: 1 / dot(s, y) });
}

/** The weighted sums of the rows from a number on. */
export function logitsFrom(matrix: DesignMatrix, first: number, weights: Float64Array): Float64Array {
  return Float64Array.from({ length: matrix.answers.length - first }, (_, row) =>
    logitOf(matrix, first + row, weights),
  );
}

/** The weighted sum of a row, with its offset. */
function logitOf({ columns, values, starts, offsets }: DesignMatrix, row: number, weights: Float64Array): number {
  const end = starts[row + 1]!;
  let z = offsets === undefined ? 0 : offsets[row]!;
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

/** Mean loss per row and its gradient, at the weights of a point. */
function evaluate(point: Point, matrix: DesignMatrix, rows: number, penalty: Float64Array): void {
  const { columns, values, starts, answers, width } = matrix;
  const { weights, gradient } = point;
  gradient.fill(0);
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
  point.loss = loss / rows;
}

function diagonal(matrix: DesignMatrix, rows: number, weights: Float64Array, penalty: Float64Array): Float64Array {
  const { columns, values, starts, width } = matrix;
  const curvature = penalty.slice();
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

function dotOfDifferences(here: Point, there: Point): number {
  let sum = 0;
  for (let j = 0; j < here.weights.length; j++) {
    sum += (there.weights[j]! - here.weights[j]!) * (there.gradient[j]! - here.gradient[j]!);
  }
  return sum;
}

function addScaled(to: Float64Array, from: Float64Array, factor: number): void {
  for (let j = 0; j < to.length; j++) to[j]! += factor * from[j]!;
}

function divide(direction: Float64Array, curvature: Float64Array, scale: number): void {
  for (let j = 0; j < direction.length; j++) direction[j] = (direction[j]! / curvature[j]!) * scale;
}

function curved(y: Float64Array, curvature: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < y.length; j++) sum += (y[j]! * y[j]!) / curvature[j]!;
  return sum;
}
