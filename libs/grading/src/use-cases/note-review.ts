import { isUndecided } from '../model/grading-result.js';
import type { Score, Submission } from '../ports.js';
import type { DecisionRepository, NewAudit, StoredDecision } from '../trust.ports.js';

/** A teacher's score, and the work as it stood before. */
export interface ReviewToNote {
  readonly submission: Submission;
  /** The scores that the work had, in order. */
  readonly earlier: readonly Score[];
  readonly score: Score;
  /** The learner's. */
  readonly pseudonym: string;
  /** Whether many were settled at once: nobody says that she looked at each, so it is no audit that was asked for. */
  readonly isOneOfMany: boolean;
}

/**
 * Keeps a teacher's decision, and what it says of the program that had scored the work: an audit of each criterion. To be called
 * in the unit of work that stores her score, before the state of the submission changes.
 */
export async function noteReview(decisions: DecisionRepository, review: ReviewToNote): Promise<void> {
  const { submission, earlier, score, pseudonym, isOneOfMany } = review;
  const automatic = earlier.findLast(({ source }) => source === 'automatic');
  const decided = await decisions.listDecisions([submission.id]);
  const decision = decided.find(({ scoreId }) => scoreId === automatic?.id);
  await decisions.insertDecision(
    {
      scoreId: score.id,
      submissionId: submission.id,
      courseId: submission.courseId,
      activityId: score.activityId,
      activityVersion: score.activityVersion,
      grader: score.grader,
      outcome: 'reviewed',
      reason: null,
      actor: score.reviewerPseudonym,
      criteria: decision?.criteria ?? [],
      certifications: decision?.certifications ?? [],
      decidedAt: score.scoredAt,
    },
    pseudonym,
  );
  if (automatic === undefined || decision === undefined) return;
  const isAgain = submission.state === 'reviewed';
  const isAsked = isAgain ? await decisions.wasAsked(submission.id) : !isOneOfMany && isDue(submission, decision);
  await decisions.insertAudits(auditsOf(submission, automatic, decision, score, isAsked));
}

/** Work that counts and waits for her. What she looks at of her own accord is what somebody complained of. */
function isDue({ state }: Submission, { certifications }: StoredDecision): boolean {
  return state === 'needs-review' && certifications.length > 0;
}

function auditsOf(
  { id: submissionId, assignmentId }: Submission,
  automatic: Score,
  { kind, criteria }: StoredDecision,
  score: Score,
  isAsked: boolean,
): NewAudit[] {
  const awarded = new Map(score.criteria.map((criterion) => [criterion.criterionId, criterion.awarded]));
  const sure = new Map(criteria.map((criterion) => [criterion.criterionId, criterion]));
  return automatic.criteria.flatMap((criterion) => {
    const { criterionId, points, awarded: given } = criterion;
    const [teacher, program] = [awarded.get(criterionId), sure.get(criterionId)];
    // What the program left to the teacher says nothing of how it decides.
    if (teacher === undefined || program === undefined || isUndecided(criterion)) return [];
    const { criterionType, confidence, calibrated } = program;
    return [
      {
        submissionId,
        assignmentId,
        criterionId,
        sequence: score.sequence,
        pool: { kind, criterionType, grader: automatic.grader },
        points,
        given,
        awarded: teacher,
        confidence,
        calibrated,
        isAsked,
        decidedAt: score.scoredAt,
      },
    ];
  });
}
