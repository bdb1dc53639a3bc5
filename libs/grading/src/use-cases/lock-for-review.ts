import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import type { Assignment, Score, Submission } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';

/** A submission that one teacher holds while she decides on it. */
export interface HeldSubmission {
  readonly submission: Submission;
  readonly assignment: Assignment;
  /** The learner's. */
  readonly pseudonym: string;
  /** Every score that it ever had, in order. */
  readonly scores: () => Promise<readonly Score[]>;
}

/** Takes a submission under its row lock for a teacher of its course, inside a unit of work. */
export async function lockForReview(
  { access, assignments, submissions, scores }: GradingDependencies,
  actor: Actor,
  submissionId: string,
): Promise<HeldSubmission | Failure> {
  const locked = await submissions.lockSubmission(submissionId);
  const refusal = locked && (await demandTeaching(access, actor, locked.courseId));
  if (locked === null || refusal?.code === 'NOT_FOUND') {
    return fail('NOT_FOUND', 'There is no such submission for you.');
  }
  if (refusal) return refusal;
  const { pseudonym, ...submission } = locked;
  const assignment = (await assignments.findAssignment(submission.assignmentId))!;
  return { submission, assignment, pseudonym, scores: () => scores.listScores([submission.id]) };
}

/** Refuses a decision about work that was withdrawn; what was decided before may still be sent again. */
export function refuseWithdrawn({ state }: Submission): Failure | null {
  return state === 'withdrawn' ? fail('WRONG_STATE', 'This work was withdrawn: nothing becomes of it any more.') : null;
}
