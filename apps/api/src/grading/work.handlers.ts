import { Injectable } from '@nestjs/common';
import { filesOfWork } from '#libs/contracts';
import { RequestWorkHint, SubmitWork } from '#libs/grading';
import type { Handlers } from '../realtime/socket-session.js';

/** Handing work in and asking for hints on it, over a socket. */
@Injectable()
export class WorkHandlers {
  constructor(
    private readonly submit: SubmitWork,
    private readonly hint: RequestWorkHint,
  ) {}

  readonly handlers = {
    'work.submit': async ({ actor }, body) => this.submit.execute(actor, { ...body, fileIds: filesOfWork(body) }),
    'work.hint': async ({ actor }, body) => this.hint.execute(actor, body),
  } satisfies Partial<Handlers<'/learn'>>;
}
