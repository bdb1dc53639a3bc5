import { minimise } from './lbfgs.js';
import { matrix, product, rowOf, solveTransposed, transposedProduct, triangleOf, type Matrix } from './matrix.js';

/** logits = x · weights + bias */
export interface LinearMap {
  /** [features, classes] */
  readonly weights: Matrix;
  readonly bias: Float64Array;
}

/**
 * L2-regularised multinomial logistic regression: the W and b that minimise
 * −1/n Σᵢ ln softmax(xᵢ W + b)[yᵢ] + λ/2 ‖W‖² (Bishop, "Pattern Recognition and Machine Learning", 2006, section 4.3.4). The bias
 * is not penalised.
 *
 * Where there are more features than examples the solution is a sum of examples, W = Xᵀ A (representer theorem), and is
 * looked for among as many numbers as there are examples: X is replaced by the triangle L with L Lᵀ = X Xᵀ, and W is
 * Xᵀ L⁻ᵀ V for the V found there.
 */
export class SoftmaxRegression {
  private readonly reduced: Matrix;
  private last: Float64Array;

  /**
   * @param x a row for each example
   * @param labels the class of each
   */
  constructor(
    private readonly x: Matrix,
    private readonly labels: readonly number[],
    private readonly classes: number,
  ) {
    this.reduced = x.columns > x.rows ? triangleOf(x) : x;
    this.last = new Float64Array((this.reduced.columns + 1) * classes);
  }

  /** Begins where the last fit ended, so a path of penalties is quick from the largest on. */
  fit(penalty: number): LinearMap {
    const { columns } = this.reduced;
    const size = columns * this.classes;
    this.last = minimise((point, gradient) => this.evaluate(point, gradient, penalty), this.last);
    const weights = { rows: columns, columns: this.classes, data: this.last.slice(0, size) };
    const bias = this.last.slice(size);
    if (this.reduced === this.x) return { weights, bias };
    return { weights: transposedProduct(this.x, solveTransposed(this.reduced, weights)), bias };
  }

  /** Of a point that is the weights, then the bias. */
  private evaluate(point: Float64Array, gradient: Float64Array, penalty: number): number {
    const { reduced: x, classes } = this;
    const size = x.columns * classes;
    const weights = { rows: x.columns, columns: classes, data: point.subarray(0, size) };
    const errors = product(x, weights, point.subarray(size));
    let loss = 0;
    for (let row = 0; row < x.rows; row++) {
      const each = rowOf(errors, row);
      const label = this.labels[row]!;
      const logit = each[label]!;
      loss += (toProbabilities(each) - logit) / x.rows;
      each[label]! -= 1;
      for (let k = 0; k < classes; k++) each[k]! /= x.rows;
    }
    gradient.set(transposedProduct(x, errors).data);
    gradient.fill(0, size);
    for (let at = 0; at < errors.data.length; at++) gradient[size + (at % classes)]! += errors.data[at]!;
    for (let i = 0; i < size; i++) {
      loss += (penalty / 2) * point[i]! ** 2;
      gradient[i]! += penalty * point[i]!;
    }
    return loss;
  }
}

/** Probabilities [examples, classes] of logits at a temperature: softmax(logits / T). */
export function softmax(logits: Matrix, temperature: number): Matrix {
  const probs = matrix(logits.rows, logits.columns);
  logits.data.forEach((logit, at) => (probs.data[at] = logit / temperature));
  for (let row = 0; row < probs.rows; row++) toProbabilities(rowOf(probs, row));
  return probs;
}

/** Replaces logits by probabilities, and gives ln Σ exp of them. */
function toProbabilities(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] = Math.exp(values[k]! - largest);
  for (let k = 0; k < values.length; k++) values[k]! /= sum;
  return largest + Math.log(sum);
}
