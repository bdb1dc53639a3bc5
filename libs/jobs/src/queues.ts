import type { CreateQueueOptions } from './pg-boss.js';

/** Schema of the database that holds the jobs. */
export const jobSchema = 'pgboss';

/** What a job carries: ids only, so that nothing about a person stands in the queue. */
export interface JobData {
  'grade-submission': { readonly institutionId: string; readonly submissionId: string };
  'grade-package': { readonly institutionId: string; readonly submissionId: string };
  'learn-from-work': { readonly institutionId: string; readonly scoreId: string };
  'read-scans': { readonly institutionId: string; readonly batchId: string };
  'verify-model': { readonly institutionId: string; readonly modelId: string };
  'watch-model': { readonly institutionId: string; readonly modelId: string };
  'import-folders': { readonly institutionId: string; readonly importId: string };
  'prepare-run': { readonly institutionId: string; readonly runId: string };
  'train-head': { readonly institutionId: string; readonly runId: string };
}
export type QueueName = keyof JobData;

/** Where jobs go that could not be done; they wait there until somebody looks and replays them. */
export const poisonQueue = 'poison';

/**
 * How jobs are tried. A worker that is killed stops sending signs of life; {@link jobTimes} says after how long another
 * one takes over. A job that fails is tried again after about 1, 2, 4, 8 and 16 seconds, then goes to the poison queue.
 */
export const queueSettings: Record<QueueName, CreateQueueOptions> = {
  'grade-submission': { ...tried(5), expireInSeconds: 60 },
  // The process in which a package judges ends before this. Of its own, so that other work does not wait for it.
  'grade-package': { ...tried(5), expireInSeconds: 900 },
  'learn-from-work': { ...tried(5), expireInSeconds: 60 },
  // One job is a turn of a few seconds; opening a PDF and drawing a page have limits of their own, below this.
  'read-scans': { ...tried(5), expireInSeconds: 120 },
  // The process that verifies has limits of its own, well below this.
  'verify-model': { ...tried(2), expireInSeconds: 300 },
  'watch-model': { ...tried(5), expireInSeconds: 60 },
  // One job is a turn of a few seconds; an import is as many as it takes.
  'import-folders': { ...tried(5), expireInSeconds: 120 },
  'prepare-run': { ...tried(2), expireInSeconds: 900 },
  'train-head': { ...tried(2), expireInSeconds: 1_800 },
};

function tried(retryLimit: number): CreateQueueOptions {
  return {
    notify: true,
    retryLimit,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    heartbeatSeconds: 10,
    deleteAfterSeconds: 3_600,
    deadLetter: poisonQueue,
  };
}

/** How many jobs of a queue one worker does at a time. */
export const atOnce: Readonly<Partial<Record<QueueName, number>>> = { 'grade-package': 1 };

export const queueNames = Object.keys(queueSettings) as QueueName[];

/** The poison queue keeps its jobs for four weeks. */
export const poisonSettings: CreateQueueOptions = { retentionSeconds: 28 * 86_400 };

/**
 * Times in seconds. A worker shows every 3 s that it still holds a job; after 10 s without (`heartbeatSeconds`) a
 * supervising worker, which looks every second, gives the job back, and some worker finds it within 1 s of its delay:
 * less than 15 s after a `kill -9`.
 */
export const jobTimes = { heartbeat: 3, supervision: 1, polling: 1, maintenance: 600 } as const;
