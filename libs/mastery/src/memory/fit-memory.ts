import { fitMemoryWeights } from './memory-weights.js';
import {
  logLossOf,
  predictReviews,
  reviewHistories,
  type RecalledAnswer,
  type ReviewHistory,
} from './review-history.js';

/**
 * Fewer reviews that can be predicted say too little: a fifth of 64 are a dozen to judge by, with some fifty left to learn from,
 * about three for each weight.
 */
export const leastReviews = 64;

const heldOutShare = 0.2;

/** Log loss a review; less is not worth weights of her own. */
const leastGain = 0.005;

/** What became of fitting a learner's weights of memory. */
export type FittedMemory =
  | { readonly kind: 'too-few-reviews'; readonly reviews: number }
  | {
      readonly kind: 'better' | 'no-better';
      /** 21 of them, where they are better than the population's; otherwise null, which stands for those. */
      readonly weights: readonly number[] | null;
      /** Reviews that can be predicted, the held-out ones among them. */
      readonly reviews: number;
      readonly heldOut: number;
      /** Log loss a held-out review by the population's weights. */
      readonly before: number;
      /** The same by weights fitted to the reviews before those. */
      readonly fitted: number;
    };

/**
 * Fits weights to all but the last fifth of a learner's reviews in time, and keeps them if they foresee that fifth better than
 * the population's do, by more than chance would have it.
 */
export function fitMemory(answers: Iterable<RecalledAnswer>): FittedMemory {
  const histories = reviewHistories(answers);
  const days = histories.flatMap((history) => history.slice(1).map(({ day }) => day)).sort((a, b) => a - b);
  // Whole days are held out, so that nothing is learnt from the day that is predicted.
  const until = days[Math.floor(days.length * (1 - heldOutShare))] ?? 0;
  const learntFrom = days.filter((day) => day < until).length;
  if (days.length < leastReviews || learntFrom < leastReviews / 2) {
    return { kind: 'too-few-reviews', reviews: days.length };
  }
  const weights = fitMemoryWeights(histories.map((history) => history.filter(({ day }) => day < until)));
  const before = heldOutLosses(histories, null, until);
  const fitted = heldOutLosses(histories, weights, until);
  const isBetter = isMoreThanChance(before.map((loss, place) => loss - fitted[place]!));
  return {
    kind: isBetter ? 'better' : 'no-better',
    weights: isBetter ? weights : null,
    reviews: days.length,
    heldOut: before.length,
    before: mean(before),
    fitted: mean(fitted),
  };
}

/** Each review is predicted from all that went before, as it is while she learns: only the weights know nothing of it. */
function heldOutLosses(
  histories: readonly ReviewHistory[],
  weights: readonly number[] | null,
  since: number,
): number[] {
  return predictReviews(histories, weights)
    .filter(({ day }) => day >= since)
    .map(logLossOf);
}

/**
 * Whether gains are worth something, and above zero by more than their standard error: among learners who remember as
 * everybody does, half would gain something on a few reviews by chance. Where she recalled everything that was held out,
 * any weights that are more hopeful gain a little each time, so the standard error alone would not do.
 */
function isMoreThanChance(gains: readonly number[]): boolean {
  const gain = mean(gains);
  const variance = gains.reduce((sum, each) => sum + (each - gain) ** 2, 0) / (gains.length - 1);
  return gain > Math.max(leastGain, Math.sqrt(variance / gains.length));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
