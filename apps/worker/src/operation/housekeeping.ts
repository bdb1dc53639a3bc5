import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '#libs/composition';
import { JobRunner } from '../job-runner.js';
import { CourseChores } from './course-chores.js';
import { Forgetting } from './forgetting.js';
import { Sealing } from './sealing.js';
import { TrainingChores } from './training-chores.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * What has to happen again and again, in any worker: every hour, old events, ended sign-ins and counts of attempts are
 * forgotten;
 * every minute, courses with enough new responses learn from them how their learners are to be followed, and from what came
 * of the help that was offered, which help helps; the audit is sealed; and teachers hear of training runs that are silent or
 * have expired;
 * every 5 minutes, learners hear what is due for review, each once on the day of her institution; and what they have
 * withdrawn from training is deleted, with the archives that no run needs;
 * every 15 s, submissions whose job ended in the poison queue while nobody looked are marked as failed, so that a
 * teacher sees them. All of it may be done by several workers at once.
 */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly timers: NodeJS.Timeout[] = [];
  private stopped = false;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly forgetting: Forgetting,
    private readonly courses: CourseChores,
    private readonly training: TrainingChores,
    private readonly sealing: Sealing,
    private readonly runner: JobRunner,
  ) {}

  onApplicationBootstrap(): void {
    // Not all workers that were started together at the same moment.
    this.every(hour, (0.5 + Math.random()) * minute, 'forgetting', () => this.forgetting.forget());
    this.every(minute, (0.5 + Math.random()) * minute, 'learning from responses', () =>
      this.courses.learnFromClasses(),
    );
    this.every(minute, (0.5 + Math.random()) * minute, 'settling help', () => this.courses.settleHelp());
    this.every(minute, (0.5 + Math.random()) * minute, 'sealing the audit', () => this.sealing.seal());
    this.every(5 * minute, (0.5 + Math.random()) * minute, 'telling of reviews', () => this.courses.tellReviews());
    this.every(minute, (0.5 + Math.random()) * minute, 'tending training runs', () => this.training.tendRuns());
    this.every(5 * minute, (0.5 + Math.random()) * minute, 'forgetting what was withdrawn', () =>
      this.training.forget(),
    );
    this.every(15 * second, Math.random() * 15 * second, 'looking after poisoned jobs', () =>
      this.runner.markPoisoned(),
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.underWay);
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
