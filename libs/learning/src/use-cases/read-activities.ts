import type { Clock, Page } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type {
  ActivityPageRequest,
  CourseAccess,
  CourseReader,
  CourseRepository,
  CourseRole,
  CurrentActivity,
  StoredVersion,
} from '../ports.js';

/** Reads activities: all of them for teachers, keys included, and for learners what is taught now. */
export class ReadActivities {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly courses: CourseRepository,
    private readonly reader: CourseReader,
    private readonly clock: Clock,
  ) {}

  /** An activity of a course that the actor teaches, with its key; null for everybody else. */
  async find(actor: Actor, activityId: string): Promise<CurrentActivity | null> {
    return this.unitOfWork.read(actor, async () => {
      const activity = await this.courses.findActivity(activityId);
      if (activity === null || (await this.access.roleIn(actor, activity.courseId)) !== 'teacher') return null;
      return { ...activity, current: (await this.courses.findVersion(activityId, activity.version))! };
    });
  }

  /** One version of an activity, for the same people. */
  async findVersion(actor: Actor, activityId: string, version: number): Promise<StoredVersion | null> {
    return this.unitOfWork.read(actor, async () => {
      const activity = await this.courses.findActivity(activityId);
      if (activity === null || (await this.access.roleIn(actor, activity.courseId)) !== 'teacher') return null;
      return this.courses.findVersion(activityId, version);
    });
  }

  /** Activities with their keys, by course: of those that the actor teaches. */
  async forTeachers(
    actor: Actor,
    courseIds: readonly string[],
    request: Omit<ActivityPageRequest, 'openAt'>,
  ): Promise<ReadonlyMap<string, Page<CurrentActivity>>> {
    return this.pages(actor, courseIds, { ...request, openAt: null }, (role) => role === 'teacher');
  }

  /**
   * Activities that are taught, by course, for everybody who takes part; work that has not opened yet is not among
   * them. They still hold their keys: the caller passes
   * them on as a learner's view only.
   */
  async forLearners(
    actor: Actor,
    courseIds: readonly string[],
    request: Omit<ActivityPageRequest, 'withArchived' | 'openAt'>,
  ): Promise<ReadonlyMap<string, Page<CurrentActivity>>> {
    const openAt = new Date(this.clock.now());
    return this.pages(actor, courseIds, { ...request, withArchived: false, openAt }, () => true);
  }

  private pages(
    actor: Actor,
    courseIds: readonly string[],
    request: ActivityPageRequest,
    mayRead: (role: CourseRole) => boolean,
  ): Promise<ReadonlyMap<string, Page<CurrentActivity>>> {
    return this.unitOfWork.read(actor, async () => {
      const roles = await this.access.rolesIn(actor, courseIds);
      const readable = [...roles].filter(([, role]) => mayRead(role)).map(([id]) => id);
      const pages = await this.reader.activitiesOf(readable, request);
      return new Map(readable.map((id) => [id, pages.get(id) ?? { items: [], hasMore: false }]));
    });
  }
}
