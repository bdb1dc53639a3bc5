import type { ItemHistory, ItemNorm } from '../model/behaviour.js';

/** How many answers the author's word is worth: at that many, the norm is half hers and half theirs. */
export const authoredWeight = 20;

/**
 * Spread of an item without answers. Answer times are close to log-normal (W. J. van der Linden, "A lognormal model
 * for response times on test items", 2006); logarithms of times on one item usually spread by 0.4 to 0.8.
 */
export const authoredSpread = 0.6;

/** No item is so uniform, or so easy or hard, that one answer off the norm would prove something. */
const leastSpread = 0.2;
const successRange = [0.02, 0.98] as const;

/**
 * What is usual for an item, from its answers so far, shrunk towards what its author expects:
 * with n answers and weight k = 20, log median = (k ln authored + n mean) / (k + n), variance = (k 0.6² + m2) / (k + n),
 * success = (k expected + correct) / (k + n).
 */
export function normOf(
  history: ItemHistory | null,
  authored: { readonly minutes: number; readonly expectedSuccess: number },
): ItemNorm {
  const { count, meanLogMs, m2LogMs, correct } = history ?? { count: 0, meanLogMs: 0, m2LogMs: 0, correct: 0 };
  const all = authoredWeight + count;
  const authoredLog = Math.log(Math.max(1_000, authored.minutes * 60_000));
  const logMedian = (authoredWeight * authoredLog + count * meanLogMs) / all;
  const variance = (authoredWeight * authoredSpread ** 2 + m2LogMs) / all;
  const success = (authoredWeight * authored.expectedSuccess + correct) / all;
  return {
    medianMs: Math.exp(logMedian),
    spread: Math.max(leastSpread, Math.sqrt(variance)),
    successRate: Math.min(successRange[1], Math.max(successRange[0], success)),
  };
}
