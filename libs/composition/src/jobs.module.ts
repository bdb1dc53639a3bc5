import { Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { JobQueue } from '#libs/jobs';
import { AmbientStatements, Database } from '#libs/persistence';
import type { Config } from '#libs/platform';
import { CONFIG, LOGGER } from './tokens.js';
import { bind } from './use-case.js';

class JobQueueCloser implements OnApplicationShutdown {
  constructor(private readonly queue: JobQueue) {}

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}

/** Putting jobs into queues, in the transaction of the row that they belong to. */
@Module({
  providers: [
    {
      provide: JobQueue,
      useFactory: (config: Config, logger: Logger, database: Database) =>
        new JobQueue({
          url: config.DATABASE_APP_URL,
          onTrouble: ({ code, message }) => logger.warn({ code }, message),
          ambient: new AmbientStatements(database),
        }),
      inject: [CONFIG, LOGGER, Database],
    },
    bind(JobQueueCloser, JobQueue),
  ],
  exports: [JobQueue],
})
export class JobsModule {}
