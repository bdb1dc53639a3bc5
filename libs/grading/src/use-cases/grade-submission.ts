import { fail, isFailure, type Failure, type NewEvent } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { kindOf, readMarks, readSpecification, type Specification } from '../kinds/specification.js';
import { scoreDeferred, scoreSettled, submissionAwaitsReview } from '../model/events.js';
import type { GradingResult } from '../model/grading-result.js';
import {
  ungraded,
  type Assignment,
  type GradingFailure,
  type Score,
  type Submission,
  type Ungraded,
} from '../ports.js';
import type { FileStore, StoredFile } from '../files.ports.js';
import { decideScore } from './decide-score.js';
import type { GradingDependencies } from './dependencies.js';
import type { Graders } from './graders.js';
import { findInOrder } from './find-in-order.js';
import { gradeWork } from './grade-work.js';
import { templateOfWork } from './template-of-work.js';

/** What grading takes beside what the path of a piece of work needs. */
export interface GradeSubmissionDependencies extends GradingDependencies {
  readonly graders: Graders;
  readonly store: FileStore;
}

/** What became of a grading job. */
export type GradingOutcome =
  | { readonly kind: 'graded'; readonly state: 'graded' | 'certified' | 'needs-review' }
  /** It was graded or reviewed before: nothing changed now. */
  | { readonly kind: 'already-graded' }
  /** Nothing changed, and it may well go better in a moment. */
  | { readonly kind: 'postponed'; readonly reason: GradingFailure; readonly cause?: unknown }
  /** There is no score, and nothing to mend: a teacher has it in the queue. */
  | { readonly kind: 'left-to-teacher'; readonly reason: GradingFailure }
  /** The submission says so, and a teacher has it in the queue. `cause` is what the grader threw or said, if it did. */
  | { readonly kind: 'failed'; readonly reason: GradingFailure; readonly cause?: unknown };

interface Work {
  readonly submission: Submission;
  /** Of the activity that it is graded by; null where that is gone. */
  readonly version: number | null;
  readonly specification: Specification | Failure;
  readonly files: readonly StoredFile[];
  readonly template: Uint8Array | null;
}

/** Grades a submission. The system alone does this; doing it twice has one effect. */
export class GradeSubmission {
  constructor(private readonly deps: GradeSubmissionDependencies) {}

