import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { FileRepository, FileStore } from '../files.ports.js';
import { looseTime } from '../model/work-file.js';

/** Deletes tables and packages that somebody has uploaded and never handed in. */
export class ForgetFiles {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly files: FileRepository,
    private readonly store: FileStore,
    private readonly clock: Clock,
  ) {}

  /** Tells how many there were in the institution of the actor. */
  async execute(actor: Actor): Promise<number | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Files are forgotten by the system.');
    const before = new Date(this.clock.now() - looseTime);
    return this.unitOfWork.run(actor, async () => {
      const digests = await this.files.removeLoose(before);
      // Before the commit: a row without bytes says so when it is asked for, bytes without a row would never go.
      for (const sha256 of digests) await this.store.remove(actor.institutionId, sha256);
      return digests.length;
    });
  }
}
