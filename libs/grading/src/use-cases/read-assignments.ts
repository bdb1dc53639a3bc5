import { fail, type Clock, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess, CourseRole } from '#libs/learning';
import type { Extension, ExtensionRepository } from '../extension.ports.js';
import type { Assignment, AssignmentRepository, PinnedActivity } from '../ports.js';
import { extendedTo, whyClosed } from '../policy/assignment-window.js';

/** An assignment as the one who asked may see it. */
export interface AssignmentView extends Assignment {
  readonly seenAs: CourseRole;
}

/** When an assignment takes work, for the one who asked. */
export interface AssignmentWindow {
  /** Whether work is taken now. */
  readonly open: boolean;
  /** Her own later due date; null for teachers. */
  readonly extendedTo: Date | null;
}

/** Reads the assignments of a course: for its teachers and its learners. */
export class ReadAssignments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly assignments: AssignmentRepository,
    private readonly extensions: ExtensionRepository,
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
    return { ...assignment, seenAs };
  }

  /** When assignments that were read before take work: for a learner by the extensions that she has. */
  async windowsOf(
    actor: Actor,
    views: readonly AssignmentView[],
  ): Promise<ReadonlyMap<AssignmentView, AssignmentWindow>> {
    const now = this.clock.now();
    const ids = views.filter(({ seenAs }) => seenAs === 'learner').map(({ id }) => id);
    const own = await this.unitOfWork.read(actor, () => this.extensions.findOwn([...new Set(ids)], actor.userId));
    const windowOf = (view: AssignmentView): AssignmentWindow => {
      const extended = extendedTo(view, view.seenAs === 'learner' ? (own.get(view.id) ?? null) : null);
      const isLater = extended.dueAt !== view.dueAt;
      return { open: whyClosed(extended, now) === null, extendedTo: isLater ? extended.dueAt : null };
    };
    return new Map(views.map((view) => [view, windowOf(view)]));
  }

  /** Who has more time for assignments that were read before; for their teachers only. */
  async extensionsOf(
    actor: Actor,
    views: readonly AssignmentView[],
  ): Promise<ReadonlyMap<AssignmentView, readonly Extension[]>> {
    const ids = [...new Set(views.filter(({ seenAs }) => seenAs === 'teacher').map(({ id }) => id))];
    const found = await this.unitOfWork.read(actor, () => this.extensions.listExtensions(ids));
    return new Map(views.map((view) => [view, found.filter(({ assignmentId }) => assignmentId === view.id)]));
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
