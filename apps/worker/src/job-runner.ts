import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '#libs/composition';
import { JobWorker, poisonQueue, queueNames, type EndedAttempt, type PoisonedJob, type QueueName } from '#libs/jobs';
import { Metrics, Telemetry, type Config } from '#libs/platform';
import { JobHandlers } from './job-handlers.js';

/** Takes jobs while the worker runs, and lets those under way finish before anything is closed. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly worker: JobWorker;
  /** Poisoned jobs that were seen to. */
  private readonly looked = new Set<string>();

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly telemetry: Telemetry,
    private readonly handlers: JobHandlers,
  ) {
    this.worker = new JobWorker({
      url: config.DATABASE_APP_URL,
      onTrouble: ({ code, message }) => logger.warn({ code }, message),
      onEnded: (ended) => this.note(ended),
    });
    metrics.jobsWaiting([...queueNames, poisonQueue], (queue) => this.worker.countWaiting(queue as QueueName));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.handlers.warmUp();
    await this.worker.start();
    for (const queue of queueNames) await this.work(queue);
  }

  /**
   * Gives up what belongs to jobs that ended in the poison queue: submissions fail, models are refused. A job that takes its worker down with it never
   * gets to say so itself.
   */
  async markPoisoned(): Promise<void> {
    const present = new Set<string>();
    for await (const page of this.worker.poisonedPages()) {
      for (const job of page) {
        present.add(job.id);
        if (!this.looked.has(job.id)) await this.markOne(job);
      }
    }
    for (const id of this.looked) if (!present.has(id)) this.looked.delete(id);
  }

  /** One that cannot be marked must not keep those behind it from it. */
  private async markOne({ id, queue, data }: PoisonedJob): Promise<void> {
    try {
      // Which queue it is, the compiler cannot know; each handler parses what it is given.
      if (isQueue(queue)) await this.handlers.byQueue[queue].giveUp(data as never);
      this.looked.add(id);
    } catch (error) {
      this.logger.warn({ queue, jobId: id, ...describe(error) }, 'poisoned job cannot be marked');
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.worker.stop();
  }

  private work<Q extends QueueName>(queue: Q): Promise<void> {
    const job = this.handlers.byQueue[queue];
    return this.worker.work(queue, (data, attempt) => job.run(data, attempt));
  }

  private note({ queue, jobId, attempt, outcome, milliseconds, error }: EndedAttempt): void {
    this.metrics.jobEnded(queue, outcome);
    this.telemetry.note({
      kind: 'job',
      name: `job ${queue}`,
      milliseconds,
      attributes: { 'attune.attempt': attempt, 'attune.outcome': outcome },
      failed: outcome === 'failed',
    });
    const place = { queue, jobId, attempt, ms: Math.round(milliseconds) };
    if (outcome === 'completed') this.logger.debug(place, 'job completed');
    else this.logger.warn({ ...place, ...describe(error) }, 'job failed');
  }
}

/** An error without its message, which may quote what somebody sent. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { reason: error };
  const { code } = error as { code?: unknown };
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { error: error.name, code, stack: frames?.join('\n') };
}

function isQueue(name: string): name is QueueName {
  return (queueNames as readonly string[]).includes(name);
}
