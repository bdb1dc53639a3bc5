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
    const asked = ids.toSorted().join(' ');
    return this.database.once(actor, `roles of ${actor.userId} in ${asked}`, () => this.readRoles(actor, ids));
  }

  private async readRoles(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, CourseRole>> {
    const { institutionId, userId } = actor;
    const rows = await this.database.rows<{ course_id: string; role: CourseRole }>(
      actor,
      isManager(actor)
        ? {
            name: 'roles-of-manager',
            text: `SELECT id AS course_id, 'teacher' AS role FROM courses
                   WHERE institution_id = $1::uuid AND id = ANY($2::uuid[])`,
            values: [institutionId, [...ids]],
          }
        : {
            name: 'roles',
            text: `SELECT course_id, role FROM enrolments
                   WHERE institution_id = $1::uuid AND course_id = ANY($2::uuid[]) AND user_id = $3::uuid
                     AND left_at IS NULL`,
            values: [institutionId, [...ids], userId],
          },
    );
    return new Map(rows.map(({ course_id, role }) => [course_id, role]));
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
