import type { CriterionScore } from '../model/grading-result.js';
import type { PartHints } from '../model/labelled-parts.js';

/** The authored hints of a part, in the order in which they are given. */
export const hintSteps = ['orient', 'point', 'show'] as const;

/**
 * The authored hint for a part that lost something: step 1 orients, step 2 points at it, step 3 and later show it.
 * Null for a part that lost nothing.
 */
export function hintFor(criterion: Pick<CriterionScore, 'error'>, hints: PartHints, step: number): string | null {
  if (criterion.error === null) return null;
  const index = Math.min(hintSteps.length, Math.max(1, Math.floor(step))) - 1;
  return hints[hintSteps[index]!];
}
