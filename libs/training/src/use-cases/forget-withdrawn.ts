import { fail, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { trainingChanged } from '../model/events.js';
import { prepareAnew } from './prepare-anew.js';
import type { RunDependencies } from './run-dependencies.js';

/** What went with the consent of learners. */
export interface Withdrawn {
  /** Images that were deleted from datasets. */
  readonly images: number;
  /** Runs that are prepared anew. */
  readonly runs: number;
}

/** Carries out what learners have withdrawn, or what has expired: their works leave datasets, and runs that have not begun. */
export class ForgetWithdrawn {
  constructor(private readonly deps: RunDependencies) {}

  /** In the institution of the actor. The audit has how many images went of which dataset, and not whose. */
  async execute(actor: Actor): Promise<Withdrawn | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'What was withdrawn is forgotten by the system.');
    const { unitOfWork, ledger, clock } = this.deps;
    const images = await this.removeImages(actor);
    const withheld = await unitOfWork.read(actor, () => ledger.listWithheld(new Date(clock.now())));
    let runs = 0;
    for (const id of withheld) runs += Number(await this.restart(actor, id));
    return { images, runs };
  }

  private removeImages(actor: Actor): Promise<number> {
    const { unitOfWork, datasets, audit, clock } = this.deps;
    return unitOfWork.run(actor, async () => {
      const removed = await datasets.removeWithdrawn(new Date(clock.now()));
      for (const [objectId, images] of removed) {
        const details = { images };
        await audit.record(actor, { action: 'dataset.images-withdrawn', objectKind: 'dataset', objectId, details });
      }
      return [...removed.values()].reduce((sum, images) => sum + images, 0);
    });
  }

  /** A run that waits is prepared without what was withdrawn; its code stays. */
  private restart(actor: Actor, id: string): Promise<boolean> {
    const { runs, ledger, audit, clock } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const run = await runs.lockRun(id);
      if (run?.state !== 'waiting' || run.dataset === null) return false;
      if (await ledger.mayBeGiven(run.dataset.sha256, new Date(clock.now()))) return false;
      const next = await prepareAnew(this.deps, run);
      await audit.record(actor, { action: 'training.prepared-anew', objectKind: 'training-run', objectId: id });
      news.push(trainingChanged(next));
      return true;
    });
  }
}
