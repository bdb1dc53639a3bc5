import type { Failure, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { AssignmentRepository, SubmissionRepository } from '../ports.js';
import { toSubmissionView, type SubmissionView } from '../model/submission-view.js';

/** What waits for the teachers of a course, longest waiting first: work to review, and work that no program could grade. */
export class ReviewQueue {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly assignments: AssignmentRepository,
    private readonly submissions: SubmissionRepository,
  ) {}

  async execute(actor: Actor, courseId: string, page: PageRequest<TimeKey>): Promise<Page<SubmissionView> | Failure> {
    const refusal = await demandTeaching(this.access, actor, courseId);
    if (refusal !== null) return refusal;
    return this.unitOfWork.read(actor, async () => {
      const { items, hasMore } = await this.submissions.listForReview(courseId, page);
      const ids = [...new Set(items.map(({ assignmentId }) => assignmentId))];
      const assignments = new Map((await this.assignments.findAssignments(ids)).map((each) => [each.id, each]));
      return {
        items: items.map((item) => toSubmissionView(item, assignments.get(item.assignmentId)!, 'teacher')),
        hasMore,
      };
    });
  }
}
