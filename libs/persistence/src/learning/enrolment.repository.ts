import { EnrolmentRepository, type CourseRole, type Enrolment } from '#libs/learning';
import type { Database } from '../tenancy/database.js';

export class PrismaEnrolmentRepository extends EnrolmentRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findEnrolment(courseId: string, userId: string): Promise<Enrolment | null> {
    const row = await (await this.database.tenant()).enrolment.findFirst({ where: { courseId, userId } });
    if (row === null) return null;
    return { courseId, userId, role: row.role as CourseRole, joinedAt: row.joinedAt, leftAt: row.leftAt };
  }

  override async saveEnrolment(courseId: string, userId: string, role: CourseRole, at: Date): Promise<void> {
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).enrolment.upsert({
      where: { institutionId_courseId_userId: { institutionId, courseId, userId } },
      create: { institutionId, courseId, userId, role, joinedAt: at },
      update: { role, leftAt: null },
    });
  }

  override async endEnrolment(courseId: string, userId: string, at: Date): Promise<boolean> {
    const tenant = await this.database.tenant();
    await tenant.enrolment.updateMany({ where: { courseId, userId, leftAt: null }, data: { leftAt: at } });
    return (await tenant.enrolment.count({ where: { courseId, userId } })) > 0;
  }
}
