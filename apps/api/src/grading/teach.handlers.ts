import { Injectable } from '@nestjs/common';
import { courseStream, fail } from '#libs/kernel';
import { WatchCourse } from '#libs/grading';
import { CatchUp } from '../realtime/catch-up.js';
import { RealtimeHub } from '../realtime/hub.js';
import type { Handlers } from '../realtime/socket-session.js';

/** What a teacher asks over a socket. */
@Injectable()
export class TeachHandlers {
  constructor(
    private readonly watch: WatchCourse,
    private readonly hub: RealtimeHub,
    private readonly catchUp: CatchUp,
  ) {}

  readonly handlers = {
    'course.watch': async ({ actor, socket }, { courseId }) => {
      const refusal = await this.watch.execute(actor, courseId);
      if (refusal !== null) return refusal;
      // Joined before the number is read: an event in between is heard as well as counted, and none is lost.
      await this.hub.watch(socket, actor, courseId);
      const cursor = await this.catchUp.cursor(actor, courseStream(courseId));
      return { kind: 'watching', courseId, cursor };
    },
    'events.catch-up': async ({ actor }, { after, courseId }) => {
      if (courseId === undefined) return fail('INVALID_INPUT', 'courseId: name the course.');
      const refusal = await this.watch.execute(actor, courseId);
      return refusal ?? this.catchUp.read(actor, courseStream(courseId), after);
    },
  } satisfies Partial<Handlers<'/teach'>>;
}
