import { fail, isFailure, type Failure, type NewEvent } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import { reviewWithdrawn, scoreDeferred, scoreSettled, submissionAwaitsReview } from '../model/events.js';
import { needsReview } from '../policy/needs-review.js';
import { standingScores } from '../policy/standing-scores.js';
import type { Assignment, Score } from '../ports.js';
import { toOutcome, type ReviewOutcome } from './confirm-reviews.js';
import type { GradingDependencies } from './dependencies.js';
import { lockForReview, refuseWithdrawn, type HeldSubmission } from './lock-for-review.js';
import { unscored } from './unscored.js';

/** A review that a teacher takes back. */
export interface Withdrawal {
  /** Made by the client: the id of the decision. */
  readonly id: string;
  readonly submissionId: string;
  /** The review, which has to stand. */
  readonly reviewId: string;
}

export interface WithdrawReviewsInput {
  readonly courseId: string;
  readonly withdrawals: readonly Withdrawal[];
  readonly reason: string | null;
}

/** What stands after a withdrawal, and the state that follows from it. */
interface Restored {
  readonly score: Score | null;
  readonly state: 'reviewed' | 'certified' | 'graded' | 'needs-review';
}

/**
 * Takes reviews back, each by a decision of its own: the review stays on record, the score before it stands again, and
 * work that counts awaits the teacher again. Sending the same again changes nothing.
 */
export class WithdrawReviews {
  constructor(private readonly deps: GradingDependencies) {}

  /** Gives the outcomes in the order of the withdrawals. */
  async execute(actor: Actor, input: WithdrawReviewsInput): Promise<readonly ReviewOutcome[] | Failure> {
    const refusal = await demandTeaching(this.deps.access, actor, input.courseId);
    if (refusal !== null) return refusal;
    const outcomes: ReviewOutcome[] = [];
    for (const withdrawal of input.withdrawals) {
      outcomes.push(toOutcome(withdrawal, await this.withdraw(actor, withdrawal, input)));
    }
    return outcomes;
  }

  private withdraw(
    actor: Actor,
    { id, submissionId, reviewId }: Withdrawal,
    { courseId, reason }: WithdrawReviewsInput,
  ): Promise<{ readonly resent: boolean } | Failure> {
    const { scores, submissions, regrades, audit, modelQueue } = this.deps;
    const body = { id, submissionId, reviewId, reason };
    return withEvents(this.deps, actor, async (news) => {
      const held = await lockForReview(this.deps, actor, submissionId);
      if (isFailure(held)) return held;
      const { submission, assignment } = held;
      if (submission.courseId !== courseId) return fail('NOT_FOUND', 'The course has no such submission.');
      const earlier = await scores.findEarlier(id, body);
      if (earlier !== null) return earlier.sameBody ? { resent: true } : fail('ID_REUSED');
      const refused = refuseWithdrawn(submission);
      if (refused !== null) return refused;
      const all = await held.scores();
      const standing = standingScores(all);
      const review = standing.at(-1);
      if (review?.id !== reviewId || review.source !== 'review') {
        return fail('CHANGED_SINCE', 'No review of this id stands for this work.');
      }
      const restored = await this.restore(standing.at(-2) ?? null, assignment);
      const repeated = restored.score ?? (await unscored(this.deps, submissionId, assignment));
      if (isFailure(repeated)) return repeated;
      const withdrawal: Score = {
        ...repeated,
        id,
        sequence: all.length + 1,
        source: 'withdrawal',
        reviewerPseudonym: actor.pseudonym,
        reason,
        comments: [],
        withdrawsId: reviewId,
        scoredAt: new Date(this.deps.clock.now()),
      };
      await scores.insertScore(withdrawal, held.pseudonym, body);
      await submissions.setState(submissionId, restored.state, null);
      await regrades.reopenAnsweredBy(reviewId);
      const details = { withdrawalId: id, reviewId, total: restored.score?.total ?? null, reason };
      await audit.record(actor, {
        action: 'review.withdrawn',
        objectKind: 'submission',
        objectId: submissionId,
        details,
      });
      if (review.grader.modelId !== null) await modelQueue.enqueueWatch(review.grader.modelId);
      news.push(reviewWithdrawn(submission, reviewId, actor.userId), ...told(held, restored));
      return { resent: false };
    });
  }

  /** What a submission comes to when the review after a score is taken back. */
  private async restore(score: Score | null, { stakes }: Assignment): Promise<Restored> {
    if (score === null) return { score, state: 'needs-review' };
    if (score.source === 'review') return { score, state: 'reviewed' };
    const decisions = await this.deps.decisions.listDecisions([score.submissionId]);
    const isReleased = decisions.find(({ scoreId }) => scoreId === score.id)?.outcome === 'released';
    if (isReleased) return { score, state: 'certified' };
    return { score, state: needsReview(score, stakes) ? 'needs-review' : 'graded' };
  }
}

function told({ submission, assignment }: HeldSubmission, { score, state }: Restored): NewEvent[] {
  if (score !== null && state !== 'needs-review') return [scoreSettled(submission, score, state)];
  const shown = assignment.stakes === 'graded' ? 'awaiting-teacher' : 'needs-review';
  return [submissionAwaitsReview(submission, score), scoreDeferred(submission, score, shown)];
}
