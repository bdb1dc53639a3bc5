import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ModelJudgement } from '#libs/models';
import {
  toScoreView,
  toSubmissionView,
  visibleScores,
  type ScoreView,
  type SubmissionView,
} from '../model/submission-view.js';
import { alikeUpTo } from '../policy/perceptual-hash.js';
import { withdrawnIds } from '../policy/standing-scores.js';
import type { Lookalike } from '../ports.js';
import type { RegradeRequest } from '../regrade.ports.js';
import type { GradingDependencies } from './dependencies.js';

/** Reads a submission: a learner her own, a teacher those of her courses. */
export class ReadSubmission {
  constructor(private readonly deps: GradingDependencies) {}

  async execute(actor: Actor, id: string): Promise<SubmissionView | Failure> {
    const { unitOfWork, access, assignments, submissions } = this.deps;
    return unitOfWork.read(actor, async () => {
      const submission = await submissions.findSubmission(id);
      const role = submission && (await access.roleIn(actor, submission.courseId));
      const isHers = submission?.learnerId === actor.userId;
      if (submission === null || role === null || (role === 'learner' && !isHers)) {
        return fail('NOT_FOUND', 'There is no such submission for you.');
      }
      const assignment = (await assignments.findAssignment(submission.assignmentId))!;
      return toSubmissionView(submission, assignment, role);
    });
  }

  /** The scores of submissions that were read before, each submission's in order. */
  async scoresOf(
    actor: Actor,
    views: readonly SubmissionView[],
  ): Promise<ReadonlyMap<SubmissionView, readonly ScoreView[]>> {
    const { unitOfWork, scores, hints } = this.deps;
    const ids = [...new Set(views.map(({ submission }) => submission.id))];
    return unitOfWork.read(actor, async () => {
      const found = await scores.listScores(ids);
      const steps = await hints.lastSteps(ids);
      const scoresOf = (view: SubmissionView): ScoreView[] => {
        const { id } = view.submission;
        const ofIt = found.filter(({ submissionId }) => submissionId === id);
        const withdrawn = withdrawnIds(ofIt);
        return visibleScores(view, ofIt).map((score) => toScoreView(view, score, steps.get(id), withdrawn));
      };
      return new Map(views.map((view) => [view, scoresOf(view)]));
    });
  }

  /** What learners asked for about submissions that were read before, the earliest first. */
  async regradesOf(
    actor: Actor,
    views: readonly SubmissionView[],
  ): Promise<ReadonlyMap<SubmissionView, readonly RegradeRequest[]>> {
    const ids = [...new Set(views.map(({ submission }) => submission.id))];
    const found = await this.deps.unitOfWork.read(actor, () => this.deps.regrades.listRequests(ids));
    const of = ({ submission: { id } }: SubmissionView): RegradeRequest[] =>
      found.filter(({ submissionId }) => submissionId === id);
    return new Map(views.map((view) => [view, of(view)]));
  }

  /** Works of others whose pictures look like those of submissions that were read before; for their teachers only. */
  async lookalikesOf(
    actor: Actor,
    views: readonly SubmissionView[],
  ): Promise<ReadonlyMap<SubmissionView, readonly Lookalike[]>> {
    const taught = views.filter(({ seenAs }) => seenAs === 'teacher');
    const ids = [...new Set(taught.map(({ submission }) => submission.id))];
    const found = await this.deps.unitOfWork.read(actor, () => this.deps.submissions.listLookalikes(ids, alikeUpTo));
    return new Map(taught.map((view) => [view, distinctive(found.get(view.submission.id) ?? [])]));
  }

  /** What models judged of submissions that were read before; for their teachers only. */
  async judgementsOf(
    actor: Actor,
    views: readonly SubmissionView[],
  ): Promise<ReadonlyMap<SubmissionView, readonly ModelJudgement[]>> {
    const taught = views.filter(({ seenAs }) => seenAs === 'teacher');
    const ids = [...new Set(taught.map(({ submission }) => submission.id))];
    const found = await this.deps.unitOfWork.read(actor, () => this.deps.models.listJudgements(ids));
    const of = ({ submission: { id } }: SubmissionView): ModelJudgement[] =>
      found.filter(({ submissionId }) => submissionId === id);
    return new Map(taught.map((view) => [view, of(view)]));
  }
}

/** Pictures of more learners than this look alike because of what was asked for, such as a sheet that all of them label. */
const mostLearners = 5;

function distinctive(lookalikes: readonly Lookalike[]): readonly Lookalike[] {
  return new Set(lookalikes.map(({ learnerId }) => learnerId)).size > mostLearners ? [] : lookalikes;
}
