import { fail, type Clock, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess, CourseRole } from '#libs/learning';
import type { Assignment, AssignmentRepository, PinnedActivity } from '../ports.js';
import { whyClosed } from '../policy/assignment-window.js';

/** An assignment as the one who asked may see it. */
export interface AssignmentView extends Assignment {
  readonly seenAs: CourseRole;
  /** Whether work is taken now. */
  readonly open: boolean;
}

/** Reads the assignments of a course: for its teachers and its learners. */
export class ReadAssignments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly assignments: AssignmentRepository,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor, courseId: string, page: PageRequest<TimeKey>): Promise<Page<AssignmentView> | Failure> {
    const role = await this.access.roleIn(actor, courseId);
    if (role === null) return fail('NOT_FOUND', 'There is no such course for you.');
    const found = await this.unitOfWork.read(actor, () => this.assignments.listAssignments(courseId, page));
    return { ...found, items: found.items.map((assignment) => this.toView(assignment, role)) };
  }

  async one(actor: Actor, id: string): Promise<AssignmentView | Failure> {
    const assignment = await this.unitOfWork.read(actor, () => this.assignments.findAssignment(id));
    const role = assignment && (await this.access.roleIn(actor, assignment.courseId));
    if (assignment === null || role === null) return fail('NOT_FOUND', 'There is no such assignment for you.');
    return this.toView(assignment, role);
  }

  /** How an assignment that was read in another way looks to somebody. */
  toView(assignment: Assignment, seenAs: CourseRole): AssignmentView {
    return { ...assignment, seenAs, open: whyClosed(assignment, this.clock.now()) === null };
  }

  /** The activities of assignments that were read before. A learner gets none before it opens. */
  async activitiesOf(
    actor: Actor,
    views: readonly AssignmentView[],
  ): Promise<ReadonlyMap<AssignmentView, PinnedActivity>> {
    const now = this.clock.now();
    const visible = views.filter(({ seenAs, opensAt }) => seenAs === 'teacher' || (opensAt?.getTime() ?? 0) <= now);
    const pinned = await this.unitOfWork.read(actor, () => this.assignments.findPinned(visible));
    const found = new Map<AssignmentView, PinnedActivity>();
    for (const view of visible) {
      const activity = pinned.get(view.id);
      if (activity !== undefined) found.set(view, activity);
    }
    return found;
  }
}
