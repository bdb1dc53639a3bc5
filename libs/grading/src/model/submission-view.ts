import type { CourseRole } from '#libs/learning';
import type { Polygon } from './geometry.js';
import type { Assignment, Score, SettledCriterion, Submission } from '../ports.js';

/** States as a learner sees them: of work that counts, she sees nothing before it is settled. */
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
  const open = ['queued', 'certified', 'reviewed'].includes(submission.state);
  return { submission, assignment, seenAs, state: waits && !open ? 'awaiting-teacher' : submission.state };
}

/** The scores of a submission that somebody may see, in order. */
export function visibleScores(view: SubmissionView, scores: readonly Score[]): readonly Score[] {
  const isOpen = view.assignment.stakes === 'practice' || view.submission.state === 'certified';
  if (view.seenAs === 'teacher' || isOpen) return scores;
  return scores.filter(({ source }) => source === 'review');
}

/** From this step on a hint has pointed at the part, so that its region gives nothing away any more. */
const pointedAt = 2;

/**
 * A score with the hints taken. Regions of a learner's own marks are hers to see; where a part is that she has not
 * found stands in the key, so she sees it only after a hint has pointed at it.
 */
export function toScoreView(
  { seenAs }: Pick<SubmissionView, 'seenAs'>,
  score: Score,
  hintsTaken: ReadonlyMap<string, number> = new Map(),
): ScoreView {
  const criteria = score.criteria.map((criterion) => {
    const taken = hintsTaken.get(criterion.criterionId) ?? 0;
    const { evidence } = criterion;
    const regions = seenAs === 'teacher' || taken >= pointedAt ? evidence.regions : ownRegions(criterion);
    return { ...criterion, evidence: { ...evidence, regions }, hintsTaken: taken };
  });
  return { ...score, reviewerPseudonym: seenAs === 'teacher' ? score.reviewerPseudonym : null, criteria };
}

function ownRegions({ error, evidence }: SettledCriterion): readonly Polygon[] {
  return error === 'missing' || error === 'near-miss' ? [] : evidence.regions;
}
