import { Injectable } from '@nestjs/common';
import { ReactToOffer, RecordInteraction, RecordResponse, RequestHint } from '#libs/tutoring';
import type { Handlers } from '../realtime/socket-session.js';

/** What a learner does in a session, over a socket. */
@Injectable()
export class ResponseHandlers {
  constructor(
    private readonly record: RecordResponse,
    private readonly interact: RecordInteraction,
    private readonly hint: RequestHint,
    private readonly react: ReactToOffer,
  ) {}

  readonly handlers = {
    'response.record': async ({ actor }, body) => this.record.execute(actor, body),
    'interaction.record': async ({ actor }, body) => this.interact.execute(actor, body),
    'hint.request': async ({ actor }, body) => this.hint.execute(actor, body),
    'offer.react': async ({ actor }, body) => this.react.execute(actor, body),
  } satisfies Partial<Handlers<'/learn'>>;
}
