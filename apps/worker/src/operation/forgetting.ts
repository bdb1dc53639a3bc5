import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '#libs/composition';
import { Clock } from '#libs/kernel';
import { Database, EventRetention, SignInRetention, SqlRateLimiter } from '#libs/persistence';
import type { Config } from '#libs/platform';

const day = 24 * 3_600_000;

/** What is forgotten when nobody can ask for it any more. */
@Injectable()
export class Forgetting {
  private readonly retention: EventRetention;
  private readonly signIns: SignInRetention;
  private readonly limiter: SqlRateLimiter;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(Database) database: Database,
    private readonly clock: Clock,
  ) {
    this.retention = new EventRetention(database);
    this.signIns = new SignInRetention(database);
    this.limiter = new SqlRateLimiter(database, clock);
  }

  /** Forgets events that clients can no longer ask for, and sign-ins and counts of attempts of days ago. */
  async forget(): Promise<void> {
    const now = this.clock.now();
    const events = await this.retention.prune(new Date(now - this.config.EVENT_RETENTION_DAYS * day));
    await this.signIns.prune(new Date(now - day));
    await this.limiter.forget(new Date(now - day));
    if (events !== null) this.logger.debug({ events }, 'old events forgotten');
  }
}
