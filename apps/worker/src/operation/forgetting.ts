import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '#libs/composition';
import { Clock, isFailure } from '#libs/kernel';
import { ForgetFiles, ForgetScans } from '#libs/grading';
import { InstitutionDirectory } from '#libs/identity';
import { Database, EstimateRetention, EventRetention, SignInRetention, SqlRateLimiter } from '#libs/persistence';
import type { Config } from '#libs/platform';
import { inEach } from './in-each.js';

const day = 24 * 3_600_000;
/** Days for which what was estimated of learners' engagement is kept. */
const keptEstimates = 30;

/** What is forgotten when nobody can ask for it any more. */
@Injectable()
export class Forgetting implements OnModuleDestroy {
  private stopped = false;
  private readonly retention: EventRetention;
  private readonly estimates: EstimateRetention;
  private readonly signIns: SignInRetention;
  private readonly limiter: SqlRateLimiter;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(Database) database: Database,
    private readonly clock: Clock,
    private readonly institutions: InstitutionDirectory,
    private readonly files: ForgetFiles,
    private readonly scans: ForgetScans,
  ) {
    this.retention = new EventRetention(database);
    this.estimates = new EstimateRetention(database);
    this.signIns = new SignInRetention(database);
    this.limiter = new SqlRateLimiter(database, clock);
  }

  onModuleDestroy(): void {
    this.stopped = true;
  }

  /**
   * Forgets events that clients can no longer ask for, estimates of engagement, sign-ins and counts of attempts of days ago, and files and scans that
   * nobody has handed in.
   */
  async forget(): Promise<void> {
    const now = this.clock.now();
    const events = await this.retention.prune(new Date(now - this.config.EVENT_RETENTION_DAYS * day));
    await this.estimates.prune(new Date(now - keptEstimates * day));
    await this.signIns.prune(new Date(now - day));
    await this.limiter.forget(new Date(now - day));
    if (events !== null) this.logger.debug({ events }, 'old events forgotten');
    await this.forgetFiles();
  }

  private async forgetFiles(): Promise<void> {
    const places = (await this.institutions.listInstitutionIds()).map((institutionId) => ({ institutionId }));
    const about = { what: 'forget files', logger: this.logger, isStopped: () => this.stopped };
    await inEach(about, places, async (actor) => {
      const files = await this.files.execute(actor);
      if (!isFailure(files) && files > 0) this.logger.info({ files }, 'files that nobody handed in are forgotten');
      const scans = await this.scans.execute(actor);
      if (!isFailure(scans) && scans > 0) this.logger.info({ scans }, 'scans that nobody reads are forgotten');
    });
  }
}
