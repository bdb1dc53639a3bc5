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

/** Jobs that one page, or one listing for people, gives at most. */
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
    for await (const page of poisonedPages(this.boss)) return page;
    return [];
  }

  /** Puts jobs back into their queues, all of them or those named; gives how many. */
  async replay(ids: readonly string[] | 'all'): Promise<number> {
    return this.boss.redrive(poisonQueue, { limit: replayed, ...(ids !== 'all' && { ids: [...ids] }) });
  }
}

/** All of the poison queue, oldest first, page by page through a pg-boss that runs already. */
export async function* poisonedPages(boss: PgBoss): AsyncGenerator<PoisonedJob[]> {
  for (let after: string | undefined; ;) {
    const options = { queued: true, limit: listed, ...(after !== undefined && { after }) };
    const jobs = await boss.findJobs<JobData[QueueName]>(poisonQueue, options);
    if (jobs.length > 0) yield jobs.map(toPoisonedJob);
    if (jobs.length < listed) return;
    after = jobs.at(-1)!.id;
  }
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
