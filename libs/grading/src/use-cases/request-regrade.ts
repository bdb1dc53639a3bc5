import { fail, isFailure, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { regradeClosed, regradeRequested } from '../model/events.js';
import { toSubmissionView, visibleScores } from '../model/submission-view.js';
import type { RegradeRequest } from '../regrade.ports.js';
import type { GradingDependencies } from './dependencies.js';
import { lockForReview } from './lock-for-review.js';

export interface RegradeInput {
  /** Made by the client: a resend must be identical. */
  readonly id: string;
  readonly submissionId: string;
  /** The score that she sees and that stands. */
  readonly scoreId: string;
  /** Why it should be looked at again. */
  readonly reason: string;
}

/** A learner asks her teacher to look at a score again, once for each score, and the teacher may decline. */
export class RequestRegrade {
  constructor(private readonly deps: GradingDependencies) {}

  async execute(actor: Actor, input: RegradeInput): Promise<RegradeRequest | Failure> {
    const { access, submissions, assignments, scores, regrades, clock } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const submission = await submissions.lockSubmission(input.submissionId);
      if (submission?.learnerId !== actor.userId) return fail('NOT_FOUND', 'There is no such submission of yours.');
      if ((await access.roleIn(actor, submission.courseId)) === null) {
        return fail('FORBIDDEN', 'You have left this course. Ask a teacher to enrol you again.');
      }
      const earlier = await regrades.findEarlier(input.id, input);
      if (earlier !== null) return earlier.sameBody ? earlier.record : fail('ID_REUSED');
      const view = toSubmissionView(
        submission,
        (await assignments.findAssignment(submission.assignmentId))!,
        'learner',
      );
      const visible = visibleScores(view, await scores.listScores([submission.id]));
      if (!visible.some(({ id }) => id === input.scoreId))
        return fail('NOT_FOUND', 'You see no such score of this work.');
      if (visible.at(-1)!.id !== input.scoreId)
        return fail('CHANGED_SINCE', 'Another score stands by now: read it first.');
      const request: RegradeRequest = {
        ...input,
        state: 'open',
        answer: null,
        answeringScoreId: null,
        requestedAt: new Date(clock.now()),
        closedAt: null,
      };
      if (!(await regrades.insertRequest(request, actor.pseudonym, input))) {
        const other = await regrades.findRequest(input.id);
        return other !== null ? fail('ID_REUSED') : fail('WRONG_STATE', 'You have asked about this score before.');
      }
      news.push(regradeRequested(submission, request));
      return request;
    });
  }

  /** For teachers: the score stays as it is, for a reason that the learner is told. Declining again is harmless. */
  async decline(
    actor: Actor,
    { requestId, reason }: { readonly requestId: string; readonly reason: string },
  ): Promise<RegradeRequest | Failure> {
    const { regrades, audit, clock } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const found = await regrades.findRequest(requestId);
      const held = found === null ? fail('NOT_FOUND') : await lockForReview(this.deps, actor, found.submissionId);
      if (isFailure(held)) {
        return held.code === 'NOT_FOUND' ? fail('NOT_FOUND', 'There is no such request for you.') : held;
      }
      // Read again under the lock: a review may have answered it in the meantime.
      const request = (await regrades.findRequest(requestId))!;
      if (request.state === 'declined' && request.answer === reason) return request;
      if (request.state !== 'open') return fail('WRONG_STATE', `This request is ${request.state} already.`);
      const closed = { state: 'declined', answer: reason, answeringScoreId: null } as const;
      const closedAt = new Date(clock.now());
      await regrades.closeRequests([requestId], { ...closed, closedAt, closedBy: actor.pseudonym });
      const { submission } = held;
      await audit.record(actor, {
        action: 'regrade.declined',
        objectKind: 'submission',
        objectId: submission.id,
        details: { requestId, scoreId: request.scoreId, reason },
      });
      news.push(regradeClosed(submission, requestId, 'declined'));
      return { ...request, ...closed, closedAt };
    });
  }
}
