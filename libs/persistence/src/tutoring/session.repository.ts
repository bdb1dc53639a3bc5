import { isId } from '#libs/kernel';
import type { Page, PageRequest } from '#libs/learning';
import { SessionRepository, type Session } from '#libs/tutoring';
import type { LearningSession as SessionRow } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';

export class PrismaSessionRepository extends SessionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findSession(id: string): Promise<Session | null> {
    const row = await (await this.database.tenant()).learningSession.findFirst({ where: { id } });
    return row === null ? null : toSession(row);
  }

  override async listSessions(
    learnerId: string,
    courseId: string,
    { first, after }: PageRequest,
  ): Promise<Page<Session>> {
    const key = readKey(after);
    const rows = await (
      await this.database.tenant()
    ).learningSession.findMany({
      where: {
        learnerId,
        courseId,
        ...(key && { OR: [{ openedAt: { lt: key.openedAt } }, { openedAt: key.openedAt, id: { lt: key.id } }] }),
      },
      orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
      take: first + 1,
    });
    return { items: rows.slice(0, first).map(toSession), hasMore: rows.length > first };
  }
}

/** Where the page before ended: the time and id of its last session. */
function readKey(after: string | null): { openedAt: Date; id: string } | null {
  const [time, id] = after?.split(' ') ?? [];
  const openedAt = new Date(time ?? '');
  return id !== undefined && isId(id) && !Number.isNaN(openedAt.getTime()) ? { openedAt, id } : null;
}

function toSession({ id, courseId, learnerId, openedBy, deviceAt, openedAt, closedAt }: SessionRow): Session {
  return { id, courseId, learnerId, openedBy, deviceAt, openedAt, closedAt };
}
