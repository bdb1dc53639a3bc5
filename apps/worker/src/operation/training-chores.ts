import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '#libs/composition';
import { isFailure } from '#libs/kernel';
import { dangerousSystemActor, type Actor } from '#libs/identity';
import { ArchiveLedger, ForgetArchives, ForgetWithdrawn, TendRuns } from '#libs/training';

/** What is done for training while nobody asks, in all institutions. */
@Injectable()
export class TrainingChores implements OnModuleDestroy {
  private stopped = false;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly tend: TendRuns,
    private readonly withdrawn: ForgetWithdrawn,
    private readonly archives: ForgetArchives,
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

  /** What learners have withdrawn is deleted, and so are archives that no run needs. */
  async forget(): Promise<void> {
    const places = (await this.ledger.institutions()).map((institutionId) => ({ institutionId }));
    await this.inEach('forget images and archives', places, async (actor) => {
      const withdrawn = await this.withdrawn.execute(actor);
      const archives = await this.archives.execute(actor);
      if (isFailure(withdrawn) || isFailure(archives)) return;
      const { images, runs } = withdrawn;
      if (images + runs + archives > 0) this.logger.info({ images, runs, archives }, 'what was withdrawn is forgotten');
    });
  }

  /** One place in which something fails does not keep the others from it. */
  private async inEach<Place extends { readonly institutionId: string }>(
    what: string,
    places: readonly Place[],
    work: (actor: Actor, place: Place) => Promise<void>,
  ): Promise<void> {
    for (const place of places) {
      if (this.stopped) return;
      try {
        await work(dangerousSystemActor(place.institutionId), place);
      } catch (error) {
        this.logger.warn({ place, code: (error as { code?: string }).code, what }, 'a chore of training failed');
      }
    }
  }
}
