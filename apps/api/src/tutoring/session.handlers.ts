import { Injectable } from '@nestjs/common';
import { learnerStream } from '#libs/kernel';
import { CloseSession, OpenSession } from '#libs/tutoring';
import { CatchUp } from '../realtime/catch-up.js';
import type { Handlers } from '../realtime/socket-session.js';

/** A learner's sessions and what she missed between them, over a socket. */
@Injectable()
export class SessionHandlers {
  constructor(
    private readonly open: OpenSession,
    private readonly close: CloseSession,
    private readonly catchUp: CatchUp,
  ) {}

  readonly handlers = {
    'session.open': async ({ actor }, body) => this.open.execute(actor, body),
    'session.close': async ({ actor }, body) => this.close.execute(actor, body.sessionId),
    'events.catch-up': async ({ actor }, { after }) => this.catchUp.read(actor, learnerStream(actor.userId), after),
  } satisfies Partial<Handlers<'/learn'>>;
}
