import { fail, isFailure, refuseInput, type Failure, type FailureIssue, type StreamedEvent } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import { kindOf, readSpecification } from '../kinds/specification.js';
import { scoreSettled, submissionReviewed } from '../model/events.js';
import { toSubmissionView, type SubmissionView } from '../model/submission-view.js';
import type { Assignment, Score, SettledCriterion } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';
import { noteReview } from './note-review.js';

export interface ReviewInput {
  /** Made by the client: the id of the score that the review gives. */
  readonly id: string;
  readonly submissionId: string;
  /** The criteria that the teacher sees otherwise; none confirms the score as it is. */
  readonly overrides: readonly { readonly criterionId: string; readonly awarded: number }[];
  /** Told to the learner; needed where something is overridden. */
  readonly reason: string | null;
}

export interface ReviewedSubmission {
  readonly kind: 'reviewed';
  readonly score: Score;
  readonly submission: SubmissionView;
  readonly resent: boolean;
}

/**
 * A teacher settles a score. The automatic one stays on record; the review is added and stands from now on. Where a model gave
 * it, it is looked at whether teachers still agree with that one.
 */
export class ReviewSubmission {
  constructor(private readonly deps: GradingDependencies) {}

  async execute(actor: Actor, input: ReviewInput): Promise<ReviewedSubmission | Failure> {
    const { unitOfWork, access, assignments, submissions, scores, publisher } = this.deps;
    let events: readonly StreamedEvent[] = [];
    const outcome = await unitOfWork.run(actor, async (): Promise<ReviewedSubmission | Failure> => {
      const locked = await submissions.lockSubmission(input.submissionId);
      const refusal = locked && (await demandTeaching(access, actor, locked.courseId));
      if (locked === null || refusal?.code === 'NOT_FOUND') {
        return fail('NOT_FOUND', 'There is no such submission for you.');
      }
      if (refusal) return refusal;
      const { pseudonym, ...submission } = locked;
      const assignment = (await assignments.findAssignment(submission.assignmentId))!;
      const earlier = await scores.findEarlier(input.id, input);
      if (earlier !== null) {
        if (!earlier.sameBody || earlier.record.submissionId !== submission.id) return fail('ID_REUSED');
        return {
          kind: 'reviewed',
          score: earlier.record,
          submission: toSubmissionView(submission, assignment, 'teacher'),
          resent: true,
        };
      }
      const history = await scores.listScores([submission.id]);
      const before = history.at(-1) ?? null;
      const score = await this.judge(actor, input, assignment, before);
      if (isFailure(score)) return score;
      await scores.insertScore(score, pseudonym, input);
      await noteReview(this.deps.decisions, { submission, earlier: history, score, pseudonym });
      await submissions.setState(submission.id, 'reviewed', null);
      await this.note(actor, input, before, score);
      const { modelId } = score.grader;
      if (modelId !== null) await this.deps.modelQueue.enqueueWatch(modelId);
      const news = [submissionReviewed(submission, score, actor.userId), scoreSettled(submission, score, 'reviewed')];
      events = await this.deps.events.append(news, score.scoredAt);
      const reviewed = { ...submission, state: 'reviewed', failure: null } as const;
      return { kind: 'reviewed', score, submission: toSubmissionView(reviewed, assignment, 'teacher'), resent: false };
    });
    publisher.publish(events);
    return outcome;
  }

  private async judge(
    actor: Actor,
    input: ReviewInput,
    assignment: Assignment,
    before: Score | null,
  ): Promise<Score | Failure> {
    const base = before ?? (await this.unscored(input.submissionId, assignment));
    if (isFailure(base)) return base;
    const issues = issuesOf(input, base.criteria);
    if (issues.length > 0) return refuseInput(issues);
    const awarded = new Map(input.overrides.map((override) => [override.criterionId, override.awarded]));
    const criteria = base.criteria.map((criterion) => settle(criterion, awarded.get(criterion.criterionId)));
    return {
      ...base,
      id: input.id,
      sequence: base.sequence + 1,
      source: 'review',
      total: Math.round(criteria.reduce((sum, criterion) => sum + criterion.awarded, 0) * 1e4) / 1e4,
      confidence: 1,
      criteria,
      reviewerPseudonym: actor.pseudonym,
      reason: input.reason,
      scoredAt: new Date(this.deps.clock.now()),
    };
  }

  /** Where no program has given a score, the review starts from nothing found. */
  private async unscored(submissionId: string, assignment: Assignment): Promise<Score | Failure> {
    const { activityId, activityVersion } = assignment;
    const pinned = (await this.deps.assignments.findPinned([assignment])).get(assignment.id);
    const specification = pinned === undefined ? fail('NOT_FOUND') : readSpecification(pinned.content);
    if (isFailure(specification)) return fail('INVALID_INPUT', 'The key of this activity is broken: correct it first.');
    const criteria = kindOf(specification).blank(specification);
    return {
      total: 0,
      maximum: criteria.reduce((sum, { points }) => sum + points, 0),
      confidence: 0,
      extras: [],
      id: '',
      submissionId,
      sequence: 0,
      source: 'automatic',
      activityId,
      activityVersion,
      grader: { name: 'teacher', version: 1, modelId: null },
      flags: [],
      report: null,
      criteria: criteria.map((criterion) => ({ ...criterion, overridden: false })),
      reviewerPseudonym: null,
      reason: null,
      scoredAt: new Date(this.deps.clock.now()),
    };
  }

  private note(actor: Actor, input: ReviewInput, before: Score | null, after: Score): Promise<void> {
    const details = {
      scoreId: after.id,
      before: before && { scoreId: before.id, total: before.total },
      total: after.total,
      overrides: input.overrides,
    };
    const { submissionId: objectId } = input;
    return this.deps.audit.record(actor, {
      action: 'submission.reviewed',
      objectKind: 'submission',
      objectId,
      details,
    });
  }
}

function issuesOf({ overrides, reason }: ReviewInput, criteria: readonly SettledCriterion[]): FailureIssue[] {
  const issues: FailureIssue[] = [];
  const points = new Map(criteria.map((criterion) => [criterion.criterionId, criterion.points]));
  const seen = new Set<string>();
  for (const [index, { criterionId, awarded }] of overrides.entries()) {
    const maximum = points.get(criterionId);
    const complain = (field: string, message: string): unknown =>
      issues.push({ path: `overrides.${index}.${field}`, message });
    if (maximum === undefined) complain('criterionId', `There is no criterion "${criterionId}".`);
    else if (!(awarded >= 0 && awarded <= maximum)) complain('awarded', `must be from 0 to ${maximum}`);
    if (seen.has(criterionId)) complain('criterionId', 'is overridden twice');
    seen.add(criterionId);
  }
  if (overrides.length > 0 && reason === null) issues.push({ path: 'reason', message: 'say why you see it otherwise' });
  return issues;
}

/** What earns all its points has nothing wrong with it any more; else the grader's finding stays as the explanation. */
function settle(criterion: SettledCriterion, awarded: number | undefined): SettledCriterion {
  if (awarded === undefined) return { ...criterion, confidence: 1 };
  const changed = { ...criterion, awarded, confidence: 1, overridden: true };
  return awarded === criterion.points ? { ...changed, error: null, hint: null } : changed;
}
