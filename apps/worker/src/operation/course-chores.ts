import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '#libs/composition';
import { isFailure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { LearnPopulation, SettleHelp, TellReviews } from '#libs/tutoring';
import { inEach, type Place } from './in-each.js';

interface CourseToSee extends Place {
  readonly courseId: string;
}

/** What is done for courses while nobody asks, course by course, in all institutions. */
@Injectable()
export class CourseChores implements OnModuleDestroy {
  private stopped = false;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly learn: LearnPopulation,
    private readonly settle: SettleHelp,
    private readonly reviews: TellReviews,
  ) {}

  onModuleDestroy(): void {
    this.stopped = true;
  }

  /** Courses with enough new responses learn from them how their learners are to be followed. */
  learnFromClasses(): Promise<void> {
    return this.inEach('learn from responses', this.learn.courses(), async (actor, courseId) => {
      const snapshot = await this.learn.execute(actor, courseId);
      if (snapshot !== null) this.logger.info({ courseId, snapshot }, 'population weights learnt');
    });
  }

  /** What came of offers of help is found out, and counted for the next ones. */
  settleHelp(): Promise<void> {
    return this.inEach('settle help', this.settle.courses(), async (actor, courseId) => {
      const offers = await this.settle.execute(actor, courseId);
      if (offers > 0) this.logger.info({ courseId, offers }, 'help settled');
    });
  }

  /** Learners hear what is due for review. */
  tellReviews(): Promise<void> {
    return this.inEach('tell of reviews', this.reviews.courses(), async (actor, courseId) => {
      let told = 0;
      for (let more = true; more && !this.stopped;) {
        const outcome = await this.reviews.execute(actor, courseId);
        if (isFailure(outcome)) break;
        told += outcome.told;
        more = outcome.more;
      }
      if (told > 0) this.logger.debug({ courseId, told }, 'reviews told');
    });
  }

  private async inEach(
    what: string,
    courses: Promise<readonly CourseToSee[]>,
    work: (actor: Actor, courseId: string) => Promise<void>,
  ): Promise<void> {
    const about = { what, logger: this.logger, isStopped: () => this.stopped };
    await inEach(about, await courses, (actor, { courseId }) => work(actor, courseId));
  }
}
