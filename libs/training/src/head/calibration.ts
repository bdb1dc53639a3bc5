import { rowOf, type Matrix } from './matrix.js';
import { softmax } from './softmax-regression.js';

/** Bins of the calibration error at most, and examples in one at least. */
const [mostBins, leastInBin] = [15, 20];

/**
 * Mean cross-entropy at a temperature, in nats. The true label counts (n + 1)/(n + 2) and the others share the rest, as if one
 * more example had been right and one wrong: all right on few examples does not make the next certain (Laplace's rule, as
 * in Platt, "Probabilistic outputs for support vector machines", 1999).
 */
export function calibrationLoss(logits: Matrix, labels: readonly number[], temperature: number): number {
  const probs = softmax(logits, temperature);
  const doubt = 1 / (logits.rows + 2);
  const shared = doubt / Math.max(1, logits.columns - 1);
  let loss = 0;
  for (let row = 0; row < logits.rows; row++) {
    rowOf(probs, row).forEach((prob, label) => {
      loss -= (label === labels[row] ? 1 - doubt : shared) * Math.log(Math.max(prob, 1e-12));
    });
  }
  return loss / logits.rows;
}

/**
 * The temperature in [.01, 20] with the least {@link calibrationLoss} on logits of examples that were not learnt from (Guo et al., "On
 * calibration of modern neural networks", 2017), by golden section over its logarithm; four digits.
 */
export function fitTemperature(logits: Matrix, labels: readonly number[]): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.01), Math.log(20)];
  while (high - low > 1e-4) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    const at = (place: number): number => calibrationLoss(logits, labels, Math.exp(place));
    if (at(left) <= at(right)) high = right;
    else low = left;
  }
  return Number(Math.exp((low + high) / 2).toPrecision(4));
}

/**
 * Expected calibration error, Σ n_b/N · |accuracy_b − confidence_b|, over bins of equal mass by confidence (Nixon et al. 2019): 15,
 * or fewer where there would be less than 20 examples in one, because what chance makes of a small bin counts as error.
 */
export function calibrationError(probs: Matrix, labels: readonly number[]): number {
  const judged = Array.from({ length: probs.rows }, (_, row) => {
    const given = mostProbable(rowOf(probs, row));
    return { confidence: probs.data[row * probs.columns + given]!, right: given === labels[row] ? 1 : 0 };
  }).sort((a, b) => a.confidence - b.confidence);
  const bins = Math.max(1, Math.min(mostBins, Math.floor(judged.length / leastInBin)));
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((bin * judged.length) / bins);
    const part = judged.slice(from, Math.floor(((bin + 1) * judged.length) / bins));
    error += Math.abs(part.reduce((sum, { right, confidence }) => sum + right - confidence, 0));
  }
  return error / judged.length;
}

/** The index of the largest; of equal ones the first. */
export function mostProbable(values: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}
