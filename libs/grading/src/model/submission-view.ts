import type { CourseRole } from '#libs/learning';
import { hintSteps, pointingStep } from '../policy/hint-for.js';
import type { Polygon } from './geometry.js';
import { isUndecided } from './grading-result.js';
import { standingScores } from '../policy/standing-scores.js';
import type { Assignment, Score, SettledCriterion, Submission } from '../ports.js';

/** States as a learner sees them: of work that counts, she sees nothing before it is settled. */
export type SeenState = Submission['state'] | 'awaiting-teacher';

/** A submission as the one who asked may see it. Only use cases make it, after they have asked who may. */
export interface SubmissionView {
  readonly submission: Submission;
  readonly assignment: Assignment;
  readonly seenAs: CourseRole;
  readonly state: SeenState;
  /** Stands for its learner where the one who asked may not know whose it is; null where she may. */
  readonly alias: string | null;
}

/** A criterion with the hints that were taken on it. */
export interface CriterionView extends SettledCriterion {
  readonly hintsTaken: number;
}

export interface ScoreView extends Omit<Score, 'criteria'> {
  /** Whether a later decision took it back. */
  readonly withdrawn: boolean;
  readonly criteria: readonly CriterionView[];
}

export function toSubmissionView(submission: Submission, assignment: Assignment, seenAs: CourseRole): SubmissionView {
  const waits = seenAs === 'learner' && assignment.stakes === 'graded';
  const open = ['queued', 'certified', 'reviewed', 'withdrawn'].includes(submission.state);
  const hidden = seenAs === 'teacher' && assignment.anonymous && assignment.revealedAt === null;
  return {
    submission,
    assignment,
    seenAs,
    state: waits && !open ? 'awaiting-teacher' : submission.state,
    alias: hidden ? submission.alias : null,
  };
}

/**
 * The scores of a submission that somebody may see, in order: a teacher all, a learner those that nobody took back, and none of
 * work that was withdrawn.
 */
export function visibleScores(view: SubmissionView, scores: readonly Score[]): readonly Score[] {
  if (view.seenAs === 'teacher') return scores;
  if (view.submission.state === 'withdrawn') return [];
  const standing = standingScores(scores);
  const isOpen = view.assignment.stakes === 'practice' || view.submission.state === 'certified';
  // What could not be read is no zero: a learner sees no score before a teacher has decided all of it.
  return standing.filter(({ source, criteria }) => source === 'review' || (isOpen && !criteria.some(isUndecided)));
}

/**
 * A score with the hints taken, and whether it is one of the `withdrawn`. Regions of a learner's own marks are hers to see;
 * where a part is that she has not found stands in the key, so she sees it only after a hint has pointed at it; where the
 * answer comes last, after a hint has shown it, and what was found of it as well.
 */
export function toScoreView(
  { seenAs }: Pick<SubmissionView, 'seenAs'>,
  score: Score,
  hintsTaken: ReadonlyMap<string, number> = new Map(),
  withdrawn: ReadonlySet<string> = new Set(),
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
  const reviewerPseudonym = seenAs === 'teacher' ? score.reviewerPseudonym : null;
  return { ...score, reviewerPseudonym, criteria, withdrawn: withdrawn.has(score.id) };
}

function ownRegions({ error, evidence }: SettledCriterion): readonly Polygon[] {
  return error === 'missing' || error === 'near-miss' || error === 'missing-stroke' ? [] : evidence.regions;
}
