import { Injectable } from '@nestjs/common';
import { RequestWorkHint, SubmitWork } from '#libs/grading';
import type { Handlers } from '../realtime/socket-session.js';

/** Handing work in and asking for hints on it, over a socket. */
@Injectable()
export class WorkHandlers {
  readonly handlers: Pick<Handlers<'/learn'>, 'work.submit' | 'work.hint'>;

  constructor(submit: SubmitWork, hint: RequestWorkHint) {
    this.handlers = {
      'work.submit': async ({ actor }, body) => submit.execute(actor, body),
      'work.hint': async ({ actor }, body) => hint.execute(actor, body),
    };
  }
}
