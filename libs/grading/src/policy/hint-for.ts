import type { CriterionScore } from '../model/grading-result.js';
import type { Hints } from '../model/hints.js';

/** The authored hints of a criterion, in the order in which they are given. */
export const hintSteps = ['orient', 'point', 'show'] as const;

/**
 * The authored hint for a criterion that lost something: step 1 orients, step 2 points at it, step 3 and later show it.
 * Null for one that lost nothing.
 */
export function hintFor(criterion: Pick<CriterionScore, 'error'>, hints: Hints, step: number): string | null {
  if (criterion.error === null) return null;
  const index = Math.min(hintSteps.length, Math.max(1, Math.floor(step))) - 1;
  return hints[hintSteps[index]!];
}
