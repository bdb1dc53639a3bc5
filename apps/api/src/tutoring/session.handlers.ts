import { Inject, Injectable } from '@nestjs/common';
import { learnerStream } from '#libs/kernel';
import {
  CloseSession,
  OpenSession,
  ReactToOffer,
  RecordInteraction,
  RecordResponse,
  RequestHint,
} from '#libs/tutoring';
import { CatchUp } from '../realtime/catch-up.js';
import type { Handlers } from '../realtime/socket-session.js';

/** What a learner does in a session, over a socket. */
@Injectable()
export class SessionHandlers {
  @Inject() private readonly open!: OpenSession;
  @Inject() private readonly close!: CloseSession;
  @Inject() private readonly record!: RecordResponse;
  @Inject() private readonly interact!: RecordInteraction;
  @Inject() private readonly hint!: RequestHint;
  @Inject() private readonly react!: ReactToOffer;
  @Inject() private readonly catchUp!: CatchUp;

  readonly handlers = {
    'session.open': async ({ actor }, body) => this.open.execute(actor, body),
    'session.close': async ({ actor }, body) => this.close.execute(actor, body.sessionId),
    'response.record': async ({ actor }, body) => this.record.execute(actor, body),
    'interaction.record': async ({ actor }, body) => this.interact.execute(actor, body),
    'hint.request': async ({ actor }, body) => this.hint.execute(actor, body),
    'offer.react': async ({ actor }, body) => this.react.execute(actor, body),
    'events.catch-up': async ({ actor }, { after }) => this.catchUp.read(actor, learnerStream(actor.userId), after),
  } satisfies Partial<Handlers<'/learn'>>;
}
