import { clipParameters, default_w } from 'ts-fsrs';
import { bounded, logLossOf, predictReviews, type PredictedReview, type ReviewHistory } from './review-history.js';

/**
 * How much each weight differs between learners: the standard deviations by which the optimizer of FSRS-6 holds weights
 * back towards those of the population (`fsrs-rs`, found on the reviews of many users of Anki). The first stabilities
 * are of very different size from learner to learner, so theirs are of the logarithm, and so wide as to say little. Null: nothing
 * here depends on it, because nobody answers "easy" and repeats of a day are no reviews.
 */
const spreads: readonly (number | null)[] = [
  1,
  1,
  1,
  null,
  0.57,
  0.28,
  0.6,
  0.12,
  0.39,
  0.18,
  0.33,
  0.3,
  0.09,
  0.16,
  0.57,
  0.25,
  null,
  null,
  null,
  null,
  0.27,
];
const firstStabilities = 3;

/** Weights that are fitted, by place. */
const fitted = spreads.flatMap((spread, place) => (spread === null ? [] : [{ place, spread }]));

const mostSteps = 25;
/** A step that gains less than this in log loss over all reviews is the last. */
const leastGain = 1e-3;
/** In standard deviations; well above the eight decimals to which stabilities are rounded. */
const difference = 1e-3;

/**
 * The weights under which a learner's reviews are likeliest, held back towards those of the population by how much learners
 * differ: the mode of the posterior, by Fisher scoring with step halving. Deterministic. It is made for the few hundred
 * reviews of one learner in one course; docs/decisions/0017 tells why.
 */
export function fitMemoryWeights(histories: readonly ReviewHistory[]): number[] {
  let point = new Float64Array(fitted.length);
  let reviews = predictReviews(histories, weightsAt(point));
  let loss = lossAt(point, reviews);
  for (let step = 0; step < mostSteps; step++) {
    const direction = scoringStep(point, reviews, histories);
    let gain = 0;
    for (let length = 1; length > 1e-3; length /= 2) {
      const next = point.map((value, place) => value + length * direction[place]!);
      const predicted = predictReviews(histories, weightsAt(next));
      const lossThere = lossAt(next, predicted);
      if (!(lossThere < loss)) continue;
      gain = loss - lossThere;
      [point, reviews, loss] = [next, predicted, lossThere];
      break;
    }
    if (gain < leastGain) break;
  }
  return weightsAt(point);
}

/** Weights by their distance from the population's, in standard deviations. */
function weightsAt(point: Float64Array): number[] {
  const weights = [...default_w];
  for (const [index, { place, spread }] of fitted.entries()) {
    const shift = point[index]! * spread;
    weights[place] = place < firstStabilities ? weights[place]! * Math.exp(shift) : weights[place]! + shift;
  }
  return clipParameters(weights, 0, false);
}

function lossAt(point: Float64Array, reviews: readonly PredictedReview[]): number {
  const surprise = reviews.reduce((sum, review) => sum + logLossOf(review), 0);
  return surprise + point.reduce((sum, value) => sum + value * value, 0) / 2;
}

/** Where the score is zero, by the expected information. */
function scoringStep(
  point: Float64Array,
  reviews: readonly PredictedReview[],
  histories: readonly ReviewHistory[],
): Float64Array {
  const size = point.length;
  const slopes = fitted.map((_, index) => {
    const moved = Float64Array.from(point);
    moved[index]! += difference;
    return predictReviews(histories, weightsAt(moved)).map(
      ({ probability }, place) => (bounded(probability) - bounded(reviews[place]!.probability)) / difference,
    );
  });
  // The prior is a standard normal distribution in these units: its information is 1, its score the negative point.
  const information = fitted.map((_, row) => Float64Array.from({ length: size }, (__, column) => +(row === column)));
  const score = point.map((value) => -value);
  for (const [place, { recall, probability }] of reviews.entries()) {
    const p = bounded(probability);
    const precision = 1 / (p * (1 - p));
    const surprise = (recall === 'failed' ? 0 : 1) - p;
    for (let row = 0; row < size; row++) {
      const slope = slopes[row]![place]! * precision;
      score[row]! += slope * surprise;
      for (let column = 0; column < size; column++) information[row]![column]! += slope * slopes[column]![place]!;
    }
  }
  return solve(information, score);
}

/** Solves a positive definite system by Gaussian elimination, which needs no pivoting there; overwrites its arguments. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = pivot + 1; row < size; row++) {
      const factor = matrix[row]![pivot]! / matrix[pivot]![pivot]!;
      for (let column = pivot; column < size; column++) matrix[row]![column]! -= factor * matrix[pivot]![column]!;
      right[row]! -= factor * right[pivot]!;
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let column = row + 1; column < size; column++) right[row]! -= matrix[row]![column]! * right[column]!;
    right[row]! /= matrix[row]![row]!;
  }
  return right;
}