  async execute(actor: Actor, submissionId: string): Promise<GradingOutcome | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Grading is done by the system.');
    const work = await this.read(actor, submissionId);
    if (work === null) return fail('NOT_FOUND', 'There is no such submission any more.');
    if (!isOpen(work.submission)) return { kind: 'already-graded' };
    // Nothing is held in the database while a grader works: one that asks a model takes its time.
    const result = await this.grade(actor, work);
    if (result.kind === 'ungraded' && result.isPassing) return { ...result, kind: 'postponed' };
    const outcome = await withEvents(this.deps, actor, async (news): Promise<GradingOutcome | Failure | null> => {
      const submission = await this.deps.submissions.lockSubmission(submissionId);
      if (submission === null) return fail('NOT_FOUND', 'There is no such submission any more.');
      if (!isOpen(submission)) return { kind: 'already-graded' };
      const assignment = (await this.deps.assignments.holdAssignment(submission.assignmentId))!;
      if (work.version !== null && work.version !== assignment.activityVersion) return null;
      await this.keepJudgements(submission, result);
      const refused = refusalOf(result, assignment);
      if (refused === null) {
        return this.settle(submission, assignment, work.specification as Specification, result as GradingResult, news);
      }
      const { reason, detail, cause } = refused;
      news.push(...(await this.markUngraded(submission, assignment, { failure: reason, failureDetail: detail })));
      if (isForTeachers(reason)) return { kind: 'left-to-teacher', reason };
      return { kind: 'failed', reason, ...(cause !== undefined && { cause }) };
    });
    // Moved to another version of its activity in the meantime: by that one it is graded.
    return outcome ?? this.execute(actor, submissionId);
  }

  /** For a job that nobody could finish: the submission fails, if it still waits. */
  async giveUp(actor: Actor, submissionId: string): Promise<'failed' | 'settled' | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Grading is done by the system.');
    return withEvents(this.deps, actor, async (news) => {
      const submission = await this.deps.submissions.lockSubmission(submissionId);
      if (submission?.state !== 'queued') return 'settled';
      const assignment = (await this.deps.assignments.findAssignment(submission.assignmentId))!;
      news.push(...(await this.markUngraded(submission, assignment, { failure: 'gave-up', failureDetail: null })));
      return 'failed';
    });
  }

  private read(actor: Actor, submissionId: string): Promise<Work | null> {
    const { unitOfWork, submissions, assignments, files, media } = this.deps;
    return unitOfWork.read(actor, async () => {
      const submission = await submissions.findSubmission(submissionId);
      if (submission === null) return null;
      const assignment = (await assignments.findAssignment(submission.assignmentId))!;
      const pinned = (await assignments.findPinned([assignment])).get(assignment.id);
      const specification = pinned === undefined ? fail('NOT_FOUND') : readSpecification(pinned.content);
      const handedIn = await findInOrder(files, submission.fileIds);
      const template =
        pinned === undefined ? null : await templateOfWork(media, submission.courseId, pinned.content, handedIn);
      return { submission, version: pinned?.version ?? null, specification, files: handedIn, template };
    });
  }

  private async grade(
    actor: Actor,
    { submission, specification, files, template }: Work,
  ): Promise<GradingResult | Ungraded> {
    if (isFailure(specification)) return ungraded('specification-invalid');
    const marks = readMarks(specification, submission.marks);
    if (isFailure(marks)) return ungraded('marks-invalid');
    const { courseId } = submission;
    const result = await gradeWork(this.deps, actor, { courseId, specification, marks, files, template });
    return result.kind === 'graded' ? withAnswersLast(result, specification) : result;
  }

  private async keepJudgements({ id }: Submission, { judgements }: GradingResult | Ungraded): Promise<void> {
    if (judgements.length === 0) return;
    const judgedAt = new Date(this.deps.clock.now());
    await this.deps.models.insertJudgements(judgements.map((each) => ({ ...each, submissionId: id, judgedAt })));
  }

  private async settle(
    submission: Submission & { readonly pseudonym: string },
    assignment: Assignment,
    specification: Specification,
    result: GradingResult,
    news: NewEvent[],
  ): Promise<GradingOutcome> {
    const { scores, decisions, submissions, queue, clock, ids } = this.deps;
    const sequence = (await scores.listScores([submission.id])).length + 1;
    const score = toScore(ids.next(), sequence, submission, assignment, result, new Date(clock.now()));
    const decision = await decideScore(decisions, { submission, assignment, specification, result, score });
    const state = stateAfter[decision.outcome];
    await scores.insertScore(score, submission.pseudonym, null);
    await decisions.insertDecision(decision, submission.pseudonym);
    await submissions.setState(submission.id, state, null);
    if (state !== 'needs-review') {
      await queue.enqueueLearning(score.id);
      news.push(scoreSettled(submission, score, state));
    } else {
      const shown = assignment.stakes === 'graded' ? 'awaiting-teacher' : state;
      news.push(scoreDeferred(submission, score, shown), submissionAwaitsReview(submission, score));
    }
    return { kind: 'graded', state };
  }

  private async markUngraded(
    submission: Submission,
    { stakes }: Assignment,
    failure: { readonly failure: GradingFailure; readonly failureDetail: string | null },
  ): Promise<NewEvent[]> {
    if (submission.state === 'failed' && submission.failure === failure.failure) return [];
    const state = isForTeachers(failure.failure) ? 'needs-review' : 'failed';
    await this.deps.submissions.setState(submission.id, state, failure);
    const shown = stakes === 'graded' ? 'awaiting-teacher' : state;
    return [scoreDeferred(submission, null, shown), submissionAwaitsReview(submission, null)];
  }
}

/** Marks the criteria of which nothing may give the answer away before the last hint. */
function withAnswersLast(result: GradingResult, specification: Specification): GradingResult {
  const kind = kindOf(specification);
  const criteria = result.criteria.map((criterion) =>
    kind.hintsFor(specification, criterion.criterionId)?.answerLast ? { ...criterion, answerLast: true } : criterion,
  );
  return { ...result, criteria };
}

/** The state of work whose score was decided on. */
const stateAfter = { shown: 'graded', released: 'certified', deferred: 'needs-review' } as const;

const forTeachers: ReadonlySet<GradingFailure> = new Set<GradingFailure>([
  'no-model',
  'model-unsure',
  'model-unfit',
  'package-refused',
  'package-exhausted',
  'photo-unusable',
  'in-words',
]);

/** Whether nothing is broken: the teacher's word is simply needed. */
function isForTeachers(reason: GradingFailure): boolean {
  return forTeachers.has(reason);
}

function isOpen({ state }: Submission): boolean {
  return state === 'queued' || state === 'failed';
}

/** Why a result is not a score of this assignment; null where it is. */
function refusalOf(result: GradingResult | Ungraded, { stakes }: Assignment): Ungraded | null {
  if (result.kind === 'ungraded') return result;
  return result.isForPracticeOnly && stakes === 'graded' ? ungraded('model-unfit') : null;
}

function toScore(
  id: string,
  sequence: number,
  submission: Submission,
  { activityId, activityVersion }: Assignment,
  { grader, total, maximum, confidence, criteria, extras, flags, report }: GradingResult,
  scoredAt: Date,
): Score {
  return {
    id,
    submissionId: submission.id,
    sequence,
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
    report,
    reviewerPseudonym: null,
    reason: null,
    comments: [],
    withdrawsId: null,
    scoredAt,
  };
}
