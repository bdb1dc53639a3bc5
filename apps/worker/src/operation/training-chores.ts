import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '#libs/composition';
import { isFailure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { ArchiveLedger, ForgetArchives, ForgetWithdrawn, ForgetZips, TendRuns } from '#libs/training';
import { inEach, type Place } from './in-each.js';

/** What is done for training while nobody asks, in all institutions. */
@Injectable()
export class TrainingChores implements OnModuleDestroy {
  private stopped = false;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly tend: TendRuns,
    private readonly withdrawn: ForgetWithdrawn,
    private readonly archives: ForgetArchives,
    private readonly zips: ForgetZips,
    private readonly ledger: ArchiveLedger,
  ) {}

  onModuleDestroy(): void {
    this.stopped = true;
  }

  /** Teachers hear of runs that have become silent, or whose code has expired. */
  async tendRuns(): Promise<void> {
    const runs = await this.tend.runs();
    await this.inEach('tend runs', runs, async (actor, { runId }) => {
      if ((await this.tend.execute(actor, runId)) === true) this.logger.debug({ runId }, 'run tended');
    });
  }

  /** What learners have withdrawn is deleted, and so are archives and zips that nobody needs. */
  async forget(): Promise<void> {
    const places = (await this.ledger.institutions()).map((institutionId) => ({ institutionId }));
    await this.inEach('forget images and archives', places, async (actor) => {
      const withdrawn = await this.withdrawn.execute(actor);
      const archives = await this.archives.execute(actor);
      const zips = await this.zips.execute(actor);
      if (isFailure(withdrawn) || isFailure(archives) || isFailure(zips)) return;
      const counts = { ...withdrawn, archives, zips };
      if (Object.values(counts).some((count) => count > 0)) this.logger.info(counts, 'what nobody needs is forgotten');
    });
  }

  private inEach<P extends Place>(
    what: string,
    places: readonly P[],
    work: (actor: Actor, place: P) => Promise<void>,
  ): Promise<void> {
    return inEach({ what, logger: this.logger, isStopped: () => this.stopped }, places, work);
  }
}
