import { fail, isFailure, refuseInput, type Failure, type FailureIssue } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { regradeClosed, scoreSettled, submissionReviewed } from '../model/events.js';
import { toSubmissionView, type SubmissionView } from '../model/submission-view.js';
import { isUndecided } from '../model/grading-result.js';
import type { ReviewComment } from '../model/review-comment.js';
import { tellsOfSkills } from '../policy/skills-shown.js';
import { standingScores } from '../policy/standing-scores.js';
import type { Assignment, Score, SettledCriterion, Submission } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';
import { lockForReview, refuseWithdrawn } from './lock-for-review.js';
import { noteReview } from './note-review.js';
import { unscored } from './unscored.js';

export interface ReviewInput {
  /** Made by the client: the id of the score that the review gives. */
  readonly id: string;
  readonly submissionId: string;
  /** The criteria that the teacher sees otherwise; none confirms the score as it is. */
  readonly overrides: readonly { readonly criterionId: string; readonly awarded: number }[];
  /** Told to the learner; needed where something is overridden. */
  readonly reason: string | null;
  /** Shown to the learner with the score. */
  readonly comments?: readonly ReviewComment[];
}

export interface ReviewedSubmission {
  readonly kind: 'reviewed';
  readonly score: Score;
  readonly submission: SubmissionView;
  readonly resent: boolean;
}

/** What a review is about to settle. */
export interface WorkToSettle {
  readonly submission: Submission;
  /** The score that stands. */
  readonly standing: Score | null;
  /** Whether its learner has asked for it to be looked at again. */
  readonly isAskedAbout: boolean;
}

/**
 * A teacher settles a score. The automatic one stays on record; the review is added and stands from now on, and answers what
 * the learner has asked about it. Where a model gave it, it is looked at whether teachers still agree with that one.
 */
export class ReviewSubmission {
  constructor(private readonly deps: GradingDependencies) {}

  /** @param check for a review that is one of many: refuses what the caller does not want to be settled; not asked of a resend */
  async execute(
    actor: Actor,
    input: ReviewInput,
    check: ((work: WorkToSettle) => Failure | null) | null = null,
  ): Promise<ReviewedSubmission | Failure> {
    return withEvents(this.deps, actor, async (news): Promise<ReviewedSubmission | Failure> => {
      const held = await lockForReview(this.deps, actor, input.submissionId);
      if (isFailure(held)) return held;
      const { submission, assignment } = held;
      const { scores, submissions } = this.deps;
      const earlier = await scores.findEarlier(input.id, input);
      if (earlier !== null) {
        if (!earlier.sameBody || earlier.record.submissionId !== submission.id) return fail('ID_REUSED');
        const view = toSubmissionView(submission, assignment, 'teacher');
        return { kind: 'reviewed', score: earlier.record, submission: view, resent: true };
      }
      const all = await held.scores();
      const standing = standingScores(all).at(-1) ?? null;
      const requests = await this.deps.regrades.listRequests([submission.id]);
      const asked = requests.filter(({ state }) => state === 'open').map(({ id }) => id);
      const refused =
        refuseWithdrawn(submission) ?? check?.({ submission, standing, isAskedAbout: asked.length > 0 }) ?? null;
      if (refused !== null) return refused;
      const score = await this.judge(actor, input, assignment, standing, all.length + 1);
      if (isFailure(score)) return score;
      await scores.insertScore(score, held.pseudonym, input);
      const { pseudonym } = held;
      await noteReview(this.deps.decisions, {
        submission,
        earlier: all,
        score,
        pseudonym,
        isOneOfMany: check !== null,
      });
      await submissions.setState(submission.id, 'reviewed', null);
      await this.note(actor, input, standing, score);
      const { modelId } = score.grader;
      if (modelId !== null) await this.deps.modelQueue.enqueueWatch(modelId);
      if (isFirstToTell(submission, all)) await this.deps.queue.enqueueLearning(score.id);
      news.push(submissionReviewed(submission, score, actor.userId), scoreSettled(submission, score, 'reviewed'));
      if (asked.length > 0) {
        const closed = {
          state: 'answered',
          answer: null,
          answeringScoreId: score.id,
          closedAt: score.scoredAt,
        } as const;
        await this.deps.regrades.closeRequests(asked, { ...closed, closedBy: actor.pseudonym });
        news.push(...asked.map((id) => regradeClosed(submission, id, 'answered')));
      }
      const reviewed = { ...submission, state: 'reviewed', failure: null } as const;
      return { kind: 'reviewed', score, submission: toSubmissionView(reviewed, assignment, 'teacher'), resent: false };
    });
  }

  private async judge(
    actor: Actor,
    input: ReviewInput,
    assignment: Assignment,
    before: Score | null,
    sequence: number,
  ): Promise<Score | Failure> {
    const base = before ?? (await unscored(this.deps, input.submissionId, assignment));
    if (isFailure(base)) return base;
    const issues = issuesOf(input, base.criteria);
    if (issues.length > 0) return refuseInput(issues);
    const awarded = new Map(input.overrides.map((override) => [override.criterionId, override.awarded]));
    const criteria = base.criteria.map((criterion) => settle(criterion, awarded.get(criterion.criterionId)));
    return {
      ...base,
      id: input.id,
      sequence,
      source: 'review',
      total: Math.round(criteria.reduce((sum, criterion) => sum + criterion.awarded, 0) * 1e4) / 1e4,
      confidence: 1,
      criteria,
      reviewerPseudonym: actor.pseudonym,
      reason: input.reason,
      comments: input.comments ?? [],
      withdrawsId: null,
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

/** Whether the learner has seen no score before that tells of her skills; one of a program she sees once it stands. */
function isFirstToTell({ state }: Submission, earlier: readonly Score[]): boolean {
  if (state === 'graded' || state === 'certified') return false;
  return !earlier.some((score) => score.source === 'review' && tellsOfSkills(score));
}

function issuesOf(
  { overrides, reason, comments = [] }: ReviewInput,
  criteria: readonly SettledCriterion[],
): FailureIssue[] {
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
  for (const [index, { criterionId }] of comments.entries()) {
    if (criterionId === null || points.has(criterionId)) continue;
    issues.push({ path: `comments.${index}.criterionId`, message: `There is no criterion "${criterionId}".` });
  }
  const undecided = criteria.filter(isUndecided);
  for (const { criterionId } of undecided) {
    if (!seen.has(criterionId))
      issues.push({ path: 'overrides', message: `"${criterionId}" could not be read: say what it earns` });
  }
  const isOtherwise = overrides.some((one) => !undecided.some(({ criterionId }) => criterionId === one.criterionId));
  if (isOtherwise && reason === null) issues.push({ path: 'reason', message: 'say why you see it otherwise' });
  return issues;
}

/** What earns all its points has nothing wrong with it any more; else the grader's finding stays as the explanation. */
function settle(criterion: SettledCriterion, awarded: number | undefined): SettledCriterion {
  if (awarded === undefined) return { ...criterion, confidence: 1 };
  const changed = { ...criterion, awarded, confidence: 1, overridden: true };
  return awarded === criterion.points ? { ...changed, error: null, hint: null } : changed;
}
