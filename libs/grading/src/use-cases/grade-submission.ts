import { fail, isFailure, type Failure, type NewEvent } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { scoreDeferred, scoreSettled, submissionAwaitsReview } from '../model/events.js';
import type { GradingResult } from '../model/grading-result.js';
import { marksSchemaFor } from '../model/marks.js';
import { gradeLabelledParts } from '../policy/grade-labelled-parts.js';
import type { Assignment, GradingFailure, PinnedActivity, Score, Submission } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';
import { needsReview } from '../policy/needs-review.js';
import { readSpecification } from '../policy/read-specification.js';

/** What became of a grading job. */
export type GradingOutcome =
  | { readonly kind: 'graded'; readonly state: 'graded' | 'needs-review' }
  /** It was graded or reviewed before: nothing changed now. */
  | { readonly kind: 'already-graded' }
  /** The submission says so, and a teacher has it in the queue. `cause` is what the grader threw, if it did. */
  | { readonly kind: 'failed'; readonly reason: GradingFailure; readonly cause?: unknown };

/** Grades a submission. The system alone does this; doing it twice has one effect. */
export class GradeSubmission {
  constructor(private readonly deps: GradingDependencies) {}

  async execute(actor: Actor, submissionId: string): Promise<GradingOutcome | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Grading is done by the system.');
    const { submissions, assignments } = this.deps;
    return withEvents(this.deps, actor, async (news): Promise<GradingOutcome | Failure> => {
      const submission = await submissions.lockSubmission(submissionId);
      if (submission === null) return fail('NOT_FOUND', 'There is no such submission any more.');
      if (submission.state !== 'queued' && submission.state !== 'failed') return { kind: 'already-graded' };
      const assignment = (await assignments.holdAssignment(submission.assignmentId))!;
      const pinned = (await assignments.findPinned([assignment])).get(assignment.id);
      const result = grade(submission, pinned);
      if (result.kind !== 'failed') return this.settle(submission, assignment, result, news);
      news.push(...(await this.markFailed(submission, assignment, result.reason)));
      return result;
    });
  }

  /** For a job that nobody could finish: the submission fails, if it still waits. */
  async giveUp(actor: Actor, submissionId: string): Promise<'failed' | 'settled' | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Grading is done by the system.');
    return withEvents(this.deps, actor, async (news) => {
      const submission = await this.deps.submissions.lockSubmission(submissionId);
      if (submission?.state !== 'queued') return 'settled';
      const assignment = (await this.deps.assignments.findAssignment(submission.assignmentId))!;
      news.push(...(await this.markFailed(submission, assignment, 'gave-up')));
      return 'failed';
    });
  }

  private async settle(
    submission: Submission & { readonly pseudonym: string },
    assignment: Assignment,
    result: GradingResult,
    news: NewEvent[],
  ): Promise<GradingOutcome> {
    const { scores, submissions, clock, ids } = this.deps;
    const score = toScore(ids.next(), submission, assignment, result, new Date(clock.now()));
    const state = needsReview(result, assignment.stakes) ? 'needs-review' : 'graded';
    await scores.insertScore(score, submission.pseudonym, null);
    await submissions.setState(submission.id, state, null);
    if (state === 'graded') news.push(scoreSettled(submission, score, state));
    else {
      const shown = assignment.stakes === 'graded' ? 'awaiting-teacher' : state;
      news.push(scoreDeferred(submission, score, shown), submissionAwaitsReview(submission, score));
    }
    return { kind: 'graded', state };
  }

  private async markFailed(
    submission: Submission,
    { stakes }: Assignment,
    reason: GradingFailure,
  ): Promise<NewEvent[]> {
    if (submission.state === 'failed' && submission.failure === reason) return [];
    await this.deps.submissions.setState(submission.id, 'failed', reason);
    const shown = stakes === 'graded' ? 'awaiting-teacher' : 'failed';
    return [scoreDeferred(submission, null, shown), submissionAwaitsReview(submission, null)];
  }
}

/** Whatever a grader does wrong is a recorded result, so that it cannot hold up the work of others. */
function grade(
  submission: Submission,
  pinned: PinnedActivity | undefined,
): GradingResult | Extract<GradingOutcome, { kind: 'failed' }> {
  const specification = pinned === undefined ? fail('NOT_FOUND') : readSpecification(pinned.content);
  if (isFailure(specification)) return { kind: 'failed', reason: 'specification-invalid' };
  const marks = marksSchemaFor(specification.image).safeParse(submission.marks);
  if (!marks.success) return { kind: 'failed', reason: 'marks-invalid' };
  try {
    return gradeLabelledParts(specification, marks.data);
  } catch (cause) {
    return { kind: 'failed', reason: 'grader-crashed', cause };
  }
}

function toScore(
  id: string,
  submission: Submission,
  { activityId, activityVersion }: Assignment,
  { grader, total, maximum, confidence, criteria, extras, flags }: GradingResult,
  scoredAt: Date,
): Score {
  return {
    id,
    submissionId: submission.id,
    sequence: 1,
    source: 'automatic',
    activityId,
    activityVersion,
    grader,
    total,
    maximum,
    confidence,
    criteria: criteria.map((criterion) => ({ ...criterion, overridden: false })),
    extras,
    flags,
    reviewerPseudonym: null,
    reason: null,
    scoredAt,
  };
}
