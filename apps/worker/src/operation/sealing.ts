import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '#libs/composition';
import { Clock, isFailure } from '#libs/kernel';
import { SealAudit } from '#libs/governance';
import { Metrics } from '#libs/platform';
import { inEach } from './in-each.js';

/** Seals the audit of all institutions while nobody asks. */
@Injectable()
export class Sealing implements OnModuleDestroy {
  private stopped = false;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly audit: SealAudit,
  ) {}

  onModuleDestroy(): void {
    this.stopped = true;
  }

  async seal(): Promise<void> {
    const places = await this.audit.institutions();
    const oldest = Math.min(...places.map(({ oldestAt }) => oldestAt.getTime()));
    this.metrics.auditWaits(Math.max(0, this.clock.now() - oldest));
    const about = { what: 'seal the audit', logger: this.logger, isStopped: () => this.stopped };
    await inEach(about, places, async (actor) => {
      let sealed = 0;
      for (let more = true; more && !this.stopped;) {
        const outcome = await this.audit.execute(actor);
        if (isFailure(outcome)) break;
        this.metrics.auditSealed(outcome.sealed);
        sealed += outcome.sealed;
        more = outcome.more;
      }
      if (sealed > 0) this.logger.debug({ events: sealed }, 'audit sealed');
    });
  }
}
