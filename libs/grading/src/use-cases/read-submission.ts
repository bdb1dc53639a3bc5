import { fail, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { AssignmentRepository, ScoreRepository, SubmissionRepository, WorkHintRepository } from '../ports.js';
import {
  toScoreView,
  toSubmissionView,
  visibleScores,
  type ScoreView,
  type SubmissionView,
} from '../model/submission-view.js';

/** Reads a submission: a learner her own, a teacher those of her courses. */
export class ReadSubmission {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly assignments: AssignmentRepository,
    private readonly submissions: SubmissionRepository,
    private readonly records: { readonly scores: ScoreRepository; readonly hints: WorkHintRepository },
  ) {}

  async execute(actor: Actor, id: string): Promise<SubmissionView | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const submission = await this.submissions.findSubmission(id);
      const role = submission && (await this.access.roleIn(actor, submission.courseId));
      const isHers = submission?.learnerId === actor.userId;
      if (submission === null || role === null || (role === 'learner' && !isHers)) {
        return fail('NOT_FOUND', 'There is no such submission for you.');
      }
      const assignment = (await this.assignments.findAssignment(submission.assignmentId))!;
      return toSubmissionView(submission, assignment, role);
    });
  }

  /** The scores of submissions that were read before, each submission's in order. */
  async scoresOf(
    actor: Actor,
    views: readonly SubmissionView[],
  ): Promise<ReadonlyMap<SubmissionView, readonly ScoreView[]>> {
    const { scores, hints } = this.records;
    const ids = [...new Set(views.map(({ submission }) => submission.id))];
    return this.unitOfWork.read(actor, async () => {
      const found = await scores.listScores(ids);
      const steps = await hints.countSteps(ids);
      const scoresOf = (view: SubmissionView): ScoreView[] => {
        const { id } = view.submission;
        const ofIt = found.filter(({ submissionId }) => submissionId === id);
        return visibleScores(view, ofIt).map((score) => toScoreView(view, score, steps.get(id)));
      };
      return new Map(views.map((view) => [view, scoresOf(view)]));
    });
  }
}
