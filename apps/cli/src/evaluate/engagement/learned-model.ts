import type { Rng } from '#libs/kernel';
import { binEdges, binFeatures, chance, fitBoostedTrees, minimise, sumOfTrees, type Objective } from '#libs/training';

/** Features row after row, and what became of each, 0 or 1. */
export interface Examples {
  readonly rows: Float32Array;
  readonly columns: number;
  readonly targets: Float32Array;
}

/** A kind of model with what is set before it learns. */
export type ModelPlan =
  | { readonly model: 'logistic'; readonly penalty: number }
  | { readonly model: 'boosted-trees'; readonly rounds: number; readonly depth: number; readonly rate: number };

/** Probabilities of rows of features. */
export type Predict = (rows: Float32Array) => Float64Array;

/** Among these a model is chosen, on examples that are held out of training. */
export const modelPlans: readonly ModelPlan[] = [
  { model: 'logistic', penalty: 1e-3 },
  { model: 'logistic', penalty: 1e-2 },
  { model: 'boosted-trees', rounds: 60, depth: 3, rate: 0.1 },
  { model: 'boosted-trees', rounds: 120, depth: 4, rate: 0.06 },
];

export function fitModel(plan: ModelPlan, examples: Examples, rng: Rng): Predict {
  return plan.model === 'logistic' ? fitLogistic(plan.penalty, examples) : fitTrees(plan, examples, rng);
}

/** Mean negative log likelihood of predictions, in nats: what models are chosen by. */
export function logLossOf(targets: Float32Array, predictions: Float64Array): number {
  const sum = predictions.reduce((loss, prediction, at) => {
    const p = Math.min(1 - 1e-6, Math.max(1e-6, prediction));
    return loss - Math.log(targets[at] === 1 ? p : 1 - p);
  }, 0);
  return sum / predictions.length;
}

/**
 * Logistic regression on standardised features: the w and b that minimise −1/n Σᵢ ln p(yᵢ | xᵢ) + λ/2 ‖w‖², with
 * p(1 | x) = 1/(1 + exp(−w·x − b)) (Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 2009, section 4.4).
 */
function fitLogistic(penalty: number, examples: Examples): Predict {
  const { columns, targets } = examples;
  const scale = scaleOf(examples);
  const x = standardised(examples.rows, scale);
  const n = targets.length;
  const objective: Objective = (point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let row = 0; row < n; row++) {
      const logit = logitOf(point, x, row * columns, columns);
      const error = chance(logit) - targets[row]!;
      // ln(1 + exp(z)) without overflow
      loss += (Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit))) - targets[row]! * logit) / n;
      for (let column = 0; column < columns; column++) gradient[column]! += (error * x[row * columns + column]!) / n;
      gradient[columns]! += error / n;
    }
    for (let column = 0; column < columns; column++) {
      loss += (penalty / 2) * point[column]! ** 2;
      gradient[column]! += penalty * point[column]!;
    }
    return loss;
  };
  const weights = minimise(objective, new Float64Array(columns + 1));
  return (rows) => {
    const scaled = standardised(rows, scale);
    return Float64Array.from({ length: rows.length / columns }, (_, row) =>
      chance(logitOf(weights, scaled, row * columns, columns)),
    );
  };
}

function logitOf(weights: Float64Array, rows: Float32Array, offset: number, columns: number): number {
  let logit = weights[columns]!;
  for (let column = 0; column < columns; column++) logit += weights[column]! * rows[offset + column]!;
  return logit;
}

interface Scale {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

function scaleOf({ rows, columns, targets }: Examples): Scale {
  const n = targets.length;
  const mean = new Float64Array(columns);
  rows.forEach((value, at) => (mean[at % columns]! += value / n));
  const square = new Float64Array(columns);
  rows.forEach((value, at) => (square[at % columns]! += (value - mean[at % columns]!) ** 2 / n));
  return { mean, deviation: square.map((each) => (each > 1e-12 ? Math.sqrt(each) : 1)) };
}

function standardised(rows: Float32Array, { mean, deviation }: Scale): Float32Array {
  const columns = mean.length;
  return rows.map((value, at) => (value - mean[at % columns]!) / deviation[at % columns]!);
}

function fitTrees(plan: ModelPlan & { model: 'boosted-trees' }, examples: Examples, rng: Rng): Predict {
  const { rows, columns, targets } = examples;
  const binned = binFeatures(rows, columns, binEdges(rows, columns));
  const { rounds, depth, rate } = plan;
  const trees = fitBoostedTrees(binned, targets, {
    loss: 'logistic',
    rounds,
    depth,
    rate,
    rowShare: 0.8,
    columnShare: 0.7,
    leastWeight: 10,
    rng,
  });
  return (asked) =>
    Float64Array.from({ length: asked.length / columns }, (_, row) => chance(sumOfTrees(trees, asked, row * columns)));
}
