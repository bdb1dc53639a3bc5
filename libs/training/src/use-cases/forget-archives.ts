import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { ArchiveLedger, ArchiveStore, StoredArchive } from '../archives.ports.js';
import { archiveTimes, isForgettable } from '../policy/archive-retention.js';

export interface ForgetArchivesDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly archives: ArchiveStore;
  readonly ledger: ArchiveLedger;
  readonly clock: Clock;
}

/** Deletes archives that no run needs, and those that hold what was withdrawn. What they were, runs and cards still say. */
export class ForgetArchives {
  constructor(private readonly deps: ForgetArchivesDependencies) {}

  /** Tells how many there were in the institution of the actor. */
  async execute(actor: Actor): Promise<number | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Archives are forgotten by the system.');
    // What is being written now is younger.
    await this.deps.archives.removeUnfinished(
      actor.institutionId,
      new Date(this.deps.clock.now() - archiveTimes.unknown),
    );
    let forgotten = 0;
    for (const archive of await this.deps.archives.list(actor.institutionId)) {
      forgotten += Number(await this.forget(actor, archive));
    }
    return forgotten;
  }

  private forget(actor: Actor, archive: StoredArchive): Promise<boolean> {
    const { unitOfWork, archives, ledger, clock } = this.deps;
    return unitOfWork.run(actor, async () => {
      const now = clock.now();
      if (!isForgettable(await ledger.lockStanding(archive, new Date(now)), now)) return false;
      await archives.remove(actor.institutionId, archive.sha256);
      await ledger.forget(archive.sha256);
      return true;
    });
  }
}
