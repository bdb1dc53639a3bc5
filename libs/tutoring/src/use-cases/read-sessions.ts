import { fail, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { Session, SessionRepository } from '../ports.js';

/** Reads sessions: a learner her own, a teacher those of the learners of her courses. */
export class ReadSessions {
  constructor(
    private readonly access: CourseAccess,
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: SessionRepository,
  ) {}

  /** Null when there is no such session for the actor. */
  async one(actor: Actor, id: string): Promise<Session | null> {
    const session = await this.unitOfWork.read(actor, () => this.sessions.findSession(id));
    if (session === null || session.learnerId === actor.userId) return session;
    return (await this.access.roleIn(actor, session.courseId)) === 'teacher' ? session : null;
  }

  async ofLearner(
    actor: Actor,
    courseId: string,
    learnerId: string,
    page: PageRequest<TimeKey>,
  ): Promise<Page<Session> | Failure> {
    const role = await this.access.roleIn(actor, courseId);
    if (role === null) return fail('NOT_FOUND', 'There is no such course for you.');
    if (role === 'learner' && learnerId !== actor.userId)
      return fail('FORBIDDEN', 'Learners see their own sessions only.');
    return this.unitOfWork.read(actor, () => this.sessions.listSessions(learnerId, courseId, page));
  }
}
