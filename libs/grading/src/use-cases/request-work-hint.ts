import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { kindOf, readSpecification } from '../kinds/specification.js';
import { hintFor, hintSteps, nextStep } from '../policy/hint-for.js';
import type { Assignment, SettledCriterion, Submission } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';
import { toSubmissionView, visibleScores } from '../model/submission-view.js';

export interface WorkHintInput {
  /** Made by the client: a resend gets the same hint. */
  readonly id: string;
  readonly submissionId: string;
  readonly criterionId: string;
  /** Unix milliseconds, by the clock of the device. */
  readonly at: number;
}

export interface GivenWorkHint {
  readonly kind: 'hint';
  readonly hintId: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly text: string;
  /** Hints on work lead to no offer of other material, so far. */
  readonly offer: null;
}

/** Gives a learner the next hint on a criterion that lost points, in her language: first where to look, at last what it is. On new work she
 * is not told again what she was told before. */
export class RequestWorkHint {
  constructor(private readonly deps: GradingDependencies) {}

  async execute(actor: Actor, input: WorkHintInput): Promise<GivenWorkHint | Failure> {
    const { unitOfWork, access, submissions, assignments, hints } = this.deps;
    return unitOfWork.run(actor, async () => {
      const submission = await submissions.lockSubmission(input.submissionId);
      if (submission?.learnerId !== actor.userId) return fail('NOT_FOUND', 'There is no such submission of yours.');
      if ((await access.roleIn(actor, submission.courseId)) === null) {
        return fail('FORBIDDEN', 'You have left this course. Ask a teacher to enrol you again.');
      }
      const assignment = (await assignments.findAssignment(submission.assignmentId))!;
      const criterion = await this.findCriterion(submission, assignment, input.criterionId);
      if (isFailure(criterion)) return criterion;
      const earlier = await hints.findEarlier(input.id, input);
      if (earlier !== null) {
        return earlier.sameBody
          ? this.toHint(actor, input, assignment, criterion, earlier.record.step)
          : fail('ID_REUSED');
      }
      if (criterion.error === null)
        return fail('NO_MORE_HINTS', 'This criterion has lost nothing: there is nothing to hint at.');
      const { id, submissionId, criterionId } = input;
      const given = (await hints.lastSteps([submission.id])).get(submission.id)?.get(criterionId) ?? 0;
      const { activityId } = assignment;
      const told = await hints.lastTold(actor.pseudonym, { activityId, exceptOn: submissionId });
      const step = nextStep(given, told.get(criterionId) ?? 0);
      if (step === null) return fail('NO_MORE_HINTS');
      const hint = {
        id,
        submissionId,
        criterionId,
        activityId,
        step,
        deviceAt: new Date(input.at),
        givenAt: new Date(this.deps.clock.now()),
      };
      // The lock of the submission keeps its hints in turn; an id that is taken belongs to something else.
      if (!(await hints.insertHint(hint, actor.pseudonym, input))) return fail('ID_REUSED');
      return this.toHint(actor, input, assignment, criterion, step);
    });
  }

  private async findCriterion(
    submission: Submission,
    assignment: Assignment,
    criterionId: string,
  ): Promise<SettledCriterion | Failure> {
    const view = toSubmissionView(submission, assignment, 'learner');
    const score = visibleScores(view, await this.deps.scores.listScores([submission.id])).at(-1);
    if (score === undefined) return fail('NOT_FOUND', 'There is no score yet that a hint could be given on.');
    const criterion = score.criteria.find((each) => each.criterionId === criterionId);
    return criterion ?? fail('NOT_FOUND', 'The score has no such criterion.');
  }

  private async toHint(
    actor: Actor,
    { id }: WorkHintInput,
    assignment: Assignment,
    criterion: SettledCriterion,
    step: number,
  ): Promise<GivenWorkHint | Failure> {
    const pinned = (await this.deps.assignments.findPinned([assignment])).get(assignment.id);
    const specification = pinned && readSpecification(pinned.content);
    if (specification === undefined || isFailure(specification)) return fail('NO_MORE_HINTS');
    const hints = kindOf(specification).hintsFor(specification, criterion.criterionId);
    const reader = await this.deps.users.findUser(actor.userId);
    const languages = reader === null ? [] : [reader.language];
    const lost = { ...criterion, error: criterion.error ?? 'missing' };
    const text = hints && hintFor(lost, hints, { step, languages, writtenIn: pinned!.language });
    if (!text) return fail('NO_MORE_HINTS');
    return { kind: 'hint', hintId: id, step, steps: hintSteps.length, text, offer: null };
  }
}
