import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import { SessionRepository, type Session } from '#libs/tutoring';
import type { LearningSession as SessionRow } from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaSessionRepository extends SessionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findSession(id: string): Promise<Session | null> {
    const row = await (await this.database.tenant()).learningSession.findFirst({ where: { id } });
    return row === null ? null : toSession(row);
  }

  override async listSessions(learnerId: string, courseId: string, page: PageRequest<TimeKey>): Promise<Page<Session>> {
    const rows = await (
      await this.database.tenant()
    ).learningSession.findMany({
      where: { learnerId, courseId, ...olderThan('openedAt', page) },
      orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toSession);
  }
}

function toSession({ id, courseId, learnerId, openedBy, graded, deviceAt, openedAt, closedAt }: SessionRow): Session {
  return { id, courseId, learnerId, openedBy, graded, deviceAt, openedAt, closedAt };
}
