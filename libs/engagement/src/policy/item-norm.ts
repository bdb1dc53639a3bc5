import type { ItemNorm } from '../model/behaviour.js';

/**
 * Spread of the times on one item. Answer times are close to log-normal (W. J. van der Linden, "A lognormal model for
 * response times on test items", 2006); logarithms of times on one item usually spread by 0.4 to 0.8.
 */
const usualSpread = 0.6;

/** No item is so easy or so hard that one answer off the norm would prove something. */
const successRange = [0.02, 0.98] as const;

/** What is usual for an item, by what its author expects: the median time in minutes and the share of right answers. */
export function normOf(authored: { readonly minutes: number; readonly expectedSuccess: number }): ItemNorm {
  return {
    medianMs: Math.max(1_000, authored.minutes * 60_000),
    spread: usualSpread,
    successRate: Math.min(successRange[1], Math.max(successRange[0], authored.expectedSuccess)),
  };
}
