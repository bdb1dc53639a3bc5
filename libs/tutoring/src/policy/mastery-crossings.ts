import { modelOf, type MasteryState } from '#libs/mastery';
import { isMastered } from '#libs/recommendation';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { policyOf } from './policy-of.js';

/** A skill that came to count as mastered, or ceased to. */
export interface MasteryCrossing {
  readonly skillId: string;
  readonly mastered: boolean;
  /** Of a right answer on the skill's reference item, after the crossing. */
  readonly probability: number;
}

/**
 * The skills among the given ones that count as mastered in one of two states and not in the other. Both are looked at by the
 * catalogue's model and threshold, so that only answers make a crossing, not what was set or learnt between them.
 */
export function masteryCrossings(
  catalogue: CourseCatalogue,
  before: MasteryState,
  after: MasteryState,
  skillIds: readonly string[],
): MasteryCrossing[] {
  if (before === after || skillIds.length === 0) return [];
  const policy = policyOf(catalogue);
  const model = modelOf(after, catalogue.model);
  return skillIds.flatMap((skillId) => {
    const estimate = model.estimate(after, skillId);
    const mastered = isMastered(estimate, policy);
    if (mastered === isMastered(model.estimate(before, skillId), policy)) return [];
    return [{ skillId, mastered, probability: estimate.probability }];
  });
}
