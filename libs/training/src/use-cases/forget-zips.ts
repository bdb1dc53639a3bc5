import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { DatasetImportRepository, FolderZipName, FolderZipStore } from '../imports.ports.js';
import { isAtItsEnd } from '../model/dataset-import.js';

/** Milliseconds after which a zip of which nothing is known was lost by a server that was killed. */
const unknownFor = 3_600_000;

/** Deletes zips of folders that nobody brings in any more. */
export class ForgetZips {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly imports: DatasetImportRepository,
    private readonly zips: FolderZipStore,
    private readonly clock: Clock,
  ) {}

  /** Tells how many there were in the institution of the actor. */
  async execute(actor: Actor): Promise<number | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Zips are forgotten by the system.');
    const before = this.clock.now() - unknownFor;
    const old = (await this.zips.list(actor.institutionId)).filter(({ keptAt }) => keptAt.getTime() < before);
    let forgotten = 0;
    for (const zip of old) {
      if (await this.isNeeded(actor, zip)) continue;
      await this.zips.remove(actor.institutionId, zip);
      forgotten++;
    }
    return forgotten;
  }

  private async isNeeded(actor: Actor, { id, sha256 }: FolderZipName): Promise<boolean> {
    const found = await this.unitOfWork.run(actor, () => this.imports.findImport(id));
    return found?.sha256 === sha256 && !isAtItsEnd(found);
  }
}
