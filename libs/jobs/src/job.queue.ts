import type { PgBoss } from 'pg-boss';
import { makeBoss, type OnTrouble } from './pg-boss.js';
import type { JobData, QueueName } from './queues.js';

/** Runs a statement in the transaction that is open around the caller. */
export interface AmbientStatements {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface JobQueueOptions {
  /** PostgreSQL URL of the application role. */
  readonly url: string;
  readonly onTrouble: OnTrouble;
  readonly ambient: AmbientStatements;
}

/**
 * Puts jobs into queues as part of the transaction that is open: the job is there when the transaction has committed,
 * and a transaction that is undone leaves no job. One connection of its own reads the settings of the queues.
 */
export class JobQueue {
  private starting: Promise<PgBoss> | null = null;

  constructor(private readonly options: JobQueueOptions) {}

  /** Reads the settings of the queues ahead of the first job, where the database answers. */
  async warm(): Promise<void> {
    await this.boss().catch(() => undefined);
  }

  /** Adds a job and gives its id. */
  async enqueue<Q extends QueueName>(queue: Q, data: JobData[Q]): Promise<string> {
    const boss = await this.boss();
    const id = await boss.send(queue, data, { db: this.options.ambient });
    if (id === null) throw new Error(`The job was not added to ${queue}.`);
    return id;
  }

  /** Adds many jobs, a thousand in a statement. */
  async enqueueAll<Q extends QueueName>(queue: Q, data: readonly JobData[Q][]): Promise<void> {
    const boss = await this.boss();
    for (let start = 0; start < data.length; start += 1_000) {
      const jobs = data.slice(start, start + 1_000).map((each) => ({ data: each }));
      await boss.insert(queue, jobs, { db: this.options.ambient });
    }
  }

  async close(): Promise<void> {
    const boss = await this.starting?.catch(() => null);
    this.starting = null;
    await boss?.stop({ graceful: false });
  }

  private boss(): Promise<PgBoss> {
    this.starting ??= this.start().catch((error: unknown) => {
      this.starting = null;
      throw error;
    });
    return this.starting;
  }

  private async start(): Promise<PgBoss> {
    const { url, onTrouble } = this.options;
    const boss = makeBoss(url, onTrouble, { max: 1 });
    try {
      return await boss.start();
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => undefined);
      throw error;
    }
  }
}
