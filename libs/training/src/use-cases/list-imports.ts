import { fail, isFailure, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { DatasetRepository } from '../datasets.ports.js';
import type { DatasetImportRepository } from '../imports.ports.js';
import type { DatasetImport } from '../model/dataset-import.js';
import type { TrainingDataset } from '../model/dataset.js';
import { findTaughtDataset } from './taught-dataset.js';

/** What teachers see of the zips of folders that were uploaded for datasets of their courses. */
export class ListImports {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly datasets: DatasetRepository,
    private readonly imports: DatasetImportRepository,
  ) {}

  async one(actor: Actor, id: string): Promise<DatasetImport | Failure> {
    const { datasets, access } = this;
    return this.unitOfWork.read(actor, async () => {
      const found = await this.imports.findImport(id);
      const dataset = found && (await findTaughtDataset({ datasets, access }, actor, found.datasetId));
      return found === null || isFailure(dataset) ? fail('NOT_FOUND', 'There is no such import for you.') : found;
    });
  }

  /** Pages of the imports of datasets that were read before, newest first. */
  async importsOf(
    actor: Actor,
    datasets: readonly TrainingDataset[],
    page: PageRequest<TimeKey>,
  ): Promise<ReadonlyMap<TrainingDataset, Page<DatasetImport>>> {
    const ids = datasets.map(({ id }) => id);
    const found = await this.unitOfWork.read(actor, () => this.imports.listImports(ids, page));
    return new Map(datasets.map((dataset) => [dataset, found.get(dataset.id) ?? { items: [], hasMore: false }]));
  }
}
