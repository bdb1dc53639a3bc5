import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss';
import { makeBoss, type OnTrouble } from './pg-boss.js';
import { poisonedPages, type PoisonedJob } from './poison.js';
import { atOnce, jobTimes, type poisonQueue, type JobData, type QueueName } from './queues.js';

/** One attempt at a job. */
export interface Attempt {
  readonly jobId: string;
  /** From 1. */
  readonly number: number;
  /** True when a failure will send the job to the poison queue. */
  readonly isLast: boolean;
}

/** A job that would fail again in the same way: it goes to the poison queue at once, with a reason code. */
export interface GivenUp {
  readonly kind: 'given-up';
  readonly reason: string;
}

/**
 * Does one job. It may be called again for a job that it has done already, when a worker was killed before it could
 * say so. What it throws has the job tried again.
 */
export type JobHandler<Q extends QueueName> = (data: JobData[Q], attempt: Attempt) => Promise<'done' | GivenUp>;

export interface JobWorkerOptions {
  /** PostgreSQL URL of the application role. */
  readonly url: string;
  readonly onTrouble: OnTrouble;
  /** Told when an attempt has ended. */
  readonly onEnded: (ended: EndedAttempt) => void;
}

export interface EndedAttempt {
  readonly queue: QueueName;
  readonly jobId: string;
  readonly attempt: number;
  readonly outcome: 'completed' | 'failed';
  readonly milliseconds: number;
  /** What the handler threw, or its reason for giving up. */
  readonly error?: unknown;
}

/** How long a stopping worker lets jobs finish, in milliseconds. */
const patience = 6_000;

/** Takes jobs as soon as they are committed, and looks after those of workers that have died. */
export class JobWorker {
  private readonly boss: PgBoss;

  constructor(private readonly options: JobWorkerOptions) {
    this.boss = makeBoss(options.url, options.onTrouble, {
      max: 2,
      useListenNotify: true,
      supervise: true,
      superviseIntervalSeconds: jobTimes.supervision,
      monitorIntervalSeconds: jobTimes.supervision,
      maintenanceIntervalSeconds: jobTimes.maintenance,
    });
  }

  async start(): Promise<void> {
    await this.boss.start();
  }

  /**
   * Has a handler do the jobs of a queue, two at a time where {@link atOnce} says nothing else. Besides being told of each, it looks for jobs every so many
   * seconds: for those that wait for another try, and in case the line on which it is told was broken. Where one is done, it looks
   * for the next at once, so that a class that hands in together waits for the grading alone.
   */
  async work<Q extends QueueName>(
    queue: Q,
    handler: JobHandler<Q>,
    { polling = jobTimes.polling }: { readonly polling?: number } = {},
  ): Promise<void> {
    const settings = {
      batchSize: 1,
      includeMetadata: true,
      perJobResults: true,
      pollingIntervalSeconds: polling,
      notifyPollingIntervalSeconds: polling,
      heartbeatRefreshSeconds: jobTimes.heartbeat,
    } as const;
    for (let place = 0; place < (atOnce[queue] ?? 2); place++) {
      const worker: string = await this.boss.work<JobData[Q], JobResult[], typeof settings>(
        queue,
        settings,
        async (jobs) => {
          const results = await Promise.all(jobs.map((job) => this.attempt(queue, job, handler)));
          this.boss.notifyWorker(worker);
          return results;
        },
      );
    }
  }

  /** The jobs that could not be done, oldest first, at most 1,000. */
  poisonedPages(): AsyncGenerator<PoisonedJob[]> {
    return poisonedPages(this.boss);
  }

  /** How many jobs of a queue wait to be taken, those that wait for another try included. */
  async countWaiting(queue: QueueName | typeof poisonQueue): Promise<number> {
    const [stats] = await this.boss.getQueueStats(queue);
    return stats!.queuedCount;
  }

  /** Takes no more jobs and lets those under way finish; what is not finished in time is tried again elsewhere. */
  async stop(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: patience });
  }

  private async attempt<Q extends QueueName>(
    queue: Q,
    job: JobWithMetadata<JobData[Q]>,
    handler: JobHandler<Q>,
  ): Promise<JobResult> {
    const started = performance.now();
    const attempt = { jobId: job.id, number: job.retryCount + 1, isLast: job.retryCount >= job.retryLimit };
    const ended = (outcome: 'completed' | 'failed', error?: unknown): void =>
      this.options.onEnded({
        queue,
        jobId: job.id,
        attempt: attempt.number,
        outcome,
        milliseconds: performance.now() - started,
        ...(error !== undefined && { error }),
      });
    try {
      const result = await handler(job.data, attempt);
      if (result === 'done') {
        ended('completed');
        return { id: job.id, status: 'completed' };
      }
      ended('failed', result.reason);
      return { id: job.id, status: 'deadletter', output: { reason: result.reason } };
    } catch (error) {
      ended('failed', error);
      return { id: job.id, status: 'failed', output: { reason: nameOf(error) } };
    }
  }
}

/** The kind of an error, without its message, which may quote what somebody sent. */
function nameOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : 'unknown';
}
