import type { Page } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type {
  ActivityPageRequest,
  CourseAccess,
  CourseReader,
  CourseRepository,
  CurrentActivity,
  StoredVersion,
} from '../ports.js';

/** Reads activities with their keys, for those who teach them. */
export class ReadActivities {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly courses: CourseRepository,
    private readonly reader: CourseReader,
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
    request: ActivityPageRequest,
  ): Promise<ReadonlyMap<string, Page<CurrentActivity>>> {
    return this.unitOfWork.read(actor, async () => {
      const roles = await this.access.rolesIn(actor, courseIds);
      const readable = [...roles].filter(([, role]) => role === 'teacher').map(([id]) => id);
      const pages = await this.reader.activitiesOf(readable, request);
      return new Map(readable.map((id) => [id, pages.get(id) ?? { items: [], hasMore: false }]));
    });
  }
}
