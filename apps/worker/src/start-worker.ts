import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import { NestLogger, type Config, type RunningPart } from '#libs/platform';
import { WorkerPort } from './operation/worker-port.js';
import { WorkerModule } from './worker.module.js';

/** Starts a worker: it takes jobs from now on, as one of as many as are wanted. */
export async function startWorker(config: Config, logger: Logger): Promise<RunningPart> {
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const { url } = app.get(WorkerPort);
  return { ...(url !== null && { url }), close: () => app.close() };
}
