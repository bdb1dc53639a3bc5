import { Injectable } from '@nestjs/common';
import { courseStream, fail } from '#libs/kernel';
import { WatchCourse } from '#libs/grading';
import { CatchUp } from '../realtime/catch-up.js';
import { RealtimeHub } from '../realtime/hub.js';
import type { Handlers } from '../realtime/socket-session.js';
import { watchedCourses } from '../realtime/socket-sweep.js';

/** What a teacher asks over a socket. */
@Injectable()
export class TeachHandlers {
  readonly handlers: Pick<Handlers<'/teach'>, 'course.watch' | 'events.catch-up'>;

  constructor(watch: WatchCourse, hub: RealtimeHub, catchUp: CatchUp) {
    this.handlers = {
      'course.watch': async ({ actor, socket }, { courseId }) => {
        const refusal = await watch.execute(actor, courseId);
        if (refusal !== null) return refusal;
        // Joined before the number is read: an event in between is heard as well as counted, and none is lost.
        await socket.join(hub.courseRoom(actor.institutionId, courseId));
        watchedCourses(socket).add(courseId);
        const cursor = await catchUp.cursor(actor, courseStream(courseId));
        return { kind: 'watching', courseId, cursor };
      },
      'events.catch-up': async ({ actor }, { after, courseId }) => {
        if (courseId === undefined) return fail('INVALID_INPUT', 'courseId: name the course.');
        const refusal = await watch.execute(actor, courseId);
        return refusal ?? catchUp.read(actor, courseStream(courseId), after);
      },
    };
  }
}
