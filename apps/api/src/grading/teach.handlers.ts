import { Injectable } from '@nestjs/common';
import { courseStream, EventLog, fail, type Failure } from '#libs/kernel';
import { UnitOfWork, type Actor } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import { CatchUp } from '../realtime/catch-up.js';
import { RealtimeHub } from '../realtime/hub.js';
import type { Handlers } from '../realtime/socket-session.js';
import { watchedCourses } from '../realtime/socket-sweep.js';

/** What a teacher asks over a socket. */
@Injectable()
export class TeachHandlers {
  readonly handlers: Pick<Handlers<'/teach'>, 'course.watch' | 'events.catch-up'>;

  constructor(
    private readonly access: CourseAccess,
    unitOfWork: UnitOfWork,
    log: EventLog,
    hub: RealtimeHub,
    catchUp: CatchUp,
  ) {
    this.handlers = {
      'course.watch': async ({ actor, socket }, { courseId }) => {
        const refusal = await this.refuse(actor, courseId);
        if (refusal !== null) return refusal;
        // Joined before the number is read: an event in between is heard as well as counted, and none is lost.
        await socket.join(hub.courseRoom(actor.institutionId, courseId));
        watchedCourses(socket).add(courseId);
        const cursor = await unitOfWork.read(actor, () => log.lastSequence(courseStream(courseId)));
        return { kind: 'watching', courseId, cursor };
      },
      'events.catch-up': async ({ actor }, { after, courseId }) => {
        if (courseId === undefined) return fail('INVALID_INPUT', 'courseId: name the course.');
        const refusal = await this.refuse(actor, courseId);
        return refusal ?? catchUp.read(actor, courseStream(courseId), after);
      },
    };
  }

  private async refuse(actor: Actor, courseId: string): Promise<Failure | null> {
    const role = await this.access.roleIn(actor, courseId);
    if (role === null) return fail('NOT_FOUND', 'There is no such course for you.');
    return role === 'teacher' ? null : fail('FORBIDDEN', 'Only the teachers of the course may do this.');
  }
}
