import { fail, isFailure, type Failure } from '#libs/kernel';
import { kindOf, readSpecification } from '../kinds/specification.js';
import { byTeacherAlone } from '../policy/skills-shown.js';
import type { Assignment, Score } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';

/** From what a review starts where no program has given a score: nothing was found. It is no score, and is not stored. */
export async function unscored(
  { assignments, clock }: Pick<GradingDependencies, 'assignments' | 'clock'>,
  submissionId: string,
  assignment: Assignment,
): Promise<Score | Failure> {
  const { activityId, activityVersion } = assignment;
  const pinned = (await assignments.findPinned([assignment])).get(assignment.id);
  const specification = pinned === undefined ? fail('NOT_FOUND') : readSpecification(pinned.content);
  if (isFailure(specification)) return fail('INVALID_INPUT', 'The key of this activity is broken: correct it first.');
  const criteria = kindOf(specification).blank(specification);
  return {
    total: 0,
    maximum: criteria.reduce((sum, { points }) => sum + points, 0),
    confidence: 0,
    extras: [],
    id: '',
    submissionId,
    sequence: 0,
    source: 'automatic',
    activityId,
    activityVersion,
    grader: byTeacherAlone,
    flags: [],
    report: null,
    criteria: criteria.map((criterion) => ({ ...criterion, overridden: false })),
    reviewerPseudonym: null,
    reason: null,
    comments: [],
    withdrawsId: null,
    scoredAt: new Date(clock.now()),
  };
}
