import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock, EventLog, IdSource } from '#libs/kernel';
import { CredentialStanding, UnitOfWork } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import {
  Database,
  EnrolmentCourseAccess,
  SigningKeyRepository,
  SqlCredentialStanding,
  SqlEventLog,
} from '#libs/persistence';
import { SystemClock, type Config } from '#libs/platform';
import { Seal, SystemIds, TokenService } from '#libs/security';
import { CONFIG, LOGGER } from './tokens.js';
import { adapt, bind } from './use-case.js';

class DatabaseCloser implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/** What every part of the house needs: settings, logs, time, ids, the database and tokens. */
@Module({})
export class CoreModule {
  /** @param options.writeLimit how long one unit of work may take, in milliseconds; see {@link Database} */
  static forRoot(config: Config, logger: Logger, options: { readonly writeLimit?: number } = {}): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: Clock, useClass: SystemClock },
        adapt(IdSource, SystemIds, Clock),
        {
          provide: Database,
          useFactory: () =>
            new Database({
              url: config.DATABASE_APP_URL,
              poolSize: config.DATABASE_POOL_SIZE,
              ...options,
              onLostConnection: (error) =>
                logger.warn({ code: (error as { code?: string }).code }, 'database connection lost'),
            }),
        },
        { provide: UnitOfWork, useExisting: Database },
        adapt(CredentialStanding, SqlCredentialStanding, Database),
        adapt(CourseAccess, EnrolmentCourseAccess, Database),
        adapt(EventLog, SqlEventLog, Database),
        {
          provide: TokenService,
          useFactory: (database: Database, clock: Clock, ids: IdSource) =>
            new TokenService(
              new SigningKeyRepository(database),
              new Seal(config.ATTUNE_SECRET),
              clock,
              ids,
              config.PUBLIC_URL ?? 'attune',
            ),
          inject: [Database, Clock, IdSource],
        },
        bind(DatabaseCloser, Database),
      ],
      exports: [
        CONFIG,
        LOGGER,
        Clock,
        IdSource,
        Database,
        UnitOfWork,
        CredentialStanding,
        CourseAccess,
        EventLog,
        TokenService,
      ],
    };
  }
}
