import { Injectable } from '@nestjs/common';
import { isFailure } from '#libs/kernel';
import { TakeSamples } from '#libs/tutoring';
import type { Handlers } from '../realtime/socket-session.js';

/** What apps saw of learners, over a socket. */
@Injectable()
export class SampleHandlers {
  constructor(private readonly take: TakeSamples) {}

  readonly handlers = {
    'engagement.samples': async ({ actor }, body) => {
      const taken = await this.take.execute(actor, body);
      if (isFailure(taken)) return taken;
      const windows = taken.windows.map(({ endAt, quality, abstain }) => ({ endAt, quality: quality.score, abstain }));
      return { ...taken, mode: taken.mode as 'attention' | 'affect', windows };
    },
  } satisfies Partial<Handlers<'/learn'>>;
}
