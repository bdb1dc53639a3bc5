import { ClassRoster, type ClassMember } from '#libs/grading';
import type { Database } from '../tenancy/database.js';

export class PrismaClassRoster extends ClassRoster {
  constructor(private readonly database: Database) {
    super();
  }

  override async listClass(courseId: string, limit: number): Promise<readonly ClassMember[]> {
    const rows = await (
      await this.database.tenant()
    ).enrolment.findMany({
      where: { courseId, role: 'learner', leftAt: null },
      select: { user: { select: { id: true, pseudonym: true, name: true, externalId: true, email: true } } },
      orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
      take: limit,
    });
    return rows.map(({ user: { id, ...same } }) => ({ learnerId: id, ...same }));
  }
}
