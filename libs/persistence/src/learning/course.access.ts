import { isId } from '#libs/kernel';
import { isManager, type Actor } from '#libs/identity';
import { CourseAccess, type CourseRole } from '#libs/learning';
import type { Database } from '../tenancy/database.js';

/** Reads the enrolment that says who somebody is in a course. */
export class EnrolmentCourseAccess extends CourseAccess {
  constructor(private readonly database: Database) {
    super();
  }

  override async roleIn(actor: Actor, courseId: string): Promise<CourseRole | null> {
    return (await this.rolesIn(actor, [courseId])).get(courseId) ?? null;
  }

  override async rolesIn(actor: Actor, courseIds: readonly string[]): Promise<ReadonlyMap<string, CourseRole>> {
    const ids = courseIds.filter(isId);
    if (ids.length === 0) return new Map();
    const { institutionId, userId } = actor;
    return this.database.read(actor, async () => {
      const tenant = await this.database.tenant();
      if (isManager(actor)) {
        const courses = await tenant.course.findMany({
          where: { institutionId, id: { in: ids } },
          select: { id: true },
        });
        return new Map(courses.map(({ id }) => [id, 'teacher']));
      }
      const enrolments = await tenant.enrolment.findMany({
        where: { institutionId, userId, courseId: { in: ids }, leftAt: null },
        select: { courseId: true, role: true },
      });
      return new Map(enrolments.map(({ courseId, role }) => [courseId, role as CourseRole]));
    });
  }

  override teaches(actor: Actor, learnerId: string): Promise<boolean> {
    const { institutionId, userId } = actor;
    return this.database.read(actor, async () => {
      const tenant = await this.database.tenant();
      const shared = await tenant.enrolment.findFirst({
        where: {
          institutionId,
          userId,
          role: 'teacher',
          leftAt: null,
          course: { enrolments: { some: { userId: learnerId, role: 'learner', leftAt: null } } },
        },
        select: { courseId: true },
      });
      return shared !== null;
    });
  }
}
