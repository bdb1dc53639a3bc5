import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '#libs/composition';
import { Clock, isFailure } from '#libs/kernel';
import { dangerousSystemActor } from '#libs/identity';
import { Database, EventRetention, SignInRetention, SqlRateLimiter } from '#libs/persistence';
import type { Config } from '#libs/platform';
import { HelpLedger, LearnPopulation, PopulationStore, SettleHelp, TellReviews } from '#libs/tutoring';
import { JobRunner } from '../job-runner.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** New responses that are worth a snapshot: so many, and so many for each that was learnt from before. */
const newResponses = { atLeast: 200, share: 0.05 } as const;

/**
 * What has to happen again and again, in any worker: every hour, old events, ended sign-ins and counts of attempts are
 * forgotten;
 * every minute, courses with enough new responses learn from them how their learners are to be followed, and from what came
 * of the help that was offered, which help helps;
 * every 5 minutes, learners hear what is due for review, each once on the day of her institution;
 * every 15 s, submissions whose job ended in the poison queue while nobody looked are marked as failed, so that a
 * teacher sees them. All of it may be done by several workers at once.
 */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly timers: NodeJS.Timeout[] = [];
  private stopped = false;
  private readonly underWay = new Set<Promise<void>>();
  private readonly retention: EventRetention;
  private readonly signIns: SignInRetention;
  private readonly limiter: SqlRateLimiter;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(Database) database: Database,
    private readonly clock: Clock,
    private readonly runner: JobRunner,
    private readonly populations: PopulationStore,
    private readonly learn: LearnPopulation,
    private readonly ledger: HelpLedger,
    private readonly settle: SettleHelp,
    private readonly reviews: TellReviews,
  ) {
    this.retention = new EventRetention(database);
    this.signIns = new SignInRetention(database);
    this.limiter = new SqlRateLimiter(database, clock);
  }

  onApplicationBootstrap(): void {
    // Not all workers that were started together at the same moment.
    this.every(hour, (0.5 + Math.random()) * minute, 'forgetting', () => this.forget());
    this.every(minute, (0.5 + Math.random()) * minute, 'learning from responses', () => this.learnFromClasses());
    this.every(minute, (0.5 + Math.random()) * minute, 'settling help', () => this.settleHelp());
    this.every(5 * minute, (0.5 + Math.random()) * minute, 'telling of reviews', () => this.tellReviews());
    this.every(15 * second, Math.random() * 15 * second, 'looking after poisoned jobs', () =>
      this.runner.markPoisoned(),
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.underWay);
  }

  /** Forgets events that clients can no longer ask for, and sign-ins and counts of attempts of days ago. */
  async forget(): Promise<void> {
    const now = this.clock.now();
    const events = await this.retention.prune(new Date(now - this.config.EVENT_RETENTION_DAYS * day));
    await this.signIns.prune(new Date(now - day));
    await this.limiter.forget(new Date(now - day));
    if (events !== null) this.logger.debug({ events }, 'old events forgotten');
  }

  /** A course learns when it has {@link newResponses}, and a share of new ones that keeps its snapshots few. */
  async learnFromClasses(): Promise<void> {
    const { atLeast, share } = newResponses;
    for (const { institutionId, courseId } of await this.populations.coursesToLearn(atLeast, share)) {
      if (this.stopped) return;
      const snapshot = await this.learn.execute(dangerousSystemActor(institutionId), courseId);
      if (snapshot !== null) this.logger.info({ courseId, snapshot }, 'population weights learnt');
    }
  }

  /** What came of offers of help is found out, and counted for the next ones. */
  async settleHelp(): Promise<void> {
    for (const { institutionId, courseId } of await this.ledger.coursesToSettle()) {
      if (this.stopped) return;
      const offers = await this.settle.execute(dangerousSystemActor(institutionId), courseId);
      if (offers > 0) this.logger.info({ courseId, offers }, 'help settled');
    }
  }

  /** One course that cannot be looked at does not keep the others from it. */
  async tellReviews(): Promise<void> {
    for (const { institutionId, courseId } of await this.reviews.courses()) {
      try {
        const told = await this.tellReviewsIn(institutionId, courseId);
        if (told > 0) this.logger.debug({ courseId, told }, 'reviews told');
      } catch (error) {
        const { code } = error as { code?: string };
        this.logger.warn({ code, courseId }, 'reviews could not be told');
      }
      if (this.stopped) return;
    }
  }

  private async tellReviewsIn(institutionId: string, courseId: string): Promise<number> {
    let told = 0;
    for (let more = true; more && !this.stopped;) {
      const outcome = await this.reviews.execute(dangerousSystemActor(institutionId), courseId);
      if (isFailure(outcome)) return told;
      told += outcome.told;
      more = outcome.more;
    }
    return told;
  }

  private every(rest: number, first: number, what: string, work: () => Promise<void>): void {
    const slot = this.timers.length;
    const next = (wait: number): void => {
      this.timers[slot] = setTimeout(() => {
        const run = work()
          .catch((error: { code?: string }) => this.logger.warn({ code: error.code, what }, 'housekeeping failed'))
          .finally(() => {
            this.underWay.delete(run);
            if (!this.stopped) next(rest);
          });
        this.underWay.add(run);
      }, wait).unref();
    };
    next(first);
  }
}
