export * from './grading.queue.js';
export * from './install-queues.js';
export * from './job.queue.js';
export * from './job.worker.js';
export * from './model.queue.js';
export type { OnTrouble } from './pg-boss.js';
export { PoisonQueue, type PoisonedJob } from './poison.js';
export { poisonQueue, queueNames, type JobData, type QueueName } from './queues.js';
export * from './training.queue.js';
