import { fail, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import { toSubmissionView, type SubmissionView } from '../model/submission-view.js';
import type { AssignmentRepository, SubmissionRepository } from '../ports.js';

/** Which work is asked for: that of a course, or of one of its assignments; of one learner, or of all. */
export interface SubmissionFilter {
  readonly courseId: string;
  readonly assignmentId: string | null;
  readonly learnerId: string | null;
}

/** Lists work that was handed in, newest first: a learner's own, for teachers that of their course. */
export class ListSubmissions {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly assignments: AssignmentRepository,
    private readonly submissions: SubmissionRepository,
  ) {}

  async execute(
    actor: Actor,
    filter: SubmissionFilter,
    page: PageRequest<TimeKey>,
  ): Promise<Page<SubmissionView> | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const role = await this.access.roleIn(actor, filter.courseId);
      if (role === null) return fail('NOT_FOUND', 'There is no such course for you.');
      const learnerId = role === 'learner' ? actor.userId : filter.learnerId;
      if (role === 'learner' && filter.learnerId !== null && filter.learnerId !== actor.userId)
        return fail('FORBIDDEN', 'Learners see their own work only.');
      // Asking for one learner's work must not tell which anonymous work is hers.
      const onlyNamed = role === 'teacher' && learnerId !== null;
      const { items, hasMore } = await this.submissions.listSubmissions({ ...filter, learnerId, onlyNamed }, page);
      const ids = [...new Set(items.map(({ assignmentId }) => assignmentId))];
      const assignments = new Map((await this.assignments.findAssignments(ids)).map((each) => [each.id, each]));
      return { items: items.map((item) => toSubmissionView(item, assignments.get(item.assignmentId)!, role)), hasMore };
    });
  }
}
