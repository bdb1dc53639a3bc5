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

/** What became of fitting a learner's weights of memory. */
export type FittedMemory =
  | { readonly kind: 'too-few-reviews'; readonly reviews: number }
  | {
      readonly kind: 'better' | 'no-better';
      /** 21 of them, where they are better than the population's; otherwise null, for those. */
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
 * the population's do.
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
  const before = heldOutLoss(histories, null, until);
  const fitted = heldOutLoss(histories, weights, until);
  const isBetter = fitted < before;
  return {
    kind: isBetter ? 'better' : 'no-better',
    weights: isBetter ? weights : null,
    reviews: days.length,
    heldOut: days.length - learntFrom,
    before,
    fitted,
  };
}

/** Each review is predicted from all that went before, as it is while she learns: only the weights know nothing of it. */
function heldOutLoss(histories: readonly ReviewHistory[], weights: readonly number[] | null, since: number): number {
  const heldOut = predictReviews(histories, weights).filter(({ day }) => day >= since);
  return logLossOf(heldOut) / heldOut.length;
}
