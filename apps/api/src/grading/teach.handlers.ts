import { Injectable } from '@nestjs/common';
import { courseStream, EventLog, fail, type Failure } from '#libs/kernel';
import { UnitOfWork, type Actor } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import { CatchUp } from '../realtime/catch-up.js';
import { RealtimeHub } from '../realtime/hub.js';
import type { Handlers } from '../realtime/socket-session.js';

/** What a teacher asks over a socket. */
@Injectable()
export class TeachHandlers {
  constructor(
    private readonly access: CourseAccess,
    private readonly unitOfWork: UnitOfWork,
    private readonly log: EventLog,
    private readonly hub: RealtimeHub,
    private readonly catchUp: CatchUp,
  ) {}

  readonly handlers = {
    'course.watch': async ({ actor, socket }, { courseId }) => {
      const refusal = await this.refuse(actor, courseId);
      if (refusal !== null) return refusal;
      // Joined before the number is read: an event in between is heard as well as counted, and none is lost.
      await this.hub.watch(socket, actor, courseId);
      const cursor = await this.unitOfWork.read(actor, () => this.log.lastSequence(courseStream(courseId)));
      return { kind: 'watching', courseId, cursor };
    },
    'events.catch-up': async ({ actor }, { after, courseId }) => {
      if (courseId === undefined) return fail('INVALID_INPUT', 'courseId: name the course.');
      const refusal = await this.refuse(actor, courseId);
      return refusal ?? this.catchUp.read(actor, courseStream(courseId), after);
    },
  } satisfies Partial<Handlers<'/teach'>>;

  private async refuse(actor: Actor, courseId: string): Promise<Failure | null> {
    const role = await this.access.roleIn(actor, courseId);
    if (role === null) return fail('NOT_FOUND', 'There is no such course for you.');
    return role === 'teacher' ? null : fail('FORBIDDEN', 'Only the teachers of the course may do this.');
  }
}
