import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { isRead } from '../model/scan-batch.js';
import type { ScanName, ScanRepository, ScanStore } from '../scans.ports.js';

/** Milliseconds after which an upload of which nothing is known was lost by a server that was killed. */
const unknownFor = 3_600_000;

/** Deletes zips and PDFs of scans that nobody reads any more. */
export class ForgetScans {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scans: ScanRepository,
    private readonly store: ScanStore,
    private readonly clock: Clock,
  ) {}

  /** Tells how many there were in the institution of the actor. */
  async execute(actor: Actor): Promise<number | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Scans are forgotten by the system.');
    const before = this.clock.now() - unknownFor;
    const old = (await this.store.list(actor.institutionId)).filter(({ keptAt }) => keptAt.getTime() < before);
    let forgotten = 0;
    for (const scans of old) {
      if (await this.isNeeded(actor, scans)) continue;
      await this.store.remove(actor.institutionId, scans);
      forgotten++;
    }
    return forgotten;
  }

  private async isNeeded(actor: Actor, { id, sha256 }: ScanName): Promise<boolean> {
    const found = await this.unitOfWork.run(actor, () => this.scans.findBatch(id));
    return found?.sha256 === sha256 && !isRead(found);
  }
}
