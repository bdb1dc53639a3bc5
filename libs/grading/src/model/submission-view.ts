import type { CourseRole } from '#libs/learning';
import { hintSteps, pointingStep } from '../policy/hint-for.js';
import type { Polygon } from './geometry.js';
import type { Assignment, Score, SettledCriterion, Submission } from '../ports.js';

/** States as a learner sees them: of work that counts, she sees nothing before the teacher has settled it. */
export type SeenState = Submission['state'] | 'awaiting-teacher';

/** A submission as the one who asked may see it. Only use cases make it, after they have asked who may. */
export interface SubmissionView {
  readonly submission: Submission;
  readonly assignment: Assignment;
  readonly seenAs: CourseRole;
  readonly state: SeenState;
}

/** A criterion with the hints that were taken on it. */
export interface CriterionView extends SettledCriterion {
  readonly hintsTaken: number;
}

export interface ScoreView extends Omit<Score, 'criteria'> {
  readonly criteria: readonly CriterionView[];
}

export function toSubmissionView(submission: Submission, assignment: Assignment, seenAs: CourseRole): SubmissionView {
  const waits = seenAs === 'learner' && assignment.stakes === 'graded';
  const open = submission.state === 'queued' || submission.state === 'reviewed';
  return { submission, assignment, seenAs, state: waits && !open ? 'awaiting-teacher' : submission.state };
}

/** The scores of a submission that somebody may see, in order. */
export function visibleScores(view: SubmissionView, scores: readonly Score[]): readonly Score[] {
  if (view.seenAs === 'teacher' || view.assignment.stakes === 'practice') return scores;
  return scores.filter(({ source }) => source === 'review');
}

/**
 * A score with the hints taken. Regions of a learner's own marks are hers to see; where a part is that she has not
 * found stands in the key, so she sees it only after a hint has pointed at it; where the answer comes last, after a hint has shown it, and what was
 * found of it as well.
 */
export function toScoreView(
  { seenAs }: Pick<SubmissionView, 'seenAs'>,
  score: Score,
  hintsTaken: ReadonlyMap<string, number> = new Map(),
): ScoreView {
  const criteria = score.criteria.map((criterion) => {
    const taken = hintsTaken.get(criterion.criterionId) ?? 0;
    const { evidence, answerLast = false, label } = criterion;
    const isOpen = seenAs === 'teacher' || taken >= (answerLast ? hintSteps.length : pointingStep);
    const regions = isOpen ? evidence.regions : ownRegions(criterion);
    const isTold = isOpen || !answerLast || criterion.hint === null;
    const hint = isTold ? criterion.hint : { key: 'orient' as const, parameters: { label } };
    return { ...criterion, evidence: { ...evidence, regions }, hint, hintsTaken: taken };
  });
  return { ...score, reviewerPseudonym: seenAs === 'teacher' ? score.reviewerPseudonym : null, criteria };
}

function ownRegions({ error, evidence }: SettledCriterion): readonly Polygon[] {
  return error === 'missing' || error === 'near-miss' || error === 'missing-stroke' ? [] : evidence.regions;
}
