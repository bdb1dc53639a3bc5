import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { makeBoss, type OnTrouble } from './pg-boss.js';
import { poisonQueue, type JobData, type QueueName } from './queues.js';

/** A job that could not be done. */
export interface PoisonedJob<Q extends QueueName = QueueName> {
  readonly id: string;
  readonly queue: Q;
  readonly data: JobData[Q];
  /** Attempts that were made. */
  readonly attempts: number;
  /** Reason code of the last attempt. */
  readonly reason: string;
  readonly enqueuedAt: Date;
  readonly poisonedAt: Date;
}

/** Jobs that one listing gives at most. */
const listed = 1_000;
/** Jobs that one replay puts back at most. */
const replayed = 100_000;

/** The jobs that could not be done: looking at them, and trying them again. */
export class PoisonQueue {
  private readonly boss: PgBoss;

  /** @param url PostgreSQL URL of the application role or the owner */
  constructor(url: string, onTrouble: OnTrouble) {
    this.boss = makeBoss(url, onTrouble, { max: 1 });
  }

  async open(): Promise<void> {
    await this.boss.start();
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }

  /** Oldest first, at most 1,000. */
  async list(): Promise<PoisonedJob[]> {
    return listPoisoned(this.boss);
  }

  /** Puts jobs back into their queues, all of them or those named; gives how many. */
  async replay(ids: readonly string[] | 'all'): Promise<number> {
    return this.boss.redrive(poisonQueue, { limit: replayed, ...(ids !== 'all' && { ids: [...ids] }) });
  }
}

/** The poison queue, read through a pg-boss that runs already. */
export async function listPoisoned(boss: PgBoss): Promise<PoisonedJob[]> {
  const jobs = await boss.findJobs<JobData[QueueName]>(poisonQueue, { queued: true, limit: listed });
  return jobs.map(toPoisonedJob);
}

function toPoisonedJob(job: JobWithMetadata<JobData[QueueName]>): PoisonedJob {
  return {
    id: job.id,
    queue: job.sourceName as QueueName,
    data: job.data,
    attempts: (job.sourceRetryCount ?? 0) + 1,
    reason: reasonOf(job.sourceOutput),
    enqueuedAt: job.sourceCreatedOn ?? job.createdOn,
    poisonedAt: job.createdOn,
  };
}

function reasonOf(output: object | null): string {
  const { reason, value } = (output ?? {}) as { reason?: unknown; value?: { message?: unknown; reason?: unknown } };
  for (const text of [reason, value?.reason, value?.message]) if (typeof text === 'string') return text;
  return 'unknown';
}
