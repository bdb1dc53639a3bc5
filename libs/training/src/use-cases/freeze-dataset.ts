import { isFailure, type Clock, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { ArchiveFile, ArchiveLedger, ArchiveStore } from '../archives.ports.js';
import type { DatasetRepository, ImageStore } from '../datasets.ports.js';
import type { FrozenDataset } from '../model/dataset.js';
import { freezePlan, type FreezePlan } from '../policy/freeze-plan.js';
import { findTaughtDataset } from './taught-dataset.js';

export interface FreezeDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly datasets: DatasetRepository;
  readonly images: ImageStore;
  readonly archives: ArchiveStore;
  readonly ledger: ArchiveLedger;
  readonly clock: Clock;
}

/** Turns a dataset, as it is now, into an archive that never changes: what a run trains on. */
export class FreezeDataset {
  constructor(private readonly deps: FreezeDependencies) {}

  /** @param seed decides which group goes into which split */
  async execute(actor: Actor, datasetId: string, seed: number): Promise<FrozenDataset | Failure> {
    const plan = await this.plan(actor, datasetId, seed);
    if (isFailure(plan)) return plan;
    const { unitOfWork, images, archives, ledger, clock } = this.deps;
    const files = archiveFiles(plan, (sha256) => images.get(actor.institutionId, sha256));
    const written = await archives.write(actor.institutionId, files);
    if (isFailure(written)) return written;
    await unitOfWork.run(actor, () => ledger.note(written.sha256, plan.learners, new Date(clock.now())));
    const { labels, card } = plan.index;
    return { ...written, labels, card: { ...card, sha256: written.sha256 } };
  }

  private plan(actor: Actor, datasetId: string, seed: number): Promise<FreezePlan | Failure> {
    const { unitOfWork, datasets, clock } = this.deps;
    return unitOfWork.read(actor, async () => {
      const dataset = await findTaughtDataset(this.deps, actor, datasetId);
      if (isFailure(dataset)) return dataset;
      return freezePlan(dataset, await datasets.listAll(datasetId, new Date(clock.now())), seed);
    });
  }
}

/** The files of an archive: `dataset.json`, and the images at the paths that it names. */
export function archiveFiles(
  { index, images }: FreezePlan,
  imageOf: (sha256: string) => Promise<Uint8Array | null>,
): ArchiveFile[] {
  const head = new TextEncoder().encode(JSON.stringify(index));
  return [
    { path: 'dataset.json', read: () => Promise.resolve(head) },
    ...images.map(({ path, sha256 }) => ({ path, read: () => imageOf(sha256) })),
  ];
}
