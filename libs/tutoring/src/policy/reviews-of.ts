import { dueReviews, modelOf } from '#libs/mastery';
import { isMastered } from '#libs/recommendation';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import type { LearnerState } from '../model/learner-state.js';
import { policyOf } from './policy-of.js';

/** How well a skill is remembered. */
export interface SkillReview {
  readonly skillId: string;
  readonly name: string;
  /** Probability that it would be recalled today. */
  readonly retrievability: number;
  /** The day on which it came due, in days since 1970-01-01. */
  readonly dueOn: number;
}

/** Skills of the course that are mastered and due on a day: what is not mastered is practised anyway. */
export function reviewsOf(catalogue: CourseCatalogue, state: LearnerState, day: number): SkillReview[] {
  const policy = policyOf(catalogue);
  const model = modelOf(state.mastery, catalogue.model);
  return dueReviews(state.memory, day).flatMap(({ skillId, retrievability: recall, dueOn }) => {
    const name = catalogue.skillNames.get(skillId);
    if (name === undefined || !isMastered(model.estimate(state.mastery, skillId), policy)) return [];
    return [{ skillId, name, retrievability: recall, dueOn }];
  });
}
