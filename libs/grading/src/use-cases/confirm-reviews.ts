import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import { isUndecided } from '../model/grading-result.js';
import type { ReviewSubmission } from './review-submission.js';

/** A score that a teacher lets stand as it is. */
export interface Confirmation {
  /** Made by the client: the id of the score that the review gives. */
  readonly id: string;
  readonly submissionId: string;
  /** The score that she has seen; where another one stands by now, nothing is confirmed. */
  readonly scoreId: string;
}

/** What became of one of many reviews. */
export interface ReviewOutcome {
  readonly id: string;
  readonly submissionId: string;
  readonly resent: boolean;
  /** Null where it was done. */
  readonly failure: Failure | null;
}

/** How many reviews one request may settle, or take back. */
export const reviewsAtOnce = 100;

/**
 * Settles many scores as they are. Each is a review of its own, in a unit of work of its own: what is refused holds up
 * nothing else, and sending all of them again changes nothing.
 */
export class ConfirmReviews {
  constructor(
    private readonly access: CourseAccess,
    private readonly review: ReviewSubmission,
  ) {}

  /** Gives the outcomes in the order of the confirmations. */
  async execute(
    actor: Actor,
    { courseId, confirmations }: { readonly courseId: string; readonly confirmations: readonly Confirmation[] },
  ): Promise<readonly ReviewOutcome[] | Failure> {
    const refusal = await demandTeaching(this.access, actor, courseId);
    if (refusal !== null) return refusal;
    const outcomes: ReviewOutcome[] = [];
    for (const { id, submissionId, scoreId } of confirmations) {
      const input = { id, submissionId, overrides: [], reason: null };
      const reviewed = await this.review.execute(actor, input, ({ submission, standing, isAskedAbout }) => {
        if (submission.courseId !== courseId) return fail('NOT_FOUND', 'The course has no such submission.');
        if (standing === null) return fail('WRONG_STATE', 'No program has scored this work: review it by itself.');
        if (standing.criteria.some(isUndecided)) {
          return fail('WRONG_STATE', 'Not all of this work could be read: review it by itself.');
        }
        if (standing.id !== scoreId) return fail('CHANGED_SINCE', 'Another score stands by now: look at it first.');
        if (isAskedAbout) return fail('WRONG_STATE', 'Its learner has asked about it: review it by itself.');
        return null;
      });
      outcomes.push(toOutcome({ id, submissionId }, reviewed));
    }
    return outcomes;
  }
}

/** What a review came to, for the list of many. */
export function toOutcome(
  { id, submissionId }: Pick<ReviewOutcome, 'id' | 'submissionId'>,
  reviewed: { readonly resent: boolean } | Failure,
): ReviewOutcome {
  return isFailure(reviewed)
    ? { id, submissionId, resent: false, failure: reviewed }
    : { id, submissionId, resent: reviewed.resent, failure: null };
}
